"""Referrals without patients: a name's own list for ninety days, and counts that are nobody's.

Nothing here can hold a person who was referred. The two kinds of rows are tied by nothing: a count has no
name, no day and no order in which it was made.
"""

from __future__ import annotations

from datetime import date

from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from community.core.db import WITHOUT_ORDER, Base
from community.core.ids import new_key

# What became of a referral; first what is said of one that nobody asked about yet. "refused" is said of the
# service, "declined" of the person: they are never added up as if they were one.
OUTCOMES = ("unknown", "taken_in", "waiting", "refused", "declined")
_LISTED = ",".join(f"'{outcome}'" for outcome in OUTCOMES)
KINDS = ("all", "region", "need", "profession", "service")


class Referral(Base):
    """A name referred somebody to a service on a day. Only that name ever sees it."""

    __tablename__ = "referral"
    __table_args__ = (
        CheckConstraint(f"outcome IN ({_LISTED})", name="outcome"),
        Index("ix_referral_persona_id", "persona_id", "made_on"),
        WITHOUT_ORDER,
    )

    key: Mapped[str] = mapped_column(String(22), primary_key=True, default=new_key)
    persona_id: Mapped[str] = mapped_column(ForeignKey("persona.id", ondelete="CASCADE"))
    service_id: Mapped[str] = mapped_column(String(36))
    made_on: Mapped[date] = mapped_column(index=True)
    outcome: Mapped[str] = mapped_column(String(8), default="unknown")
    # As it was that day, so that another outcome moves the same unit.
    profession: Mapped[str] = mapped_column(String(24))
    # How many times this name was asked what became of it.
    asked: Mapped[int] = mapped_column(default=0, server_default="0")


class ReferralCount(Base):
    """How many were referred to a service in a month, by outcome and by the profession of who referred."""

    __tablename__ = "referral_count"
    __table_args__ = (
        CheckConstraint(f"outcome IN ({_LISTED})", name="outcome"),
        CheckConstraint("count > 0", name="count"),
        WITHOUT_ORDER,
    )

    service_id: Mapped[str] = mapped_column(String(36), primary_key=True)
    month: Mapped[date] = mapped_column(primary_key=True)  # its first day
    outcome: Mapped[str] = mapped_column(String(8), primary_key=True)
    profession: Mapped[str] = mapped_column(String(24), primary_key=True)
    count: Mapped[int]


class ReferralRate(Base):
    """A line of published figures: computed once when nothing of its months can change, then kept.

    A figure that may not be told is stored as none, so that nothing that reads this table can tell it.
    """

    __tablename__ = "referral_rate"
    __table_args__ = (CheckConstraint("kind IN ('all','region','need','profession','service')", name="kind"),)

    first: Mapped[date] = mapped_column(primary_key=True)  # the first day of its first month
    kind: Mapped[str] = mapped_column(String(10), primary_key=True)
    code: Mapped[str] = mapped_column(String(40), primary_key=True)  # "" for all of them
    last: Mapped[date]  # the first day of its last month
    referred: Mapped[int | None]
    taken_in: Mapped[int | None]
    # Of those who were not taken in as far as is known; only of all of them together.
    waiting: Mapped[int | None]
    refused: Mapped[int | None]
    declined: Mapped[int | None]
    unknown: Mapped[int | None]
    published_on: Mapped[date]
