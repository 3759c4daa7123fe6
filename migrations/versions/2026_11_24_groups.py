"""what organizations do together: groups, links, training

Revision: 2c4e1a7b9d1d, after 2c4e1a7b9d1c
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "2c4e1a7b9d1d"
down_revision = "2c4e1a7b9d1c"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _groups()
    _meetings()
    _links()
    _training()


def _groups() -> None:
    op.create_table(
        "directory_group",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(22), nullable=False),
        sa.Column("kind", sa.String(12), nullable=False),
        sa.Column("name_en", sa.String(160), nullable=False),
        sa.Column("name_fr", sa.String(160), nullable=False),
        sa.Column("purpose_en", sa.Text(), nullable=False),
        sa.Column("purpose_fr", sa.Text(), nullable=False),
        sa.Column("words_en_on", sa.Date(), nullable=True),
        sa.Column("words_fr_on", sa.Date(), nullable=True),
        sa.Column("since", sa.Date(), nullable=True),
        sa.Column("review_on", sa.Date(), nullable=False),
        sa.Column("ended_on", sa.Date(), nullable=True),
        sa.Column("space_id", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "kind IN ('table','committee','subcommittee','project','liaison','mobile')",
            name=op.f("ck_directory_group_kind"),
        ),
        sa.ForeignKeyConstraint(
            ["space_id"], ["space.id"], ondelete="SET NULL", name=op.f("fk_directory_group_space_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_directory_group")),
        sa.UniqueConstraint("key", name=op.f("uq_directory_group_key")),
    )
    op.create_index(op.f("ix_directory_group_review_on"), "directory_group", ["review_on"])
    op.create_table(
        "directory_group_member",
        sa.Column("group_id", sa.Integer(), nullable=False),
        sa.Column("organization_id", sa.String(36), nullable=False),
        sa.Column("function", sa.String(10), nullable=False),
        sa.CheckConstraint(
            "function IN ('leads','secretary','hosts','staff','member')",
            name=op.f("ck_directory_group_member_function"),
        ),
        sa.ForeignKeyConstraint(
            ["group_id"],
            ["directory_group.id"],
            ondelete="CASCADE",
            name=op.f("fk_directory_group_member_group_id"),
        ),
        sa.PrimaryKeyConstraint("group_id", "organization_id", name=op.f("pk_directory_group_member")),
    )
    op.create_index(
        "ix_directory_group_member_organization_id", "directory_group_member", ["organization_id"]
    )
    op.create_table(
        "directory_group_region",
        sa.Column("group_id", sa.Integer(), nullable=False),
        sa.Column("region", sa.String(8), nullable=False),
        sa.ForeignKeyConstraint(
            ["group_id"],
            ["directory_group.id"],
            ondelete="CASCADE",
            name=op.f("fk_directory_group_region_group_id"),
        ),
        sa.PrimaryKeyConstraint("group_id", "region", name=op.f("pk_directory_group_region")),
    )
    op.create_index("ix_directory_group_region_region", "directory_group_region", ["region"])


def _meetings() -> None:
    op.create_table(
        "directory_group_meeting",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(22), nullable=False),
        sa.Column("group_id", sa.Integer(), nullable=False),
        sa.Column("held_on", sa.Date(), nullable=False),
        sa.Column("by_call", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("place", sa.String(160), nullable=False),
        sa.Column("lang", sa.String(2), nullable=False),
        sa.Column("agenda", sa.Text(), nullable=False),
        sa.Column("agenda_html", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["group_id"],
            ["directory_group.id"],
            ondelete="CASCADE",
            name=op.f("fk_directory_group_meeting_group_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_directory_group_meeting")),
        sa.UniqueConstraint("key", name=op.f("uq_directory_group_meeting_key")),
    )
    op.create_index(op.f("ix_directory_group_meeting_group_id"), "directory_group_meeting", ["group_id"])
    op.create_table(
        "directory_group_minutes",
        sa.Column("meeting_id", sa.Integer(), nullable=False),
        sa.Column("open", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("html", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["meeting_id"],
            ["directory_group_meeting.id"],
            ondelete="CASCADE",
            name=op.f("fk_directory_group_minutes_meeting_id"),
        ),
        sa.PrimaryKeyConstraint("meeting_id", name=op.f("pk_directory_group_minutes")),
    )


def _links() -> None:
    op.create_table(
        "directory_organization_link",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(22), nullable=False),
        sa.Column("one_id", sa.String(36), nullable=False),
        sa.Column("other_id", sa.String(36), nullable=False),
        sa.Column("stated_by", sa.String(36), nullable=False),
        sa.Column("stated_on", sa.Date(), nullable=False),
        sa.Column("confirmed_on", sa.Date(), nullable=True),
        sa.Column("intensity", sa.Integer(), nullable=False),
        sa.Column("since", sa.Date(), nullable=True),
        sa.Column("review_on", sa.Date(), nullable=False),
        sa.Column("agreement", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("exchanged", sa.String(120), nullable=False),
        sa.Column("basis", sa.String(12), nullable=False),
        sa.Column("consent_form", sa.String(80), nullable=False),
        sa.Column("consent_version", sa.String(20), nullable=False),
        sa.CheckConstraint("one_id <> other_id", name=op.f("ck_directory_organization_link_two")),
        sa.CheckConstraint(
            "stated_by IN (one_id, other_id)", name=op.f("ck_directory_organization_link_stated_by")
        ),
        sa.CheckConstraint(
            "intensity BETWEEN 1 AND 5", name=op.f("ck_directory_organization_link_intensity")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_directory_organization_link")),
        sa.UniqueConstraint("key", name=op.f("uq_directory_organization_link_key")),
        sa.UniqueConstraint(
            "one_id", "other_id", name=op.f("uq_directory_organization_link_one_id_other_id")
        ),
    )
    op.create_index(
        "ix_directory_organization_link_other_id", "directory_organization_link", ["other_id"]
    )
    op.create_index(
        op.f("ix_directory_organization_link_review_on"), "directory_organization_link", ["review_on"]
    )
    op.create_table(
        "directory_link_region",
        sa.Column("link_id", sa.Integer(), nullable=False),
        sa.Column("region", sa.String(8), nullable=False),
        sa.ForeignKeyConstraint(
            ["link_id"],
            ["directory_organization_link.id"],
            ondelete="CASCADE",
            name=op.f("fk_directory_link_region_link_id"),
        ),
        sa.PrimaryKeyConstraint("link_id", "region", name=op.f("pk_directory_link_region")),
    )
    op.create_index("ix_directory_link_region_region", "directory_link_region", ["region"])
    op.create_table(
        "directory_joint_work",
        sa.Column("link_id", sa.Integer(), nullable=False),
        sa.Column("month", sa.Date(), nullable=False),
        sa.Column("discussions", sa.Integer(), nullable=False),
        sa.Column("follow_ups", sa.Integer(), nullable=False),
        sa.Column("plans", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "discussions BETWEEN 0 AND 999 AND follow_ups BETWEEN 0 AND 999 AND plans BETWEEN 0 AND 999",
            name=op.f("ck_directory_joint_work_counts"),
        ),
        sa.ForeignKeyConstraint(
            ["link_id"],
            ["directory_organization_link.id"],
            ondelete="CASCADE",
            name=op.f("fk_directory_joint_work_link_id"),
        ),
        sa.PrimaryKeyConstraint("link_id", "month", name=op.f("pk_directory_joint_work")),
    )


def _training() -> None:
    op.create_table(
        "directory_training",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(22), nullable=False),
        sa.Column("organization_id", sa.String(36), nullable=False),
        sa.Column("way", sa.String(8), nullable=False),
        sa.Column("kind", sa.String(10), nullable=False),
        sa.Column("region", sa.String(8), nullable=False),
        sa.Column("title_en", sa.String(160), nullable=False),
        sa.Column("title_fr", sa.String(160), nullable=False),
        sa.Column("about_en", sa.Text(), nullable=False),
        sa.Column("about_fr", sa.Text(), nullable=False),
        sa.Column("words_en_on", sa.Date(), nullable=True),
        sa.Column("words_fr_on", sa.Date(), nullable=True),
        sa.Column("place", sa.String(160), nullable=False),
        sa.Column("places", sa.Integer(), nullable=True),
        sa.Column("langs", sa.String(8), nullable=False),
        sa.Column("for_whom", sa.String(200), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=False),
        sa.CheckConstraint("way IN ('offer','request')", name=op.f("ck_directory_training_way")),
        sa.CheckConstraint("kind IN ('workshop','placement')", name=op.f("ck_directory_training_kind")),
        sa.CheckConstraint("starts_on <= ends_on", name=op.f("ck_directory_training_days")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_directory_training")),
        sa.UniqueConstraint("key", name=op.f("uq_directory_training_key")),
    )
    op.create_index("ix_directory_training_list", "directory_training", ["region", "ends_on"])
    op.create_index("ix_directory_training_organization_id", "directory_training", ["organization_id"])


def downgrade() -> None:
    for table in (
        "directory_training",
        "directory_joint_work",
        "directory_link_region",
        "directory_organization_link",
        "directory_group_minutes",
        "directory_group_meeting",
        "directory_group_region",
        "directory_group_member",
        "directory_group",
    ):
        op.drop_table(table)
