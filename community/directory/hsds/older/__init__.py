"""Sets of tables from before HSDS 2: HSDS 1.1 packages, and the tables of Ohana. Pure.

Ids that are no UUIDs become some, made of the source, the table and the old id, so that a second reading
finds the same. What such sets lack and HSDS 3.0 asks for is left empty and reported, never invented.

``sets`` reads them, ``cells`` says what a cell becomes, ``splits`` what of one row becomes several.
"""

from community.directory.hsds.older.sets import Set, is_older

__all__ = ["Set", "is_older"]
