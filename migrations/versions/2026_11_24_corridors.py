"""What organizations arranged: corridors, access mechanisms, liaison contacts, expert support

Revision: 2c4e1a7b9d1c, after 2c4e1a7b9d1b
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "2c4e1a7b9d1c"
down_revision = "2c4e1a7b9d1b"
branch_labels = None
depends_on = None

_ACTS = "act IN ('arranged','changed','proposed','agreed','refused','confirmed','ended')"


def upgrade() -> None:
    """Add them, the regions and services they are found by, and their history."""
    op.create_table(
        "directory_arrangement",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=22), nullable=False),
        sa.Column("kind", sa.String(length=9), nullable=False),
        sa.Column("state", sa.String(length=8), nullable=False),
        sa.Column("organization_id", sa.String(length=36), nullable=False),
        sa.Column("service_id", sa.String(length=36), nullable=True),
        sa.Column("from_organization_id", sa.String(length=36), nullable=True),
        sa.Column("from_service_id", sa.String(length=36), nullable=True),
        sa.Column("terms", sa.JSON(), nullable=False),
        sa.Column("public", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=True),
        sa.Column("signed_until", sa.Date(), nullable=True),
        sa.Column("confirmed_on", sa.Date(), nullable=False),
        sa.Column("review_on", sa.Date(), nullable=False),
        sa.Column("reminded_on", sa.Date(), nullable=True),
        sa.Column("waits_for", sa.String(length=12), server_default="", nullable=False),
        sa.Column("proposed", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("proposed_by", sa.String(length=22), nullable=True),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.CheckConstraint(
            "kind IN ('corridor','mechanism','liaison','support')",
            name=op.f("ck_directory_arrangement_kind"),
        ),
        sa.CheckConstraint(
            "state IN ('draft','in_force','ended')", name=op.f("ck_directory_arrangement_state")
        ),
        sa.CheckConstraint(
            "(kind = 'corridor') = (from_organization_id IS NOT NULL)",
            name=op.f("ck_directory_arrangement_from"),
        ),
        sa.ForeignKeyConstraint(
            ["proposed_by"],
            ["persona.id"],
            name=op.f("fk_directory_arrangement_proposed_by"),
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_directory_arrangement")),
        sa.UniqueConstraint("key", name=op.f("uq_directory_arrangement_key")),
    )
    for name, columns in (
        ("list", ["kind", "state", "id"]),
        ("organization_id", ["organization_id"]),
        ("from_organization_id", ["from_organization_id"]),
        ("review_on", ["review_on"]),
        ("proposed_by", ["proposed_by"]),
    ):
        op.create_index(op.f(f"ix_directory_arrangement_{name}"), "directory_arrangement", columns)
    _beside("region", sa.String(length=8))
    _beside("service_id", sa.String(length=36))
    _history()


def _beside(found_by: str, kind: sa.types.TypeEngine[str]) -> None:
    """A table of what arrangements are found by."""
    table = f"directory_arrangement_{found_by.removesuffix('_id')}"
    op.create_table(
        table,
        sa.Column(found_by, kind, nullable=False),
        sa.Column("arrangement_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["arrangement_id"],
            ["directory_arrangement.id"],
            name=op.f(f"fk_{table}_arrangement_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint(found_by, "arrangement_id", name=op.f(f"pk_{table}")),
    )
    op.create_index(op.f(f"ix_{table}_arrangement_id"), table, ["arrangement_id"])


def _history() -> None:
    op.create_table(
        "directory_arrangement_change",
        sa.Column("arrangement_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("done_on", sa.Date(), nullable=False),
        sa.Column("writer", sa.String(length=11), nullable=False),
        sa.Column("act", sa.String(length=9), nullable=False),
        sa.Column("before", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("after", sa.JSON(none_as_null=True), nullable=True),
        sa.CheckConstraint(_ACTS, name=op.f("ck_directory_arrangement_change_act")),
        sa.CheckConstraint(
            "writer IN ('keeper','coordinator','operator')",
            name=op.f("ck_directory_arrangement_change_writer"),
        ),
        sa.ForeignKeyConstraint(
            ["arrangement_id"],
            ["directory_arrangement.id"],
            name=op.f("fk_directory_arrangement_change_arrangement_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("arrangement_id", "number", name=op.f("pk_directory_arrangement_change")),
    )
