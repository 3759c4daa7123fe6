"""Groups, links and training have a history

Revision: 3d5f2b8c0e35, after 3d5f2b8c0e34
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "3d5f2b8c0e35"
down_revision = "3d5f2b8c0e34"
branch_labels = None
depends_on = None

TABLE = "directory_together_change"


def upgrade() -> None:
    """Make its table; what was done before is in the register of acts alone."""
    op.create_table(
        TABLE,
        sa.Column("kind", sa.String(8), nullable=False),
        sa.Column("key", sa.String(22), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False, autoincrement=False),
        sa.Column("done_on", sa.Date(), nullable=False),
        sa.Column("writer", sa.String(11), nullable=False),
        sa.Column("act", sa.String(20), nullable=False),
        sa.Column("before", sa.JSON(none_as_null=True)),
        sa.Column("after", sa.JSON(none_as_null=True)),
        sa.CheckConstraint("kind IN ('group','link','training')", name=op.f("ck_directory_together_change_kind")),
        sa.CheckConstraint(
            "writer IN ('keeper','coordinator','operator')", name=op.f("ck_directory_together_change_writer")
        ),
        sa.PrimaryKeyConstraint("kind", "key", "number", name=op.f("pk_directory_together_change")),
        if_not_exists=True,
    )


def downgrade() -> None:
    """Take it away."""
    op.drop_table(TABLE)
