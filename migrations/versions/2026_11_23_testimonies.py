"""what testimonies need

Revision: 2c4e1a7b9d16, after 2c4e1a7b9d15
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "2c4e1a7b9d16"
down_revision = "2c4e1a7b9d15"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add testimonies, which point at nobody, and how those of a year ended."""
    op.create_table(
        "testimony",
        sa.Column("key", sa.String(length=22), nullable=False),
        sa.Column("sealed", sa.String(length=200), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("html", sa.Text(), nullable=False),
        sa.Column("lang", sa.String(length=2), nullable=False),
        sa.Column("note", sa.String(length=120), nullable=False),
        sa.Column("audience", sa.String(length=8), nullable=False),
        sa.Column("state", sa.String(length=9), nullable=False),
        sa.Column("first", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("written_on", sa.Date(), nullable=True),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("month", sa.String(length=7), nullable=False),
        sa.CheckConstraint("audience IN ('lived','member','everyone')", name=op.f("ck_testimony_audience")),
        sa.CheckConstraint(
            "state IN ('waiting','accepted','shown','hidden','withdrawn')", name=op.f("ck_testimony_state")
        ),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_testimony")),
        sqlite_with_rowid=False,
    )
    with op.batch_alter_table("testimony", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_testimony_state"), ["state"], unique=False)
    op.create_table(
        "testimony_count",
        sa.Column("year", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("outcome", sa.String(length=24), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("year", "outcome", name=op.f("pk_testimony_count")),
    )
