"""What is kept of a protected name beyond its words: who asked to open its link, and what the vault attests.

Both tables are on the persona side and hold no member. An attestation has days only, drawn by chance:
no moment in it can be laid beside the moment of a title (docs/decisions/0012).
"""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from community.core.db import WITHOUT_ORDER, Base, UtcDateTime
from community.core.ids import new_key


class Opening(Base):
    """Breaking the glass: one administrator asks to open the link of a name, another decides."""

    __tablename__ = "opening"
    __table_args__ = (
        CheckConstraint("state IN ('asked','withdrawn','refused','agreed','opened')", name="state"),
        WITHOUT_ORDER,
    )

    id: Mapped[str] = mapped_column(String(22), primary_key=True, default=new_key)
    persona_id: Mapped[str] = mapped_column(ForeignKey("persona.id", ondelete="CASCADE"), index=True)
    asked_by: Mapped[str] = mapped_column(String(22))
    reason: Mapped[str] = mapped_column(Text)
    asked_at: Mapped[datetime] = mapped_column(UtcDateTime)
    state: Mapped[str] = mapped_column(String(9), default="asked")
    decided_by: Mapped[str | None] = mapped_column(String(22))
    decided_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    opened_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    # Whether the letter to the account was written: a receiver may run twice.
    told: Mapped[bool] = mapped_column(default=False)


class Attestation(Base):
    """The vault may say of this name that a verified clinician is behind it, and nothing finer.

    Whether it does is ``Persona.attested``, which the daily check alone sets: every label appears and
    goes in the same batch.
    """

    __tablename__ = "attestation"
    __table_args__ = WITHOUT_ORDER

    persona_id: Mapped[str] = mapped_column(ForeignKey("persona.id", ondelete="CASCADE"), primary_key=True)
    from_on: Mapped[date]
    until_on: Mapped[date]  # the first day on which it is shown no more
