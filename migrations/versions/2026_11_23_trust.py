"""What a case said before, and the register of requests with a day by which they are answered

Revision: 2c4e1a7b9d17, after 2c4e1a7b9d16
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "2c4e1a7b9d17"
down_revision = "2c4e1a7b9d16"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add them."""
    with op.batch_alter_table("revision") as table:
        table.add_column(sa.Column("facts", sa.JSON(none_as_null=True), nullable=True))
