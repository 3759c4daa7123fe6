"""Organizations that meet: regional tables, local committees, clinical projects, liaison and mobile teams.

Nothing here points at a person: who takes part are organizations, and who wrote is in the audit log.
"""

from __future__ import annotations

from datetime import date

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, false
from sqlalchemy.orm import Mapped, mapped_column, relationship

from community.core.db import Base
from community.core.ids import new_key

KINDS = ("table", "committee", "subcommittee", "project", "liaison", "mobile")
FUNCTIONS = ("leads", "secretary", "hosts", "staff", "member")


class Group(Base):
    """Several organizations that decide or work together, for one or more regions."""

    __tablename__ = "directory_group"
    __table_args__ = (
        CheckConstraint(
            "kind IN ('table','committee','subcommittee','project','liaison','mobile')", name="kind"
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(22), unique=True, default=new_key)
    kind: Mapped[str] = mapped_column(String(12))
    name_en: Mapped[str] = mapped_column(String(160), default="")
    name_fr: Mapped[str] = mapped_column(String(160), default="")
    purpose_en: Mapped[str] = mapped_column(Text, default="")
    purpose_fr: Mapped[str] = mapped_column(Text, default="")
    # When each language was last written.
    words_en_on: Mapped[date | None]
    words_fr_on: Mapped[date | None]
    since: Mapped[date | None]
    review_on: Mapped[date] = mapped_column(index=True)
    reminded_for: Mapped[date | None]  # the day of review that its keepers were told of
    ended_on: Mapped[date | None]
    # Where its people talk, when it has a space of the forum.
    space_id: Mapped[int | None] = mapped_column(ForeignKey("space.id", ondelete="SET NULL"))

    members: Mapped[list[GroupMember]] = relationship(
        cascade="all, delete-orphan", order_by="GroupMember.organization_id"
    )
    regions: Mapped[list[GroupRegion]] = relationship(
        cascade="all, delete-orphan", order_by="GroupRegion.region"
    )


class GroupMember(Base):
    """An organization that takes part, and what it does there."""

    __tablename__ = "directory_group_member"
    __table_args__ = (
        CheckConstraint("function IN ('leads','secretary','hosts','staff','member')", name="function"),
        Index("ix_directory_group_member_organization_id", "organization_id"),
    )

    group_id: Mapped[int] = mapped_column(
        ForeignKey("directory_group.id", ondelete="CASCADE"), primary_key=True
    )
    organization_id: Mapped[str] = mapped_column(String(36), primary_key=True)
    function: Mapped[str] = mapped_column(String(10), default="member")


class GroupRegion(Base):
    """A region that the group is for."""

    __tablename__ = "directory_group_region"
    __table_args__ = (Index("ix_directory_group_region_region", "region"),)

    group_id: Mapped[int] = mapped_column(
        ForeignKey("directory_group.id", ondelete="CASCADE"), primary_key=True
    )
    region: Mapped[str] = mapped_column(String(8), primary_key=True)


class GroupMeeting(Base):
    """A dated meeting of a group, with its agenda; everybody may read that it is held and about what."""

    __tablename__ = "directory_group_meeting"

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(22), unique=True, default=new_key)
    group_id: Mapped[int] = mapped_column(ForeignKey("directory_group.id", ondelete="CASCADE"), index=True)
    held_on: Mapped[date]
    by_call: Mapped[bool] = mapped_column(default=False, server_default=false())
    place: Mapped[str] = mapped_column(String(160), default="")
    lang: Mapped[str] = mapped_column(String(2))
    agenda: Mapped[str] = mapped_column(Text, default="")
    agenda_html: Mapped[str] = mapped_column(Text, default="")
    version: Mapped[int] = mapped_column(default=1)


class GroupMinutes(Base):
    """What was said at a meeting. A table of its own: it is read by fewer people than the meeting."""

    __tablename__ = "directory_group_minutes"

    meeting_id: Mapped[int] = mapped_column(
        ForeignKey("directory_group_meeting.id", ondelete="CASCADE"), primary_key=True
    )
    # For everybody; else for the keepers of the organizations that take part.
    open: Mapped[bool] = mapped_column(default=False, server_default=false())
    body: Mapped[str] = mapped_column(Text)
    html: Mapped[str] = mapped_column(Text)
