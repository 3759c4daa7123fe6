"""what lists of services need

Revision: 2c4e1a7b9d19, after 2c4e1a7b9d18
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "2c4e1a7b9d19"
down_revision = "2c4e1a7b9d18"
branch_labels = None
depends_on = None

TABLE = "directory_listing"
FIND = (
    "region",
    "marks",
    "minimum_age",
    "maximum_age",
    "confirmed_on",
    "open_from",
    "open_until",
    "latitude",
    "longitude",
)


def upgrade() -> None:
    op.create_table(
        TABLE,
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("service_id", sa.String(36), nullable=False),
        sa.Column("place_id", sa.String(36), nullable=False),
        sa.Column("region", sa.String(8), nullable=False),
        sa.Column("marks", sa.BigInteger(), nullable=False),
        sa.Column("minimum_age", sa.Double(), nullable=True),
        sa.Column("maximum_age", sa.Double(), nullable=True),
        sa.Column("confirmed_on", sa.Date(), nullable=True),
        sa.Column("open_from", sa.DateTime(timezone=True), nullable=True),
        sa.Column("open_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("latitude", sa.Double(), nullable=True),
        sa.Column("longitude", sa.Double(), nullable=True),
        sa.Column("wait_days", sa.Integer(), nullable=True),
        sa.Column("zone", sa.String(40), nullable=False),
        sa.Column("schedules", sa.Text(), nullable=False),
        sa.Column("card", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_directory_listing")),
    )
    op.create_index("ix_directory_listing_find", TABLE, list(FIND))
    op.create_index("ix_directory_listing_service_id", TABLE, ["service_id"])
    op.create_index("ix_directory_listing_open_until", TABLE, ["open_until"])


def downgrade() -> None:
    op.drop_table(TABLE)
