"""What a persona chose about content notes. Nobody else ever sees these rows."""

from __future__ import annotations

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from community.core.db import WITHOUT_ORDER, Base


class OpenNote(Base):
    """A content note whose texts stay open for a persona; without a row they are folded."""

    __tablename__ = "open_note"
    __table_args__ = WITHOUT_ORDER

    persona_id: Mapped[str] = mapped_column(ForeignKey("persona.id", ondelete="CASCADE"), primary_key=True)
    note: Mapped[str] = mapped_column(String(20), primary_key=True)
