"""private conversations, blocks and mutes

Revision: 2c4e1a7b9d11, after 2c4e1a7b9d10
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "2c4e1a7b9d11"
down_revision = "2c4e1a7b9d10"
branch_labels = None
depends_on = None


def _persona(table: str, column: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        [column], ["persona.id"], name=op.f(f"fk_{table}_{column}"), ondelete="CASCADE"
    )


def _conversation(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["conversation_key"],
        ["conversation.key"],
        name=op.f(f"fk_{table}_conversation_key"),
        ondelete="CASCADE",
    )


def _key(name: str, *, nullable: bool = False) -> sa.Column:
    return sa.Column(name, sa.String(length=22), nullable=nullable)


def upgrade() -> None:
    """Add the tables of this part."""
    op.create_table(
        "distance",
        _key("key"),
        _key("persona_id"),
        _key("other_id"),
        sa.Column("kind", sa.String(length=5), nullable=False),
        sa.CheckConstraint("kind IN ('block','mute')", name=op.f("ck_distance_kind")),
        sa.CheckConstraint("persona_id <> other_id", name=op.f("ck_distance_other")),
        _persona("distance", "persona_id"),
        _persona("distance", "other_id"),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_distance")),
        sa.UniqueConstraint("persona_id", "other_id", name=op.f("uq_distance_persona_id_other_id")),
        sqlite_with_rowid=False,
    )
    op.create_index(op.f("ix_distance_other_id"), "distance", ["other_id"])
    op.create_table(
        "conversation",
        _key("key"),
        _key("started_by"),
        sa.Column("started_on", sa.Date(), nullable=False),
        sa.Column("subject", sa.LargeBinary(), nullable=True),
        sa.Column("last_number", sa.Integer(), nullable=False),
        sa.Column("last_at", sa.DateTime(timezone=True), nullable=False),
        _persona("conversation", "started_by"),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_conversation")),
        sqlite_with_rowid=False,
    )
    op.create_index(op.f("ix_conversation_started_by"), "conversation", ["started_by"])
    op.create_table(
        "conversation_member",
        _key("conversation_key"),
        _key("persona_id"),
        sa.Column("read_number", sa.Integer(), nullable=False),
        sa.Column("muted", sa.Boolean(), nullable=False, server_default=sa.false()),
        sa.Column("left_number", sa.Integer(), nullable=True),
        sa.Column("left_on", sa.Date(), nullable=True),
        _conversation("conversation_member"),
        _persona("conversation_member", "persona_id"),
        sa.PrimaryKeyConstraint("conversation_key", "persona_id", name=op.f("pk_conversation_member")),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_conversation_member_persona_id", "conversation_member", ["persona_id"])
    op.create_table(
        "message",
        _key("key"),
        _key("conversation_key"),
        sa.Column("number", sa.Integer(), nullable=False),
        _key("author_id"),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("lang", sa.String(length=2), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state", sa.String(length=6), nullable=False),
        sa.CheckConstraint("state IN ('shown','hidden')", name=op.f("ck_message_state")),
        _conversation("message"),
        _persona("message", "author_id"),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_message")),
        sa.UniqueConstraint("conversation_key", "number", name=op.f("uq_message_conversation_key_number")),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_message_author_id", "message", ["author_id"])
    op.create_table(
        "reach",
        _key("persona_id"),
        sa.Column("who", sa.String(length=12), nullable=False),
        sa.CheckConstraint("who IN ('professional','shared','anybody')", name=op.f("ck_reach_who")),
        _persona("reach", "persona_id"),
        sa.PrimaryKeyConstraint("persona_id", name=op.f("pk_reach")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "contact_attempt",
        _key("persona_id"),
        sa.Column("on_day", sa.Date(), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        _persona("contact_attempt", "persona_id"),
        sa.PrimaryKeyConstraint("persona_id", name=op.f("pk_contact_attempt")),
        sqlite_with_rowid=False,
    )


def downgrade() -> None:
    """Take them away again."""
    for table in (
        "contact_attempt",
        "reach",
        "message",
        "conversation_member",
        "conversation",
        "distance",
    ):
        op.drop_table(table)
