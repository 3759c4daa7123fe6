"""Reports: somebody says that a post should be looked at."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from community.core.db import Base, UtcDateTime
from community.core.ids import new_key

REASONS = ("patient", "danger", "dealing", "harassment", "advice", "other")


class Report(Base):
    """One persona's report of one post; asking twice is harmless."""

    __tablename__ = "report"
    __table_args__ = (
        UniqueConstraint("post_id", "reporter_id"),
        CheckConstraint("state IN ('open','upheld','dismissed')", name="state"),
    )

    id: Mapped[str] = mapped_column(String(22), primary_key=True, default=new_key)
    post_id: Mapped[int] = mapped_column(ForeignKey("post.id", ondelete="CASCADE"))
    reporter_id: Mapped[str] = mapped_column(ForeignKey("persona.id"))
    reason: Mapped[str] = mapped_column(String(12))
    words: Mapped[str] = mapped_column(Text, default="")
    state: Mapped[str] = mapped_column(String(9), default="open")
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    decided_by: Mapped[str | None] = mapped_column(String(22))
    decided_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
