"""what no name stands under can be reported, too: its address may be longer than that of a message

Revision: 3d5f2b8c0e32, after 3d5f2b8c0e31
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "3d5f2b8c0e32"
down_revision = "3d5f2b8c0e31"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Give the address of what is reported the room of a space's."""
    _widths(before=22, after=60)


def _widths(*, before: int, after: int) -> None:
    with op.batch_alter_table("matter", table_kwargs={"sqlite_with_rowid": False}) as table:
        table.alter_column(
            "thing",
            type_=sa.String(length=after),
            existing_type=sa.String(length=before),
            existing_nullable=False,
        )


def downgrade() -> None:
    """As before; what was reported since and is called by more is forgotten."""
    op.execute("DELETE FROM matter WHERE length(thing) > 22")
    _widths(before=60, after=22)
