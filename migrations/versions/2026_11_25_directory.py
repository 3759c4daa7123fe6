"""what files last said of values that people changed, whom a review was told of, rates by profession

Revision: 3d5f2b8c0e23, after 2c4e1a7b9d1f
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "3d5f2b8c0e23"
down_revision = "2c4e1a7b9d1f"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "directory_file_value",
        sa.Column("id", sa.String(36), nullable=False),
        sa.Column("kind", sa.String(24), nullable=False),
        sa.Column("name", sa.String(80), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", "kind", "name", name=op.f("pk_directory_file_value")),
        sqlite_with_rowid=False,
    )
    for table in ("directory_group", "directory_organization_link"):
        op.add_column(table, sa.Column("reminded_for", sa.Date(), nullable=True))
    _origins("origin IN ('correction','second','import')")
    _kinds("kind IN ('all','region','need','profession','service')", sa.String(8), sa.String(10))


def _origins(allowed: str) -> None:
    options = {"sqlite_with_rowid": False}
    with op.batch_alter_table("directory_correction", table_kwargs=options) as table:
        table.drop_constraint(op.f("ck_directory_correction_origin"), type_="check")
        table.create_check_constraint(op.f("ck_directory_correction_origin"), allowed)


def _kinds(allowed: str, before: sa.String, after: sa.String) -> None:
    with op.batch_alter_table("referral_rate") as table:
        table.drop_constraint(op.f("ck_referral_rate_kind"), type_="check")
        table.alter_column("kind", existing_type=before, type_=after, existing_nullable=False)
        table.create_check_constraint(op.f("ck_referral_rate_kind"), allowed)


def downgrade() -> None:
    op.execute("DELETE FROM referral_rate WHERE kind = 'profession'")
    op.execute("DELETE FROM directory_correction WHERE origin = 'import'")
    _kinds("kind IN ('all','region','need','service')", sa.String(10), sa.String(8))
    _origins("origin IN ('correction','second')")
    for table in ("directory_group", "directory_organization_link"):
        op.drop_column(table, "reminded_for")
    op.drop_table("directory_file_value")
