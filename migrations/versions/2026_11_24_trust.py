"""How long an account may lie idle; testimonies that sound like dealing.

Revision: 2c4e1a7b9d1a, after 2c4e1a7b9d19
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "2c4e1a7b9d1a"
down_revision = "2c4e1a7b9d19"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Nothing was chosen yet; what waits was looked at as it is."""
    with op.batch_alter_table("member") as member:
        member.add_column(sa.Column("idle_minutes", sa.Integer(), nullable=True))
    with op.batch_alter_table("testimony") as testimony:
        testimony.add_column(sa.Column("dealing", sa.Boolean(), server_default=sa.false(), nullable=False))
