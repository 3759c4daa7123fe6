"""referrals without patients

Revision: 2c4e1a7b9d1e, after 2c4e1a7b9d1d
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "2c4e1a7b9d1e"
down_revision = "2c4e1a7b9d1d"
branch_labels = None
depends_on = None

_OUTCOMES = "outcome IN ('unknown','taken_in','waiting','refused','declined')"


def upgrade() -> None:
    """Add a name's own list of referrals, counts that are nobody's, and published figures."""
    op.create_table(
        "referral",
        sa.Column("key", sa.String(length=22), nullable=False),
        sa.Column("persona_id", sa.String(length=22), nullable=False),
        sa.Column("service_id", sa.String(length=36), nullable=False),
        sa.Column("made_on", sa.Date(), nullable=False),
        sa.Column("outcome", sa.String(length=8), nullable=False),
        sa.Column("profession", sa.String(length=24), nullable=False),
        sa.Column("asked", sa.Integer(), server_default="0", nullable=False),
        sa.CheckConstraint(_OUTCOMES, name=op.f("ck_referral_outcome")),
        sa.ForeignKeyConstraint(
            ["persona_id"], ["persona.id"], name=op.f("fk_referral_persona_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_referral")),
        sqlite_with_rowid=False,
    )
    with op.batch_alter_table("referral", schema=None) as batch_op:
        batch_op.create_index("ix_referral_persona_id", ["persona_id", "made_on"], unique=False)
        batch_op.create_index(batch_op.f("ix_referral_made_on"), ["made_on"], unique=False)
    op.create_table(
        "referral_count",
        sa.Column("service_id", sa.String(length=36), nullable=False),
        sa.Column("month", sa.Date(), nullable=False),
        sa.Column("outcome", sa.String(length=8), nullable=False),
        sa.Column("profession", sa.String(length=24), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.CheckConstraint(_OUTCOMES, name=op.f("ck_referral_count_outcome")),
        sa.CheckConstraint("count > 0", name=op.f("ck_referral_count_count")),
        sa.PrimaryKeyConstraint(
            "service_id", "month", "outcome", "profession", name=op.f("pk_referral_count")
        ),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "referral_rate",
        sa.Column("first", sa.Date(), nullable=False),
        sa.Column("kind", sa.String(length=8), nullable=False),
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("last", sa.Date(), nullable=False),
        sa.Column("referred", sa.Integer(), nullable=True),
        sa.Column("taken_in", sa.Integer(), nullable=True),
        sa.Column("waiting", sa.Integer(), nullable=True),
        sa.Column("refused", sa.Integer(), nullable=True),
        sa.Column("declined", sa.Integer(), nullable=True),
        sa.Column("unknown", sa.Integer(), nullable=True),
        sa.Column("published_on", sa.Date(), nullable=False),
        sa.CheckConstraint("kind IN ('all','region','need','service')", name=op.f("ck_referral_rate_kind")),
        sa.PrimaryKeyConstraint("first", "kind", "code", name=op.f("pk_referral_rate")),
    )
