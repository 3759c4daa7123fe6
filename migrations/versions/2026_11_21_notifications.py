"""what a name is told, how, and what was told

Revision: 2c4e1a7b9d02, after 2c4e1a7b9d01
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "2c4e1a7b9d02"
down_revision = "2c4e1a7b9d01"
branch_labels = None
depends_on = None


def _persona(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["persona_id"], ["persona.id"], name=op.f(f"fk_{table}_persona_id"), ondelete="CASCADE"
    )


def upgrade() -> None:
    """Add the tables and columns of this part. Run again after a kill, it goes on where it was."""
    there = set(sa.inspect(op.get_bind()).get_table_names())
    if "notice" not in there:
        _notice()
    if "letter" not in there:
        _letter()
    if "mail_choice" not in there:
        _choices()
    if "mail_setting" not in there:
        _settings()
    if "ix_follow_target" not in {row["name"] for row in sa.inspect(op.get_bind()).get_indexes("follow")}:
        op.create_index("ix_follow_target", "follow", ["target", "level", "persona_id"], unique=False)


def _notice() -> None:
    op.create_table(
        "notice",
        sa.Column("id", sa.String(22), nullable=False),
        sa.Column("persona_id", sa.String(22), nullable=False),
        sa.Column("event", sa.String(120), nullable=False),
        sa.Column("kind", sa.String(10), nullable=False),
        sa.Column("topic_id", sa.Integer(), nullable=True),
        sa.Column("post_id", sa.Integer(), nullable=True),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("about", sa.String(90), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("read", sa.Boolean(), nullable=False),
        sa.Column("told", sa.String(6), nullable=False),
        _persona("notice"),
        sa.ForeignKeyConstraint(
            ["topic_id"], ["topic.id"], name=op.f("fk_notice_topic_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["post_id"], ["post.id"], name=op.f("fk_notice_post_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notice")),
        sa.UniqueConstraint("persona_id", "event", name=op.f("uq_notice_persona_id_event")),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_notice_persona_at", "notice", ["persona_id", "at", "id"], unique=False)
    op.create_index("ix_notice_unread", "notice", ["persona_id", "read"], unique=False)


def _letter() -> None:
    op.create_table(
        "letter",
        sa.Column("id", sa.String(22), nullable=False),
        sa.Column("persona_id", sa.String(22), nullable=False),
        sa.Column("event", sa.String(120), nullable=False),
        sa.Column("notice_id", sa.String(22), nullable=True),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state", sa.String(8), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("turn", sa.String(22), nullable=True),
        sa.Column("return_key", sa.String(26), nullable=False),
        sa.CheckConstraint("state IN ('waiting','handed','refused','dropped')", name=op.f("ck_letter_state")),
        _persona("letter"),
        sa.ForeignKeyConstraint(
            ["notice_id"], ["notice.id"], name=op.f("fk_letter_notice_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_letter")),
        sa.UniqueConstraint("persona_id", "event", name=op.f("uq_letter_persona_id_event")),
        sa.UniqueConstraint("return_key", name=op.f("uq_letter_return_key")),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_letter_due", "letter", ["state", "due_at"], unique=False)
    op.create_index(op.f("ix_letter_notice_id"), "letter", ["notice_id"], unique=False)
    op.create_index(op.f("ix_letter_turn"), "letter", ["turn"], unique=False)


def _choices() -> None:
    op.create_table(
        "mail_choice",
        sa.Column("persona_id", sa.String(22), nullable=False),
        sa.Column("kind", sa.String(10), nullable=False),
        sa.Column("space_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("level", sa.String(6), nullable=False),
        sa.CheckConstraint("level IN ('now','daily','weekly','never')", name=op.f("ck_mail_choice_level")),
        _persona("mail_choice"),
        sa.PrimaryKeyConstraint("persona_id", "kind", "space_id", name=op.f("pk_mail_choice")),
        sqlite_with_rowid=False,
    )


def _settings() -> None:
    op.create_table(
        "mail_setting",
        sa.Column("persona_id", sa.String(22), nullable=False),
        sa.Column("zone", sa.String(40), nullable=False),
        sa.Column("quiet_from", sa.Integer(), nullable=True),
        sa.Column("quiet_until", sa.Integer(), nullable=True),
        sa.Column("stopped", sa.Boolean(), nullable=False),
        sa.Column("daily_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("weekly_at", sa.DateTime(timezone=True), nullable=True),
        _persona("mail_setting"),
        sa.PrimaryKeyConstraint("persona_id", name=op.f("pk_mail_setting")),
        sqlite_with_rowid=False,
    )


def downgrade() -> None:
    """Take them away again."""
    op.drop_index("ix_follow_target", table_name="follow")
    for table in ("mail_setting", "mail_choice", "letter", "notice"):
        op.drop_table(table)
