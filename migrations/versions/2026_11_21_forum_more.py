"""what the forum keeps besides

Revision: 2c4e1a7b9d03, after 2c4e1a7b9d02
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "2c4e1a7b9d03"
down_revision = "2c4e1a7b9d02"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the content notes that stay open for a reader, and the title of earlier versions; let the
    topics written in last be found without sorting all of them."""
    op.create_table(
        "open_note",
        sa.Column("persona_id", sa.String(22), nullable=False),
        sa.Column("note", sa.String(20), nullable=False),
        sa.ForeignKeyConstraint(
            ["persona_id"], ["persona.id"], name=op.f("fk_open_note_persona_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("persona_id", "note", name=op.f("pk_open_note")),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_topic_last", "topic", ["last_post_at", "id"])
    op.add_column("revision", sa.Column("title", sa.String(300), nullable=True))


def downgrade() -> None:
    """Take them away again."""
    op.drop_column("revision", "title")
    op.drop_index("ix_topic_last", "topic")
    op.drop_table("open_note")
