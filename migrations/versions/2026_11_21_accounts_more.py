"""what accounts keep besides

Revision: 2c4e1a7b9d04, after 2c4e1a7b9d03
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "2c4e1a7b9d04"
down_revision = "2c4e1a7b9d03"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the codes that bring a member back without any mail."""
    op.create_table(
        "rescue_code",
        sa.Column("code_hash", sa.String(64), nullable=False),
        sa.Column("member_id", sa.String(22), nullable=False),
        sa.ForeignKeyConstraint(
            ["member_id"], ["member.id"], name=op.f("fk_rescue_code_member_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("code_hash", name=op.f("pk_rescue_code")),
        sqlite_with_rowid=False,
    )
    op.create_index(op.f("ix_rescue_code_member_id"), "rescue_code", ["member_id"])


def downgrade() -> None:
    """Take them away again."""
    op.drop_index(op.f("ix_rescue_code_member_id"), table_name="rescue_code")
    op.drop_table("rescue_code")
