"""What was looked for and not found where it was looked for, as numbers."""

from __future__ import annotations

from datetime import date

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from community.core.db import WITHOUT_ORDER, Base


class Unmet(Base):
    """How many searches of a week found nothing for a need in a province. Nothing says who searched, or when
    within the week, and one search for two needs counts under both: it cannot be put together again."""

    __tablename__ = "directory_unmet"
    __table_args__ = (WITHOUT_ORDER,)

    week: Mapped[date] = mapped_column(primary_key=True)  # its Monday
    region: Mapped[str] = mapped_column(String(2), primary_key=True)  # "--": nowhere was named
    need: Mapped[str] = mapped_column(String(32), primary_key=True)  # "": in words alone
    searches: Mapped[int]
