"""What a persona keeps of its own reading and writing. Nobody else ever sees these rows."""

from __future__ import annotations

from datetime import date

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from community.core.db import WITHOUT_ORDER, Base

FOLLOW_LEVELS = ("watch", "normal", "mute")


class Reading(Base):
    """How far a persona has read a topic: the last post number, and no time."""

    __tablename__ = "reading"
    __table_args__ = WITHOUT_ORDER

    persona_id: Mapped[str] = mapped_column(ForeignKey("persona.id", ondelete="CASCADE"), primary_key=True)
    topic_id: Mapped[int] = mapped_column(ForeignKey("topic.id", ondelete="CASCADE"), primary_key=True)
    last_number: Mapped[int]


class Follow(Base):
    """How closely a persona follows a space or a topic; no row means "normal"."""

    __tablename__ = "follow"
    __table_args__ = (
        CheckConstraint("level IN ('watch','normal','mute')", name="level"),
        Index("ix_follow_target", "target", "level", "persona_id"),  # who follows it
        WITHOUT_ORDER,
    )

    persona_id: Mapped[str] = mapped_column(ForeignKey("persona.id", ondelete="CASCADE"), primary_key=True)
    target: Mapped[str] = mapped_column(String(30), primary_key=True)  # "space:<id>" or "topic:<id>"
    level: Mapped[str] = mapped_column(String(6))


class Bookmark(Base):
    """A post kept to be found again."""

    __tablename__ = "bookmark"
    __table_args__ = WITHOUT_ORDER

    persona_id: Mapped[str] = mapped_column(ForeignKey("persona.id", ondelete="CASCADE"), primary_key=True)
    post_id: Mapped[int] = mapped_column(ForeignKey("post.id", ondelete="CASCADE"), primary_key=True)


class Draft(Base):
    """Something not sent yet, sealed with a key outside the database; dropped after 30 days."""

    __tablename__ = "draft"
    __table_args__ = WITHOUT_ORDER

    persona_id: Mapped[str] = mapped_column(ForeignKey("persona.id", ondelete="CASCADE"), primary_key=True)
    # What is being written: "topic:<key>" a reply, "space:<slug>" a new topic, "edit:<post key>"
    place: Mapped[str] = mapped_column(String(90), primary_key=True)
    sealed: Mapped[bytes] = mapped_column(LargeBinary)
    saved_on: Mapped[date]
