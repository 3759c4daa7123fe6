"""Committees: a space with a mandate, meetings, minutes and decisions."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from community.core.db import Base, UtcDateTime
from community.core.ids import new_key


class Committee(Base):
    """What a committee space is for. Its members are the space's members, its chair one of them."""

    __tablename__ = "committee"

    space_id: Mapped[int] = mapped_column(ForeignKey("space.id", ondelete="CASCADE"), primary_key=True)
    mandate_en: Mapped[str] = mapped_column(Text, default="")
    mandate_fr: Mapped[str] = mapped_column(Text, default="")


class Meeting(Base):
    """A meeting: an agenda before, minutes after."""

    __tablename__ = "meeting"

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(22), unique=True, default=new_key)
    space_id: Mapped[int] = mapped_column(ForeignKey("space.id", ondelete="CASCADE"), index=True)
    starts_at: Mapped[datetime] = mapped_column(UtcDateTime)
    lang: Mapped[str] = mapped_column(String(2))
    agenda: Mapped[str] = mapped_column(Text, default="")
    agenda_html: Mapped[str] = mapped_column(Text, default="")
    minutes: Mapped[str] = mapped_column(Text, default="")
    minutes_html: Mapped[str] = mapped_column(Text, default="")
    version: Mapped[int] = mapped_column(default=1)


class Decision(Base):
    """Something a committee decided, on a day, in words that can be quoted."""

    __tablename__ = "decision"

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(22), unique=True, default=new_key)
    space_id: Mapped[int] = mapped_column(ForeignKey("space.id", ondelete="CASCADE"), index=True)
    meeting_id: Mapped[int | None] = mapped_column(ForeignKey("meeting.id", ondelete="SET NULL"))
    decided_on: Mapped[date]
    lang: Mapped[str] = mapped_column(String(2))
    words: Mapped[str] = mapped_column(Text)
