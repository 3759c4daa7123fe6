"""what was looked for in the directory and not found, as numbers

Revision: 2c4e1a7b9d1f, after 2c4e1a7b9d1e
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "2c4e1a7b9d1f"
down_revision = "2c4e1a7b9d1e"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the counts of searches that found nothing."""
    op.create_table(
        "directory_unmet",
        sa.Column("week", sa.Date(), nullable=False),
        sa.Column("region", sa.String(length=2), nullable=False),
        sa.Column("need", sa.String(length=32), nullable=False),
        sa.Column("searches", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("week", "region", "need", name=op.f("pk_directory_unmet")),
        sqlite_with_rowid=False,
    )
