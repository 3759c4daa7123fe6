"""What a persona was told, what goes out by mail, and what the persona chose. Never a member's id."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from community.core.db import WITHOUT_ORDER, Base, UtcDateTime
from community.core.ids import new_key

# mention to report can go by mail; "unanswered" is a part of digests; "returned" is told in the site only.
KINDS = (
    *("mention", "answer", "reply", "topic", "kept", "offered", "title", "duty", "report", "moderation"),
    *("message", "directory"),
    *("unanswered", "returned", "opening"),
)
LEVELS = ("now", "daily", "weekly", "never")
RHYTHMS = ("daily", "weekly")
LETTER_STATES = ("waiting", "handed", "refused", "dropped")


class Notice(Base):
    """One thing a persona is told. The same event is told once, whatever the reasons for it."""

    __tablename__ = "notice"
    __table_args__ = (
        UniqueConstraint("persona_id", "event"),
        Index("ix_notice_persona_at", "persona_id", "at", "id"),
        Index("ix_notice_unread", "persona_id", "read"),
        WITHOUT_ORDER,
    )

    id: Mapped[str] = mapped_column(String(22), primary_key=True, default=new_key)
    persona_id: Mapped[str] = mapped_column(ForeignKey("persona.id", ondelete="CASCADE"))
    event: Mapped[str] = mapped_column(String(120))  # "post:12", "kept:12", "title:<id>:verified:2"
    kind: Mapped[str] = mapped_column(String(10))
    topic_id: Mapped[int | None] = mapped_column(ForeignKey("topic.id", ondelete="CASCADE"))
    post_id: Mapped[int | None] = mapped_column(ForeignKey("post.id", ondelete="CASCADE"))
    # Read in the topic up to this number is read here too; 0: only by the bell.
    number: Mapped[int] = mapped_column(default=0)
    about: Mapped[str] = mapped_column(String(90), default="")  # "verified physician", "given moderator on"
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    read: Mapped[bool] = mapped_column(default=False)
    # How it goes by mail, as chosen when it was told: now, daily, weekly, never.
    told: Mapped[str] = mapped_column(String(6), default="never")


class Letter(Base):
    """One mail to one persona, once. The address is in no row: it is asked of the vault when it goes.

    waiting -> handed (given to the mail server, or about to be), refused (the address does not
    exist), dropped (nothing to say any more, or nobody to say it to).
    """

    __tablename__ = "letter"
    __table_args__ = (
        UniqueConstraint("persona_id", "event"),
        CheckConstraint("state IN ('waiting','handed','refused','dropped')", name="state"),
        Index("ix_letter_due", "state", "due_at"),
        WITHOUT_ORDER,
    )

    id: Mapped[str] = mapped_column(String(22), primary_key=True, default=new_key)
    persona_id: Mapped[str] = mapped_column(ForeignKey("persona.id", ondelete="CASCADE"))
    event: Mapped[str] = mapped_column(String(120))  # that of its notice, or "daily:2026-11-21"
    notice_id: Mapped[str | None] = mapped_column(ForeignKey("notice.id", ondelete="CASCADE"), index=True)
    due_at: Mapped[datetime] = mapped_column(UtcDateTime)
    state: Mapped[str] = mapped_column(String(8), default="waiting")
    attempts: Mapped[int] = mapped_column(default=0)
    # The job that has taken it; a job that is run again takes up its own.
    turn: Mapped[str | None] = mapped_column(String(22), index=True)
    # Random, in lower case: by it a returned mail is known, and by nothing else.
    return_key: Mapped[str] = mapped_column(String(26), unique=True)


class MailChoice(Base):
    """How a kind of news goes by mail, everywhere (space 0) or in one space ("*": every kind)."""

    __tablename__ = "mail_choice"
    __table_args__ = (
        CheckConstraint("level IN ('now','daily','weekly','never')", name="level"),
        WITHOUT_ORDER,
    )

    persona_id: Mapped[str] = mapped_column(ForeignKey("persona.id", ondelete="CASCADE"), primary_key=True)
    kind: Mapped[str] = mapped_column(String(10), primary_key=True)
    space_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False, default=0)
    level: Mapped[str] = mapped_column(String(6))


class MailSetting(Base):
    """When a persona may be written to, and how far its digests have come."""

    __tablename__ = "mail_setting"
    __table_args__ = WITHOUT_ORDER

    persona_id: Mapped[str] = mapped_column(ForeignKey("persona.id", ondelete="CASCADE"), primary_key=True)
    zone: Mapped[str] = mapped_column(String(40), default="")  # empty: that of the site
    quiet_from: Mapped[int | None]  # an hour of the day; None: no quiet hours
    quiet_until: Mapped[int | None]
    # Mail came back: nothing is sent until the persona says so.
    stopped: Mapped[bool] = mapped_column(default=False)
    daily_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    weekly_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
