"""Spaces: where topics live, and whom each lets see, post and moderate."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, String, Text, false
from sqlalchemy.orm import Mapped, mapped_column, relationship

from community.core.db import Base, UtcDateTime

KINDS = ("public", "lived", "policy", "clinical", "regional", "committee")
ACTS = ("see", "post", "moderate")
STANDINGS = ("member", "chair", "keeper", "guest")
# Where a picture or a document would most easily show somebody who is not in the room: none, unless said.
WITHOUT_FILES = frozenset({"clinical", "lived"})


def _takes_files(context: Any) -> bool:
    """What holds of a new space that says nothing of it."""
    said = context.get_current_parameters()
    return said["kind"] not in WITHOUT_FILES and not said.get("protected")


class Space(Base):
    """A sub-forum. Spaces are few and are data: administrators edit them."""

    __tablename__ = "space"
    __table_args__ = (
        CheckConstraint("kind IN ('public','lived','policy','clinical','regional','committee')", name="kind"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(String(60), unique=True)
    kind: Mapped[str] = mapped_column(String(10))
    position: Mapped[int] = mapped_column(default=500)
    name_en: Mapped[str] = mapped_column(String(120))
    name_fr: Mapped[str] = mapped_column(String(120))
    description_en: Mapped[str] = mapped_column(Text, default="")
    description_fr: Mapped[str] = mapped_column(Text, default="")
    # When each language was last written: a translation older than its original says so.
    words_en_on: Mapped[date]
    words_fr_on: Mapped[date]
    region: Mapped[str | None] = mapped_column(String(8))
    theme: Mapped[str | None] = mapped_column(String(40))
    # Days instead of hours, neutral page titles, not indexed, nothing identifying in mail.
    protected: Mapped[bool] = mapped_column(default=False)
    archived: Mapped[bool] = mapped_column(default=False)
    # Whether messages here may carry pictures and documents.
    files: Mapped[bool] = mapped_column(default=_takes_files, server_default=false())

    audiences: Mapped[list[SpaceAudience]] = relationship(cascade="all, delete-orphan")

    def admits(self, act: str) -> frozenset[str]:
        """The audiences that may do this here."""
        return frozenset(row.audience for row in self.audiences if row.act == act)


class SpaceAudience(Base):
    """One audience that may see, post in or moderate a space. None listed: nobody."""

    __tablename__ = "space_audience"
    __table_args__ = (CheckConstraint("act IN ('see','post','moderate')", name="act"),)

    space_id: Mapped[int] = mapped_column(ForeignKey("space.id", ondelete="CASCADE"), primary_key=True)
    act: Mapped[str] = mapped_column(String(8), primary_key=True)
    # "everyone", "member", "professional", "clinician", "group:<code>" or "space:<id>" (own members)
    audience: Mapped[str] = mapped_column(String(40), primary_key=True, index=True)


class SpaceCharter(Base):
    """What those who keep a space of lived experience ask of everybody there, in both languages."""

    __tablename__ = "space_charter"

    space_id: Mapped[int] = mapped_column(ForeignKey("space.id", ondelete="CASCADE"), primary_key=True)
    words_en: Mapped[str] = mapped_column(Text, default="")
    words_fr: Mapped[str] = mapped_column(Text, default="")
    html_en: Mapped[str] = mapped_column(Text, default="")
    html_fr: Mapped[str] = mapped_column(Text, default="")
    words_en_on: Mapped[date | None]
    words_fr_on: Mapped[date | None]
    version: Mapped[int] = mapped_column(default=0)


class SpaceMember(Base):
    """A persona that belongs to a space: a committee's member or chair, a guest until a date."""

    __tablename__ = "space_member"
    __table_args__ = (CheckConstraint("standing IN ('member','chair','keeper','guest')", name="standing"),)

    space_id: Mapped[int] = mapped_column(ForeignKey("space.id", ondelete="CASCADE"), primary_key=True)
    persona_id: Mapped[str] = mapped_column(
        ForeignKey("persona.id", ondelete="CASCADE"), primary_key=True, index=True
    )
    standing: Mapped[str] = mapped_column(String(6), default="member")
    until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    invited_by: Mapped[str | None] = mapped_column(String(22))
