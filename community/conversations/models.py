"""Conversations, who takes part, what was said. All of it belongs to personas; no row knows a member.

What people write is sealed (``core.sealing``): the subject, and of each message the words and their
rendered form. Days are kept where an hour is not needed.
"""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, String, UniqueConstraint, false
from sqlalchemy.orm import Mapped, mapped_column

from community.core.db import WITHOUT_ORDER, Base, UtcDateTime
from community.core.ids import new_key

MOST_MEMBERS = 10
# Who may begin a conversation with a name; no row means nobody.
WHO = ("professional", "shared", "anybody")


class Conversation(Base):
    """A conversation between names. ``last_number`` counts its messages and locks their order."""

    __tablename__ = "conversation"
    __table_args__ = WITHOUT_ORDER

    key: Mapped[str] = mapped_column(String(22), primary_key=True, default=new_key)
    started_by: Mapped[str] = mapped_column(ForeignKey("persona.id", ondelete="CASCADE"), index=True)
    started_on: Mapped[date]
    subject: Mapped[bytes | None] = mapped_column(LargeBinary)  # sealed
    last_number: Mapped[int] = mapped_column(default=0)
    last_at: Mapped[datetime] = mapped_column(UtcDateTime)


class Member(Base):
    """A name in a conversation: how far it has read, and what it saw last when it left."""

    __tablename__ = "conversation_member"
    __table_args__ = (Index("ix_conversation_member_persona_id", "persona_id"), WITHOUT_ORDER)

    conversation_key: Mapped[str] = mapped_column(
        ForeignKey("conversation.key", ondelete="CASCADE"), primary_key=True
    )
    persona_id: Mapped[str] = mapped_column(ForeignKey("persona.id", ondelete="CASCADE"), primary_key=True)
    read_number: Mapped[int] = mapped_column(default=0)
    muted: Mapped[bool] = mapped_column(default=False, server_default=false())
    left_number: Mapped[int | None]
    left_on: Mapped[date | None]

    @property
    def left(self) -> bool:
        """Whether it reads no further."""
        return self.left_number is not None


class Message(Base):
    """What one name said, sealed. ``hidden``: a moderator took it out of sight."""

    __tablename__ = "message"
    __table_args__ = (
        UniqueConstraint("conversation_key", "number"),
        CheckConstraint("state IN ('shown','hidden')", name="state"),
        Index("ix_message_author_id", "author_id"),
        WITHOUT_ORDER,
    )

    key: Mapped[str] = mapped_column(String(22), primary_key=True, default=new_key)
    conversation_key: Mapped[str] = mapped_column(ForeignKey("conversation.key", ondelete="CASCADE"))
    number: Mapped[int]
    author_id: Mapped[str] = mapped_column(ForeignKey("persona.id", ondelete="CASCADE"))
    sealed: Mapped[bytes] = mapped_column(LargeBinary)
    lang: Mapped[str] = mapped_column(String(2))
    sent_at: Mapped[datetime] = mapped_column(UtcDateTime)
    state: Mapped[str] = mapped_column(String(6), default="shown")


class Reach(Base):
    """Who may begin a conversation with a name."""

    __tablename__ = "reach"
    __table_args__ = (
        CheckConstraint("who IN ('professional','shared','anybody')", name="who"),
        WITHOUT_ORDER,
    )

    persona_id: Mapped[str] = mapped_column(ForeignKey("persona.id", ondelete="CASCADE"), primary_key=True)
    who: Mapped[str] = mapped_column(String(12))


class ContactAttempt(Base):
    """How often a new name tried to hand over a telephone number or an address, that day."""

    __tablename__ = "contact_attempt"
    __table_args__ = WITHOUT_ORDER

    persona_id: Mapped[str] = mapped_column(ForeignKey("persona.id", ondelete="CASCADE"), primary_key=True)
    on_day: Mapped[date]
    count: Mapped[int]
