"""The names that a persona keeps away from itself. ``blocking`` reads and changes them."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from community.core.db import WITHOUT_ORDER, Base
from community.core.ids import new_key


class Distance(Base):
    """Another name that a persona keeps away from itself: ``block`` or ``mute``.

    It is between two names and nothing else: the other names of either know nothing of it. No day is
    kept, and the other name is never told.
    """

    __tablename__ = "distance"
    __table_args__ = (
        UniqueConstraint("persona_id", "other_id"),
        CheckConstraint("kind IN ('block','mute')", name="kind"),
        CheckConstraint("persona_id <> other_id", name="other"),
        WITHOUT_ORDER,
    )

    key: Mapped[str] = mapped_column(String(22), primary_key=True, default=new_key)
    persona_id: Mapped[str] = mapped_column(ForeignKey("persona.id", ondelete="CASCADE"))
    other_id: Mapped[str] = mapped_column(ForeignKey("persona.id", ondelete="CASCADE"), index=True)
    kind: Mapped[str] = mapped_column(String(5))
