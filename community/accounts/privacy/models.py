"""What the privacy centre keeps: archives that wait to be fetched, names that will be let go of, registers.

``persona_archive`` and ``leaving`` know a persona, ``privacy_record`` only who wrote it. Of an account
nothing is kept here: its archive is made in the hand.
"""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from community.core.db import WITHOUT_ORDER, Base

# What becomes of the words of a name whose owner closes the account.
CHOICES = ("former", "neutral", "removed")
REGISTERS = ("incidents", "anonymisations")


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
