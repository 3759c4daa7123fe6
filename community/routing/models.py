"""What personas can answer, who is on call, and before whom a question was laid.

Everything belongs to a persona, and keeps days, not hours: who was asked when is not a clock of when
somebody was here.
"""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from community.core.db import WITHOUT_ORDER, Base, UtcDateTime
from community.core.ids import new_key

MOST_A_WEEK = 20
KINDS = ("theme", "region", "lang")
REASONS = ("fits", "on_call", "keeper", "by_name")


class CanAnswer(Base):
    """What one persona said it can answer, and how much of it."""

    __tablename__ = "can_answer"
    __table_args__ = (CheckConstraint("weekly BETWEEN 0 AND 20", name="weekly"), WITHOUT_ORDER)

    persona_id: Mapped[str] = mapped_column(ForeignKey("persona.id", ondelete="CASCADE"), primary_key=True)
    weekly: Mapped[int]
    paused: Mapped[bool] = mapped_column(default=False)
    # Whoever asks may choose this name, where both read.
    by_name: Mapped[bool] = mapped_column(default=False)

    fields: Mapped[list[Field]] = relationship(cascade="all, delete-orphan")

    def codes(self, kind: str) -> frozenset[str]:
        """The themes, regions or languages of it; none of a kind means any."""
        return frozenset(row.code for row in self.fields if row.kind == kind)


class Field(Base):
    """One theme, region or language that a persona can answer about."""

    __tablename__ = "can_answer_field"
    __table_args__ = (CheckConstraint("kind IN ('theme','region','lang')", name="kind"), WITHOUT_ORDER)

    persona_id: Mapped[str] = mapped_column(
        ForeignKey("can_answer.persona_id", ondelete="CASCADE"), primary_key=True
    )
    kind: Mapped[str] = mapped_column(String(6), primary_key=True)
    code: Mapped[str] = mapped_column(String(40), primary_key=True)


class OnCall(Base):
    """A persona on call for a theme, from one day until another, both included."""

    __tablename__ = "on_call"
    __table_args__ = (
        CheckConstraint("state IN ('agreed','proposed')", name="state"),
        CheckConstraint("from_on <= until_on", name="days"),
        Index("ix_on_call_theme_until", "theme", "until_on"),
        WITHOUT_ORDER,
    )

    key: Mapped[str] = mapped_column(String(22), primary_key=True, default=new_key)
    theme: Mapped[str] = mapped_column(String(40))
    persona_id: Mapped[str] = mapped_column(ForeignKey("persona.id", ondelete="CASCADE"), index=True)
    from_on: Mapped[date]
    until_on: Mapped[date]
    # What a keeper proposes counts once the persona agreed.
    state: Mapped[str] = mapped_column(String(8))
    set_by: Mapped[str] = mapped_column(String(22))


class Course(Base):
    """How far a question has come on its way to an answer: the last step that was taken."""

    __tablename__ = "question_course"

    topic_id: Mapped[int] = mapped_column(ForeignKey("topic.id", ondelete="CASCADE"), primary_key=True)
    step: Mapped[int] = mapped_column(default=0)
    # When the next step is due; none after the last one.
    next_at: Mapped[datetime | None] = mapped_column(UtcDateTime, index=True)


class Laid(Base):
    """A question that was laid before a persona.

    ``open`` until they pass; ``passed``; ``replaced`` once the next person was asked in their place.
    """

    __tablename__ = "question_laid"
    __table_args__ = (
        CheckConstraint("why IN ('fits','on_call','keeper','by_name')", name="why"),
        CheckConstraint("state IN ('open','passed','replaced')", name="state"),
        Index("ix_question_laid_persona_laid", "persona_id", "laid_on"),
        WITHOUT_ORDER,
    )

    topic_id: Mapped[int] = mapped_column(ForeignKey("topic.id", ondelete="CASCADE"), primary_key=True)
    persona_id: Mapped[str] = mapped_column(ForeignKey("persona.id", ondelete="CASCADE"), primary_key=True)
    why: Mapped[str] = mapped_column(String(8))
    state: Mapped[str] = mapped_column(String(8), default="open")
    # Whoever asked chose this name, whether or not it had the question already: neither can be told.
    chosen: Mapped[bool] = mapped_column(default=False)
    laid_on: Mapped[date]


class AnswerMonth(Base):
    """How soon the public questions of a month were answered, by theme: computed once, then kept.

    A small count is stored as none, so that nothing that reads this table can tell it.
    """

    __tablename__ = "answer_month"

    month: Mapped[date] = mapped_column(primary_key=True)  # its first day
    theme: Mapped[str] = mapped_column(String(40), primary_key=True)  # "" without one, "all" for all of them
    questions: Mapped[int | None]
    # Kaplan-Meier quantiles in seconds; none when hidden, or when so many still waited.
    median: Mapped[int | None]
    ninetieth: Mapped[int | None]
    # Of a hundred questions, how many still waited that day; none when the base is too small.
    waiting_percent: Mapped[int | None]
    published_on: Mapped[date]
