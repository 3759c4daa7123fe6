"""a topic that was closed and then hidden is closed again once it is shown

Revision: 3d5f2b8c0e33, after 3d5f2b8c0e32
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "3d5f2b8c0e33"
down_revision = "3d5f2b8c0e32"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the table, with the hidden topics that a decision closed and still does."""
    if sa.inspect(op.get_bind()).has_table("topic_closed"):
        return
    op.create_table(
        "topic_closed",
        sa.Column("topic_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.ForeignKeyConstraint(
            ["topic_id"], ["topic.id"], name=op.f("fk_topic_closed_topic_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("topic_id", name=op.f("pk_topic_closed")),
        sqlite_with_rowid=False,
    )
    op.execute(
        "INSERT INTO topic_closed (topic_id) SELECT id FROM topic WHERE state = 'hidden' AND key IN "
        "(SELECT topic FROM moderation_act WHERE act = 'lock' AND undone_at IS NULL AND until IS NULL)"
    )


def downgrade() -> None:
    """Take it away."""
    op.drop_table("topic_closed")
