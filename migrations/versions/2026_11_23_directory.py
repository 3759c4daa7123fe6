"""the directory: its records, and what readers are given of them

Revision: 2c4e1a7b9d18, after 2c4e1a7b9d17
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "2c4e1a7b9d18"
down_revision = "2c4e1a7b9d17"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "directory_record",
        sa.Column("kind", sa.String(24), nullable=False),
        sa.Column("id", sa.String(36), nullable=False),
        sa.Column("data", sa.Text(), nullable=False),
        sa.Column("parent_id", sa.String(36), nullable=True),
        sa.Column("withheld", sa.Boolean(), server_default="0", nullable=False),
        sa.Column("state", sa.String(6), server_default="public", nullable=False),
        sa.Column("source", sa.String(80), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("state IN ('public','draft','hidden')", name=op.f("ck_directory_record_state")),
        sa.PrimaryKeyConstraint("kind", "id", name=op.f("pk_directory_record")),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_directory_record_id", "directory_record", ["id"])
    op.create_table(
        "directory_link",
        sa.Column("parent_id", sa.String(36), nullable=False),
        sa.Column("parent_kind", sa.String(24), nullable=False),
        sa.Column("slot", sa.String(24), nullable=False),
        sa.Column("child_id", sa.String(36), nullable=False),
        sa.Column("child_kind", sa.String(24), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint(
            "parent_id", "parent_kind", "slot", "child_id", "child_kind", name=op.f("pk_directory_link")
        ),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_directory_link_child_id", "directory_link", ["child_id"])
    op.create_table(
        "directory_stale",
        sa.Column("kind", sa.String(24), nullable=False),
        sa.Column("id", sa.String(36), nullable=False),
        sa.PrimaryKeyConstraint("kind", "id", name=op.f("pk_directory_stale")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "directory_document",
        sa.Column("kind", sa.String(24), nullable=False),
        sa.Column("id", sa.String(36), nullable=False),
        sa.Column("state", sa.String(6), nullable=False),
        sa.Column("organization_id", sa.String(36), nullable=True),
        sa.Column("service_id", sa.String(36), nullable=True),
        sa.Column("latitude", sa.Double(), nullable=True),
        sa.Column("longitude", sa.Double(), nullable=True),
        sa.Column("postal_code", sa.String(12), nullable=True),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("listed", sa.Text(), nullable=False),
        sa.Column("whole", sa.LargeBinary(), nullable=True),
        sa.Column("digest", sa.String(32), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("state IN ('public','draft','hidden')", name=op.f("ck_directory_document_state")),
        sa.PrimaryKeyConstraint("kind", "id", name=op.f("pk_directory_document")),
    )
    op.create_index("ix_directory_document_list", "directory_document", ["kind", "state", "id"])
    op.create_index("ix_directory_document_organization_id", "directory_document", ["organization_id"])
    op.create_index("ix_directory_document_service_id", "directory_document", ["service_id"])
    op.create_table(
        "directory_document_term",
        sa.Column("service_id", sa.String(36), nullable=False),
        sa.Column("term_id", sa.String(36), nullable=False),
        sa.Column("taxonomy_id", sa.String(36), nullable=True),
        sa.PrimaryKeyConstraint("service_id", "term_id", name=op.f("pk_directory_document_term")),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_directory_document_term_term_id", "directory_document_term", ["term_id"])
    op.create_index("ix_directory_document_term_taxonomy_id", "directory_document_term", ["taxonomy_id"])


def downgrade() -> None:
    for table in ("document_term", "document", "stale", "link", "record"):
        op.drop_table(f"directory_{table}")
