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


_KIND = "kind IN ('question','discussion','announcement','case')"


def upgrade() -> None:
    """Add them, and let a topic be a case."""
    _let_cases_be()
    with op.batch_alter_table("revision") as table:
        table.add_column(sa.Column("facts", sa.JSON(none_as_null=True), nullable=True))
    op.create_table(
        "privacy_request",
        sa.Column("key", sa.String(length=22), nullable=False),
        sa.Column("kind", sa.String(length=13), nullable=False),
        sa.Column("file", sa.String(length=60), nullable=False),
        sa.Column("received_on", sa.Date(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("answer", sa.String(length=8), nullable=False),
        sa.Column("answered_on", sa.Date(), nullable=True),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("told", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("by_persona", sa.String(length=22), nullable=False),
        sa.CheckConstraint(
            "kind IN ('access','portability','rectification','dissemination','destruction')",
            name=op.f("ck_privacy_request_kind"),
        ),
        sa.CheckConstraint(
            "answer IN ('','granted','partly','refused','nothing','mistake')",
            name=op.f("ck_privacy_request_answer"),
        ),
        sa.CheckConstraint("(answer = '') = (answered_on IS NULL)", name=op.f("ck_privacy_request_answered")),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_privacy_request")),
    )


def _let_cases_be() -> None:
    """On SQLite the step that widened the kinds of topics kept the check of before."""
    with op.batch_alter_table("topic", schema=None) as table:
        table.drop_constraint(op.f("ck_topic_kind"), type_="check")
        table.create_check_constraint(op.f("ck_topic_kind"), _KIND)
