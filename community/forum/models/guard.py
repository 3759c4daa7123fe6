"""What is kept of the patient-privacy guard: that a name said "this is no identifier", never of what."""

from __future__ import annotations

from datetime import date

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from community.core.db import Base


class Declaration(Base):
    """On this day this name published what looks like an identifier of this kind, saying that it is none."""

    __tablename__ = "declaration"

    id: Mapped[int] = mapped_column(primary_key=True)
    persona_id: Mapped[str] = mapped_column(ForeignKey("persona.id", ondelete="CASCADE"), index=True)
    kind: Mapped[str] = mapped_column(String(20))
    place: Mapped[str] = mapped_column(String(20))
    day: Mapped[date]
