"""Cross-training: workshops and short observation placements that organizations offer or look for."""

from __future__ import annotations

from datetime import date

from sqlalchemy import CheckConstraint, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from community.core.db import Base
from community.core.ids import new_key

WAYS = ("offer", "request")
KINDS = ("workshop", "placement")
MOST_PLACES = 500


class Training(Base):
    """A workshop or a placement, offered or looked for by an organization; over after its last day."""

    __tablename__ = "directory_training"
    __table_args__ = (
        CheckConstraint("way IN ('offer','request')", name="way"),
        CheckConstraint("kind IN ('workshop','placement')", name="kind"),
        CheckConstraint("starts_on <= ends_on", name="days"),
        Index("ix_directory_training_list", "region", "ends_on"),
        Index("ix_directory_training_organization_id", "organization_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(22), unique=True, default=new_key)
    organization_id: Mapped[str] = mapped_column(String(36))
    way: Mapped[str] = mapped_column(String(8))
    kind: Mapped[str] = mapped_column(String(10))
    region: Mapped[str] = mapped_column(String(8))
    title_en: Mapped[str] = mapped_column(String(160), default="")
    title_fr: Mapped[str] = mapped_column(String(160), default="")
    about_en: Mapped[str] = mapped_column(Text, default="")
    about_fr: Mapped[str] = mapped_column(Text, default="")
    words_en_on: Mapped[date | None]
    words_fr_on: Mapped[date | None]
    place: Mapped[str] = mapped_column(String(160), default="")
    places: Mapped[int | None]  # how many may come; none: not told
    langs: Mapped[str] = mapped_column(String(8))  # "fr", "en" or "en,fr"
    for_whom: Mapped[str] = mapped_column(String(200), default="")  # groups with commas; "" everybody
    starts_on: Mapped[date]
    ends_on: Mapped[date]
