"""sign-in through other providers

Revision: 2c4e1a7b9d08, after 2c4e1a7b9d07
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "2c4e1a7b9d08"
down_revision = "2c4e1a7b9d07"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add what a sign-in elsewhere is known by. Run again after a kill, it goes on where it was."""
    if "linked_sign_in" not in sa.inspect(op.get_bind()).get_table_names():
        op.create_table(
            "linked_sign_in",
            sa.Column("id", sa.String(22), nullable=False),
            sa.Column("member_id", sa.String(22), nullable=False),
            sa.Column("issuer", sa.String(255), nullable=False),
            sa.Column("subject_hash", sa.LargeBinary(32), nullable=False),
            sa.Column("linked_on", sa.Date(), nullable=False),
            sa.ForeignKeyConstraint(
                ["member_id"],
                ["member.id"],
                name=op.f("fk_linked_sign_in_member_id"),
                ondelete="CASCADE",
            ),
            sa.PrimaryKeyConstraint("id", name=op.f("pk_linked_sign_in")),
            sa.UniqueConstraint("subject_hash", name=op.f("uq_linked_sign_in_subject_hash")),
            sqlite_with_rowid=False,
        )
    indexes = {row["name"] for row in sa.inspect(op.get_bind()).get_indexes("linked_sign_in")}
    if "ix_linked_sign_in_member_id" not in indexes:
        op.create_index(op.f("ix_linked_sign_in_member_id"), "linked_sign_in", ["member_id"])


def downgrade() -> None:
    """Take it away again."""
    op.drop_table("linked_sign_in")
