"""what waits for a moderator, acts with their reasons, appeals, hours of watch

Revision: 2c4e1a7b9d06, after 2c4e1a7b9d05
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "2c4e1a7b9d06"
down_revision = "2c4e1a7b9d05"
branch_labels = None
depends_on = None

_MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Add the tables and columns of this part."""
    for table in ("post", "topic"):
        with op.batch_alter_table(table, schema=None) as batch_op:
            batch_op.add_column(sa.Column("held", sa.Boolean(), server_default=sa.false(), nullable=False))
    op.create_table(
        "matter",
        sa.Column("key", sa.String(length=22), nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("thing", sa.String(length=22), nullable=False),
        sa.Column("topic", sa.String(length=22), nullable=False),
        sa.Column("space_id", sa.Integer(), nullable=True),
        sa.Column("author_id", sa.String(length=22), nullable=True),
        sa.Column("reason", sa.String(length=12), nullable=False),
        sa.Column("rank", sa.Integer(), nullable=False),
        sa.Column("origin", sa.String(length=6), nullable=False),
        sa.Column("reports", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=4), nullable=False),
        sa.Column("opened_at", _MOMENT, nullable=False),
        sa.Column("looked_at", _MOMENT, nullable=True),
        sa.Column("done_at", _MOMENT, nullable=True),
        sa.Column("evidence", sa.Text(), nullable=False),
        sa.CheckConstraint("state IN ('open','done')", name=op.f("ck_matter_state")),
        sa.CheckConstraint(
            "origin IN ('report','held','words','pace','own')", name=op.f("ck_matter_origin")
        ),
        sa.ForeignKeyConstraint(
            ["author_id"], ["persona.id"], name=op.f("fk_matter_author_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["space_id"], ["space.id"], name=op.f("fk_matter_space_id"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_matter")),
        sqlite_with_rowid=False,
    )
    with op.batch_alter_table("matter", schema=None) as batch_op:
        batch_op.create_index("ix_matter_queue", ["state", "rank", "opened_at"], unique=False)
        batch_op.create_index("ix_matter_thing", ["kind", "thing"], unique=False)
    op.create_table(
        "complaint",
        sa.Column("matter_key", sa.String(length=22), nullable=False),
        sa.Column("reporter_id", sa.String(length=22), nullable=False),
        sa.Column("reason", sa.String(length=12), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("at", _MOMENT, nullable=False),
        sa.ForeignKeyConstraint(
            ["matter_key"], ["matter.key"], name=op.f("fk_complaint_matter_key"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["reporter_id"], ["persona.id"], name=op.f("fk_complaint_reporter_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("matter_key", "reporter_id", name=op.f("pk_complaint")),
        sqlite_with_rowid=False,
    )
    with op.batch_alter_table("complaint", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_complaint_reporter_id"), ["reporter_id"], unique=False)
    op.create_table(
        "moderation_act",
        sa.Column("key", sa.String(length=22), nullable=False),
        sa.Column("matter_key", sa.String(length=22), nullable=False),
        sa.Column("act", sa.String(length=8), nullable=False),
        sa.Column("reason", sa.String(length=12), nullable=False),
        sa.Column("said_en", sa.Text(), nullable=False),
        sa.Column("said_fr", sa.Text(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("by_id", sa.String(length=22), nullable=True),
        sa.Column("persona_id", sa.String(length=22), nullable=True),
        sa.Column("topic", sa.String(length=22), nullable=False),
        sa.Column("amount", sa.Integer(), nullable=False),
        sa.Column("until", _MOMENT, nullable=True),
        sa.Column("before", sa.JSON(), nullable=False),
        sa.Column("at", _MOMENT, nullable=False),
        sa.Column("undone_at", _MOMENT, nullable=True),
        sa.Column("undone_by", sa.String(length=22), nullable=True),
        sa.CheckConstraint(
            "act IN ('hide','restore','edit','move','split','merge','lock','slow',"
            "'warn','silence','suspend','nothing')",
            name=op.f("ck_moderation_act_act"),
        ),
        sa.ForeignKeyConstraint(
            ["by_id"], ["persona.id"], name=op.f("fk_moderation_act_by_id"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["matter_key"], ["matter.key"], name=op.f("fk_moderation_act_matter_key"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["persona_id"], ["persona.id"], name=op.f("fk_moderation_act_persona_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["undone_by"], ["persona.id"], name=op.f("fk_moderation_act_undone_by"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_moderation_act")),
        sqlite_with_rowid=False,
    )
    with op.batch_alter_table("moderation_act", schema=None) as batch_op:
        batch_op.create_index("ix_moderation_act_limit", ["persona_id", "act", "until"], unique=False)
        batch_op.create_index(batch_op.f("ix_moderation_act_matter_key"), ["matter_key"], unique=False)
        batch_op.create_index("ix_moderation_act_topic", ["topic", "act"], unique=False)
    op.create_table(
        "appeal",
        sa.Column("act_key", sa.String(length=22), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("at", _MOMENT, nullable=False),
        sa.Column("state", sa.String(length=7), nullable=False),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("judged_by", sa.String(length=22), nullable=True),
        sa.Column("judged_at", _MOMENT, nullable=True),
        sa.CheckConstraint("state IN ('open','upheld','refused')", name=op.f("ck_appeal_state")),
        sa.ForeignKeyConstraint(
            ["act_key"], ["moderation_act.key"], name=op.f("fk_appeal_act_key"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["judged_by"], ["persona.id"], name=op.f("fk_appeal_judged_by"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("act_key", name=op.f("pk_appeal")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "reason_text",
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("reason", sa.String(length=12), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("words_en", sa.Text(), nullable=False),
        sa.Column("words_fr", sa.Text(), nullable=False),
        sa.Column("retired", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_reason_text")),
    )
    op.create_table(
        "watch",
        sa.Column("persona_id", sa.String(length=22), nullable=False),
        sa.Column("weekday", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("from_hour", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("until_hour", sa.Integer(), nullable=False),
        sa.CheckConstraint("weekday BETWEEN 0 AND 6", name=op.f("ck_watch_weekday")),
        sa.CheckConstraint(
            "from_hour BETWEEN 0 AND 23 AND until_hour BETWEEN 1 AND 24", name=op.f("ck_watch_hours")
        ),
        sa.ForeignKeyConstraint(
            ["persona_id"], ["persona.id"], name=op.f("fk_watch_persona_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("persona_id", "weekday", "from_hour", name=op.f("pk_watch")),
        sqlite_with_rowid=False,
    )


def downgrade() -> None:
    """Take them away again."""
    for table in ("watch", "reason_text", "appeal", "moderation_act", "complaint", "matter"):
        op.drop_table(table)
    for table in ("topic", "post"):
        with op.batch_alter_table(table, schema=None) as batch_op:
            batch_op.drop_column("held")
