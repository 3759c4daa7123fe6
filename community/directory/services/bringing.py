"""Bringing the rows of a file into the directory."""

from __future__ import annotations

from collections.abc import Sequence

from community.accounts.viewer import Viewer
from community.core.access import require
from community.directory.hsds.rows import Row
from community.directory.permissions import may_keep_directory
from community.directory.services import offers, records
from community.directory.services.runs import Import


def bring(viewer: Viewer, rows: Sequence[Row], run: Import) -> None:
    """Keep some rows, in the open transaction. The second time it changes nothing.

    A row says what it says: fields it does not name stay as they were. One whose id another row of the same
    run had with other words is refused, and so is one that would be part of itself. What people changed
    since the file said so is spared, and where both changed, those who keep the records decide.
    """
    require(may_keep_directory(viewer))
    offers.make(records.write(rows, run))
