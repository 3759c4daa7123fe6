"""What the privacy centre keeps: archives that wait to be fetched, names that will be let go of, registers.

``persona_archive`` and ``leaving`` know a persona, ``privacy_record`` and ``privacy_request`` only who
wrote them. Of an account nothing is kept here: its archive is made in the hand.
"""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, LargeBinary, String, Text, false
from sqlalchemy.orm import Mapped, mapped_column

from community.core.db import WITHOUT_ORDER, Base
from community.core.ids import new_key

# What becomes of the words of a name whose owner closes the account.
CHOICES = ("former", "neutral", "removed")
REGISTERS = ("incidents", "anonymisations")
# What people ask: to see it, to take it along, to correct it, to have it shown or found no more, to have it
# destroyed; and what they were answered.
REQUESTS = ("access", "portability", "rectification", "dissemination", "destruction")
ANSWERS = ("granted", "partly", "refused", "nothing", "mistake")


class PersonaArchive(Base):
    """The archive of a name that was asked for: one at a time, gone after a day. No time can be read."""

    __tablename__ = "persona_archive"
    __table_args__ = WITHOUT_ORDER

    persona_id: Mapped[str] = mapped_column(ForeignKey("persona.id", ondelete="CASCADE"), primary_key=True)
    # Where it lies, sealed, among the files of the site; none while it is being made.
    file: Mapped[str | None] = mapped_column(String(40))
    # When it is dropped, sealed: two names that ask within minutes of one another would else show it.
    until: Mapped[bytes] = mapped_column(LargeBinary(80))


class Leaving(Base):
    """A name that nobody is behind any more, and the day on which it is let go of."""

    __tablename__ = "leaving"
    __table_args__ = (
        CheckConstraint("choice IN ('former','neutral','removed')", name="choice"),
        WITHOUT_ORDER,
    )

    persona_id: Mapped[str] = mapped_column(ForeignKey("persona.id", ondelete="CASCADE"), primary_key=True)
    choice: Mapped[str] = mapped_column(String(7))
    due_on: Mapped[date] = mapped_column(index=True)


class PrivacyRecord(Base):
    """One version of an entry in a register the law asks for. None is ever changed: a new one is added."""

    __tablename__ = "privacy_record"
    __table_args__ = (CheckConstraint("register IN ('incidents','anonymisations')", name="register"),)

    key: Mapped[str] = mapped_column(String(22), primary_key=True)
    version: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    register: Mapped[str] = mapped_column(String(14))
    # Each point by its name: {"said": …, "unknown": why}, of which one is empty.
    points: Mapped[dict[str, Any]] = mapped_column(JSON)
    # From when the years count: the day on which it became known.
    known_on: Mapped[date]
    written_on: Mapped[date]
    by: Mapped[str] = mapped_column("by_persona", String(22))
    # As the chain of the register of acts holds it: whoever changes a row shows.
    sha256: Mapped[str] = mapped_column(String(64))


class PrivacyRequest(Base):
    """A request about personal information that did not come through the site, and its thirty days."""

    __tablename__ = "privacy_request"
    __table_args__ = (
        CheckConstraint(
            "kind IN ('access','portability','rectification','dissemination','destruction')", name="kind"
        ),
        CheckConstraint(
            "answer IN ('','granted','partly','refused','nothing','mistake')",
            name="answer",
        ),
        CheckConstraint("(answer = '') = (answered_on IS NULL)", name="answered"),
    )

    key: Mapped[str] = mapped_column(String(22), primary_key=True, default=new_key)
    kind: Mapped[str] = mapped_column(String(13))
    # Under which number the person in charge keeps the papers; never a name.
    file: Mapped[str] = mapped_column(String(60))
    received_on: Mapped[date]
    due_on: Mapped[date]
    answer: Mapped[str] = mapped_column(String(8), default="")
    answered_on: Mapped[date | None]
    why: Mapped[str] = mapped_column(Text, default="")
    told: Mapped[bool] = mapped_column(default=False, server_default=false())  # that its day is over
    by: Mapped[str] = mapped_column("by_persona", String(22))

    @property
    def open(self) -> bool:
        """Whether it has no answer yet."""
        return not self.answer
