"""what the patient-privacy guard keeps: declarations without the value, cases in bands

Revision: 2c4e1a7b9d05, after 2c4e1a7b9d04
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "2c4e1a7b9d05"
down_revision = "2c4e1a7b9d04"
branch_labels = None
depends_on = None

_KIND = "kind IN ('question','discussion','announcement','case')"


def upgrade() -> None:
    """Add the tables of this part, and a kind of topic."""
    op.create_table(
        "declaration",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("persona_id", sa.String(length=22), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("place", sa.String(length=20), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(
            ["persona_id"], ["persona.id"], name=op.f("fk_declaration_persona_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_declaration")),
    )
    with op.batch_alter_table("declaration", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_declaration_persona_id"), ["persona_id"], unique=False)
    op.create_table(
        "topic_case",
        sa.Column("topic_id", sa.Integer(), nullable=False),
        sa.Column("age", sa.String(length=8), nullable=False),
        sa.Column("province", sa.String(length=2), nullable=False),
        sa.Column("setting", sa.String(length=16), nullable=False),
        sa.Column("substances", sa.String(length=200), nullable=False),
        sa.Column("tried", sa.String(length=300), nullable=False),
        sa.Column("asks", sa.String(length=16), nullable=False),
        sa.ForeignKeyConstraint(
            ["topic_id"], ["topic.id"], name=op.f("fk_topic_case_topic_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("topic_id", name=op.f("pk_topic_case")),
    )
    _widen_kinds()


def _widen_kinds() -> None:
    if op.get_bind().dialect.name != "sqlite":
        op.drop_constraint(op.f("ck_topic_kind"), "topic", type_="check")
        op.create_check_constraint(op.f("ck_topic_kind"), "topic", _KIND)
        return
    # SQLite makes the table anew; its checks are not read from the old one and stand here.
    checks = (
        sa.CheckConstraint(_KIND, name=op.f("ck_topic_kind")),
        sa.CheckConstraint("level IN ('','patient','person','provider','system')", name=op.f("ck_topic_level")),
        sa.CheckConstraint("state IN ('open','closed','withdrawn','hidden')", name=op.f("ck_topic_state")),
    )
    with op.batch_alter_table("topic", schema=None, recreate="always", table_args=checks):
        pass
