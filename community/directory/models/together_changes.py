"""What was done with groups, links and training: one history for the three."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import JSON, CheckConstraint, String
from sqlalchemy.orm import Mapped, mapped_column

from community.core.db import Base


class TogetherChange(Base):
    """One entry of a history: what was done on which day and in which capacity, and the values that differ.

    It has no reference to what it is about, which stands in three tables: who takes that away takes its
    history along.
    """

    __tablename__ = "directory_together_change"
    __table_args__ = (
        CheckConstraint("kind IN ('group','link','training')", name="kind"),
        CheckConstraint("writer IN ('keeper','coordinator','operator')", name="writer"),
    )

    kind: Mapped[str] = mapped_column(String(8), primary_key=True)
    key: Mapped[str] = mapped_column(String(22), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    done_on: Mapped[date]
    writer: Mapped[str] = mapped_column(String(11))
    act: Mapped[str] = mapped_column(String(20))
    before: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    after: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
