"""What waits for a moderator, what was decided, what was asked again. Personas only, never a member.

A *matter* is one thing that somebody should look at, with the reports about it. An *act* is what was
decided, in words that its author is told. Moments that outsiders could compare are never shown to them:
the public log says days.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, Text, false
from sqlalchemy.orm import Mapped, mapped_column

from community.core.db import WITHOUT_ORDER, Base, UtcDateTime
from community.core.ids import new_key

# In the order in which they are looked at.
REASONS = ("danger", "patient", "dealing", "harassment", "advice", "other")
ORIGINS = ("report", "held", "words", "pace", "own")
ACTS = (
    *("hide", "restore", "edit", "move", "split", "merge", "lock", "slow"),
    *("warn", "silence", "suspend", "nothing"),
)
LIMITS = ("silence", "suspend")
APPEALS = ("open", "upheld", "refused")


class Matter(Base):
    """One thing that waits for a look, or was looked at. Of one thing at most one is open."""

    __tablename__ = "matter"
    __table_args__ = (
        CheckConstraint("state IN ('open','done')", name="state"),
        CheckConstraint("origin IN ('report','held','words','pace','own','back')", name="origin"),
        Index("ix_matter_queue", "state", "rank", "opened_at"),
        Index("ix_matter_thing", "kind", "thing"),
        WITHOUT_ORDER,
    )

    key: Mapped[str] = mapped_column(String(22), primary_key=True, default=new_key)
    kind: Mapped[str] = mapped_column(String(12))  # post, name, … (targets.py)
    thing: Mapped[str] = mapped_column(String(60))
    # The topic it stands in, if it does: that is what is locked, slowed down or moved.
    topic: Mapped[str] = mapped_column(String(22), default="")
    space_id: Mapped[int | None] = mapped_column(ForeignKey("space.id", ondelete="SET NULL"))
    author_id: Mapped[str | None] = mapped_column(ForeignKey("persona.id", ondelete="CASCADE"))
    reason: Mapped[str] = mapped_column(String(12))
    rank: Mapped[int]  # the place of its gravest reason in REASONS
    origin: Mapped[str] = mapped_column(String(6))
    reports: Mapped[int] = mapped_column(default=0)
    state: Mapped[str] = mapped_column(String(4), default="open")
    opened_at: Mapped[datetime] = mapped_column(UtcDateTime)
    looked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    done_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    # What it said when it was reported, sealed: it stays until some time after the decision.
    evidence: Mapped[str] = mapped_column(Text, default="")


class Complaint(Base):
    """One persona's report of something that is no post; those of posts are the forum's."""

    __tablename__ = "complaint"
    __table_args__ = WITHOUT_ORDER

    matter_key: Mapped[str] = mapped_column(ForeignKey("matter.key", ondelete="CASCADE"), primary_key=True)
    reporter_id: Mapped[str] = mapped_column(
        ForeignKey("persona.id", ondelete="CASCADE"), primary_key=True, index=True
    )
    reason: Mapped[str] = mapped_column(String(12))
    words: Mapped[str] = mapped_column(Text, default="")
    at: Mapped[datetime] = mapped_column(UtcDateTime)


class Act(Base):
    """Something a moderator did, why, and for how long. Undone, it stays on record."""

    __tablename__ = "moderation_act"
    __table_args__ = (
        CheckConstraint(
            "act IN ('hide','restore','edit','move','split','merge','lock','slow',"
            "'warn','silence','suspend','nothing')",
            name="act",
        ),
        Index("ix_moderation_act_limit", "persona_id", "act", "until"),
        Index("ix_moderation_act_topic", "topic", "act"),
        WITHOUT_ORDER,
    )

    key: Mapped[str] = mapped_column(String(22), primary_key=True, default=new_key)
    matter_key: Mapped[str] = mapped_column(ForeignKey("matter.key", ondelete="CASCADE"), index=True)
    act: Mapped[str] = mapped_column(String(8))
    reason: Mapped[str] = mapped_column(String(12))
    # Told to whom it concerns: a template in both languages, and the moderator's own words.
    said_en: Mapped[str] = mapped_column(Text, default="")
    said_fr: Mapped[str] = mapped_column(Text, default="")
    words: Mapped[str] = mapped_column(Text, default="")
    by_id: Mapped[str | None] = mapped_column(ForeignKey("persona.id", ondelete="SET NULL"))  # none: the site
    persona_id: Mapped[str | None] = mapped_column(ForeignKey("persona.id", ondelete="CASCADE"))
    topic: Mapped[str] = mapped_column(String(22), default="")
    amount: Mapped[int] = mapped_column(default=0)  # minutes of slow mode, days of a limit
    until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    before: Mapped[dict[str, Any]] = mapped_column(JSON)  # what undoing puts back
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    undone_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    undone_by: Mapped[str | None] = mapped_column(ForeignKey("persona.id", ondelete="SET NULL"))

    @property
    def stands(self) -> bool:
        """Whether nobody took it back."""
        return self.undone_at is None


class Appeal(Base):
    """The one time that somebody asks for a second look at an act that concerns them."""

    __tablename__ = "appeal"
    __table_args__ = (
        CheckConstraint("state IN ('open','upheld','refused')", name="state"),
        WITHOUT_ORDER,
    )

    act_key: Mapped[str] = mapped_column(
        ForeignKey("moderation_act.key", ondelete="CASCADE"), primary_key=True
    )
    words: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    state: Mapped[str] = mapped_column(String(7), default="open")
    answer: Mapped[str] = mapped_column(Text, default="")
    judged_by: Mapped[str | None] = mapped_column(ForeignKey("persona.id", ondelete="SET NULL"))
    judged_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class ReasonText(Base):
    """Words for a decision, in both languages, that coordinators edit."""

    __tablename__ = "reason_text"

    code: Mapped[str] = mapped_column(String(40), primary_key=True)
    reason: Mapped[str] = mapped_column(String(12))
    position: Mapped[int] = mapped_column(default=500)
    words_en: Mapped[str] = mapped_column(Text)
    words_fr: Mapped[str] = mapped_column(Text)
    retired: Mapped[bool] = mapped_column(default=False, server_default=false())


class Watch(Base):
    """An hour of the week in which a moderator means to look at the queue."""

    __tablename__ = "watch"
    __table_args__ = (
        CheckConstraint("weekday BETWEEN 0 AND 6", name="weekday"),
        CheckConstraint("from_hour BETWEEN 0 AND 23 AND until_hour BETWEEN 1 AND 24", name="hours"),
        WITHOUT_ORDER,
    )

    persona_id: Mapped[str] = mapped_column(ForeignKey("persona.id", ondelete="CASCADE"), primary_key=True)
    weekday: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)  # Monday is 0
    from_hour: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    until_hour: Mapped[int]
