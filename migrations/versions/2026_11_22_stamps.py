"""numbers of what pages are made of

Revision: 2c4e1a7b9d14, after 2c4e1a7b9d12
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "2c4e1a7b9d14"
down_revision = "2c4e1a7b9d12"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the numbers; the triggers that raise them are made after each change of tables."""
    op.create_table(
        "stamp",
        sa.Column("place", sa.String(40), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("place", name=op.f("pk_stamp")),
    )
