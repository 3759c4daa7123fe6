"""PostgreSQL narrows and orders the directory's list in its index alone

Revision: 3d5f2b8c0e34, after 3d5f2b8c0e33
"""

from __future__ import annotations

from alembic import op

revision = "3d5f2b8c0e34"
down_revision = "3d5f2b8c0e33"
branch_labels = None
depends_on = None

NAME, TABLE = "ix_directory_listing_find", "directory_listing"
FIND = ["region", "marks", "minimum_age", "maximum_age", "confirmed_on", "open_from", "open_until"]
FIND += ["latitude", "longitude"]


def upgrade() -> None:
    """Have the index hold the row's number, as SQLite's does by itself: a list orders by it."""
    _made_anew(include=["id"])


def downgrade() -> None:
    """Leave it out again."""
    _made_anew(include=None)


def _made_anew(include: list[str] | None) -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.drop_index(NAME, TABLE, if_exists=True)
        op.create_index(NAME, TABLE, FIND, postgresql_include=include)
