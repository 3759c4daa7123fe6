"""What lists of services need: one row per service at a place, made from the documents for readers."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import BigInteger, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from community.core.db import Base, UtcDateTime


class Listing(Base):
    """A service where it is given. Made of its public document, so a withheld address is never in it."""

    __tablename__ = "directory_listing"
    __table_args__ = (
        # All that narrowing and ordering look at, so that they read no row they do not show. In SQLite each
        # index holds the number of the row by itself.
        Index(
            "ix_directory_listing_find",
            "region",
            "marks",
            "minimum_age",
            "maximum_age",
            "confirmed_on",
            "open_from",
            "open_until",
            "latitude",
            "longitude",
            postgresql_include=["id"],
        ),
        Index("ix_directory_listing_service_id", "service_id"),
        Index("ix_directory_listing_open_until", "open_until"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    service_id: Mapped[str] = mapped_column(String(36))
    place_id: Mapped[str] = mapped_column(String(36))  # "" for a service without a place
    region: Mapped[str] = mapped_column(String(8))  # "" everywhere in Canada, "--" not known
    marks: Mapped[int] = mapped_column(BigInteger)
    minimum_age: Mapped[float | None]
    maximum_age: Mapped[float | None]
    confirmed_on: Mapped[date | None]
    # The opening that lasts, or the next one; a job moves them on.
    open_from: Mapped[datetime | None] = mapped_column(UtcDateTime)
    open_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    latitude: Mapped[float | None]
    longitude: Mapped[float | None]
    wait_days: Mapped[int | None]
    zone: Mapped[str] = mapped_column(String(40))
    schedules: Mapped[str] = mapped_column(Text)  # JSON: those of HSDS that say when it is open
    card: Mapped[str] = mapped_column(Text)  # JSON: what a list shows of it
