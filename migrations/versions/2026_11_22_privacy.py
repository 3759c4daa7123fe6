"""the privacy centre

Revision: 2c4e1a7b9d12, after 2c4e1a7b9d11
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "2c4e1a7b9d12"
down_revision = "2c4e1a7b9d11"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add archives that wait to be fetched, names that will be let go of, and the two registers."""
    op.create_table(
        "persona_archive",
        sa.Column("persona_id", sa.String(length=22), nullable=False),
        sa.Column("file", sa.String(length=40), nullable=True),
        sa.Column("until", sa.LargeBinary(length=80), nullable=False),
        sa.ForeignKeyConstraint(
            ["persona_id"], ["persona.id"], name=op.f("fk_persona_archive_persona_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("persona_id", name=op.f("pk_persona_archive")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "leaving",
        sa.Column("persona_id", sa.String(length=22), nullable=False),
        sa.Column("choice", sa.String(length=7), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.CheckConstraint("choice IN ('former','neutral','removed')", name=op.f("ck_leaving_choice")),
        sa.ForeignKeyConstraint(
            ["persona_id"], ["persona.id"], name=op.f("fk_leaving_persona_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("persona_id", name=op.f("pk_leaving")),
        sqlite_with_rowid=False,
    )
    with op.batch_alter_table("leaving", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_leaving_due_on"), ["due_on"], unique=False)
    op.create_table(
        "privacy_record",
        sa.Column("key", sa.String(length=22), nullable=False),
        sa.Column("version", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("register", sa.String(length=14), nullable=False),
        sa.Column("points", sa.JSON(), nullable=False),
        sa.Column("known_on", sa.Date(), nullable=False),
        sa.Column("written_on", sa.Date(), nullable=False),
        sa.Column("by_persona", sa.String(length=22), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.CheckConstraint(
            "register IN ('incidents','anonymisations')", name=op.f("ck_privacy_record_register")
        ),
        sa.PrimaryKeyConstraint("key", "version", name=op.f("pk_privacy_record")),
    )


def downgrade() -> None:
    """Take them away again."""
    for table in ("privacy_record", "leaving", "persona_archive"):
        op.drop_table(table)
