"""who keeps the records of an organization, what is to be mended in them, what people report of services

Revision: 2c4e1a7b9d1b, after 2c4e1a7b9d1a
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "2c4e1a7b9d1b"
down_revision = "2c4e1a7b9d1a"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _keepers()
    _corrections()
    op.create_table(
        "directory_report_count",
        sa.Column("service_id", sa.String(36), nullable=False),
        sa.Column("month", sa.Date(), nullable=False),
        sa.Column("what", sa.String(8), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "what IN ('refused','waiting','helpful','changed')", name=op.f("ck_directory_report_count_what")
        ),
        sa.PrimaryKeyConstraint("service_id", "month", "what", name=op.f("pk_directory_report_count")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "directory_reminder",
        sa.Column("organization_id", sa.String(36), nullable=False),
        sa.Column("month", sa.Date(), nullable=False),
        sa.PrimaryKeyConstraint("organization_id", "month", name=op.f("pk_directory_reminder")),
        sqlite_with_rowid=False,
    )


def _keepers() -> None:
    op.create_table(
        "directory_keeper",
        sa.Column("organization_id", sa.String(36), nullable=False),
        sa.Column("persona_id", sa.String(22), nullable=False),
        sa.Column("credential_id", sa.String(22), nullable=False),
        sa.Column("since", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(
            ["persona_id"], ["persona.id"], name=op.f("fk_directory_keeper_persona_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["credential_id"],
            ["credential.id"],
            name=op.f("fk_directory_keeper_credential_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("organization_id", "persona_id", name=op.f("pk_directory_keeper")),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_directory_keeper_persona_id", "directory_keeper", ["persona_id"])
    op.create_index("ix_directory_keeper_credential_id", "directory_keeper", ["credential_id"])


def _corrections() -> None:
    op.create_table(
        "directory_correction",
        sa.Column("key", sa.String(22), nullable=False),
        sa.Column("organization_id", sa.String(36), nullable=False),
        sa.Column("service_id", sa.String(36), nullable=False),
        sa.Column("origin", sa.String(10), nullable=False),
        sa.Column("what", sa.String(12), nullable=False),
        sa.Column("said", sa.Text(), nullable=False),
        sa.Column("times", sa.Integer(), nullable=False),
        sa.Column("suggested_by", sa.String(22), nullable=True),
        sa.Column("suggested_on", sa.Date(), nullable=False),
        sa.Column("state", sa.String(8), nullable=False),
        sa.Column("because", sa.String(12), nullable=False),
        sa.Column("taken", sa.Text(), nullable=False),
        sa.Column("decided_on", sa.Date(), nullable=True),
        sa.CheckConstraint("origin IN ('correction','second')", name=op.f("ck_directory_correction_origin")),
        sa.CheckConstraint(
            "state IN ('waiting','accepted','refused')", name=op.f("ck_directory_correction_state")
        ),
        sa.ForeignKeyConstraint(
            ["suggested_by"],
            ["persona.id"],
            name=op.f("fk_directory_correction_suggested_by"),
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_directory_correction")),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_directory_correction_waits", "directory_correction", ["state", "organization_id"])
    op.create_index("ix_directory_correction_service_id", "directory_correction", ["service_id", "state"])
    op.create_index("ix_directory_correction_suggested_by", "directory_correction", ["suggested_by"])


def downgrade() -> None:
    for table in ("reminder", "report_count", "correction", "keeper"):
        op.drop_table(f"directory_{table}")
