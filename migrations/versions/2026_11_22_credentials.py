"""how titles are verified

Revision: 2c4e1a7b9d09, after 2c4e1a7b9d08
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "2c4e1a7b9d09"
down_revision = "2c4e1a7b9d08"
branch_labels = None
depends_on = None


def _columns() -> dict[str, tuple[sa.Column[object], ...]]:
    return {
        "credential": (
            sa.Column("specialty", sa.String(30), nullable=False, server_default=""),
            sa.Column("organization", sa.String(120), nullable=False, server_default=""),
            sa.Column("claimed_at", sa.DateTime(timezone=True), nullable=True),
            sa.Column("proof", sa.String(10), nullable=False, server_default=""),
            sa.Column("proof_by", sa.LargeBinary(32), nullable=True),
            sa.Column("proved_on", sa.Date(), nullable=True),
            sa.Column("reminded", sa.Integer(), nullable=False, server_default="0"),
        ),
        "credential_decision": (
            sa.Column("because", sa.String(20), nullable=False, server_default=""),
            sa.Column("entry", sa.Integer(), nullable=True),
        ),
    }


def upgrade() -> None:
    """Add the tables and columns of this part. Run again after a kill, it goes on where it was."""
    inspector = sa.inspect(op.get_bind())
    for table, columns in _columns().items():
        there = {row["name"] for row in inspector.get_columns(table)}
        for column in columns:
            if column.name not in there:
                op.add_column(table, column)
    _fill_claimed_at()
    tables = set(inspector.get_table_names())
    for name, make in (("mailbox_code", _codes), ("vouching", _vouching), ("institution", _institutions)):
        if name not in tables:
            make()


def _fill_claimed_at() -> None:
    op.execute(
        "UPDATE credential SET claimed_at = (SELECT max(at) FROM credential_decision"
        " WHERE credential_id = credential.id AND decision = 'claimed') WHERE claimed_at IS NULL"
    )


def _of_credential(table: str, column: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        [column], ["credential.id"], name=op.f(f"fk_{table}_{column}"), ondelete="CASCADE"
    )


def _codes() -> None:
    op.create_table(
        "mailbox_code",
        sa.Column("credential_id", sa.String(22), nullable=False),
        sa.Column("code_hash", sa.LargeBinary(32), nullable=False),
        sa.Column("institution_hash", sa.LargeBinary(32), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        _of_credential("mailbox_code", "credential_id"),
        sa.PrimaryKeyConstraint("credential_id", name=op.f("pk_mailbox_code")),
        sqlite_with_rowid=False,
    )


def _vouching() -> None:
    op.create_table(
        "vouching",
        sa.Column("credential_id", sa.String(22), nullable=False),
        sa.Column("by_id", sa.String(22), nullable=False),
        _of_credential("vouching", "credential_id"),
        _of_credential("vouching", "by_id"),
        sa.PrimaryKeyConstraint("credential_id", name=op.f("pk_vouching")),
        sqlite_with_rowid=False,
    )
    op.create_index(op.f("ix_vouching_by_id"), "vouching", ["by_id"], unique=False)


def _institutions() -> None:
    op.create_table(
        "institution",
        sa.Column("value", sa.String(255), nullable=False),
        sa.Column("kind", sa.String(6), nullable=False),
        sa.Column("name", sa.String(120), nullable=False),
        sa.Column("added_on", sa.Date(), nullable=False),
        sa.CheckConstraint("kind IN ('domain','issuer')", name=op.f("ck_institution_kind")),
        sa.PrimaryKeyConstraint("value", name=op.f("pk_institution")),
    )
