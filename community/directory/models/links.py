"""How closely two organizations work together, what they may tell each other, how often they met on it."""

from __future__ import annotations

from datetime import date

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint, false
from sqlalchemy.orm import Mapped, mapped_column, relationship

from community.core.db import Base
from community.core.ids import new_key

# From "at the moment of a referral" to "a real work in concert" (seed 002).
INTENSITIES = (1, 2, 3, 4, 5)
EXCHANGED = ("attendance", "services", "assessment", "medication", "plan", "safety", "discharge")
BASES = ("consent", "agreement", "law")


class OrganizationLink(Base):
    """A link between two organizations, stated by one of them and confirmed by the other."""

    __tablename__ = "directory_organization_link"
    __table_args__ = (
        # One of a pair: its two ends are kept in the order of their ids, so no second link says otherwise.
        UniqueConstraint("one_id", "other_id"),
        CheckConstraint("one_id <> other_id", name="two"),
        CheckConstraint("stated_by IN (one_id, other_id)", name="stated_by"),
        CheckConstraint("intensity BETWEEN 1 AND 5", name="intensity"),
        Index("ix_directory_organization_link_other_id", "other_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(22), unique=True, default=new_key)
    one_id: Mapped[str] = mapped_column(String(36))
    other_id: Mapped[str] = mapped_column(String(36))
    stated_by: Mapped[str] = mapped_column(String(36))
    stated_on: Mapped[date]
    confirmed_on: Mapped[date | None]
    intensity: Mapped[int]
    since: Mapped[date | None]
    review_on: Mapped[date] = mapped_column(index=True)
    reminded_for: Mapped[date | None]  # the day of review that its keepers were told of
    # An agreement to exchange information: which kinds, on what basis, which form. Never the information.
    agreement: Mapped[bool] = mapped_column(default=False, server_default=false())
    exchanged: Mapped[str] = mapped_column(String(120), default="")  # codes of EXCHANGED with commas
    basis: Mapped[str] = mapped_column(String(12), default="")
    consent_form: Mapped[str] = mapped_column(String(80), default="")
    consent_version: Mapped[str] = mapped_column(String(20), default="")

    regions: Mapped[list[LinkRegion]] = relationship(
        cascade="all, delete-orphan", order_by="LinkRegion.region"
    )

    @property
    def ends(self) -> tuple[str, str]:
        """The two organizations."""
        return self.one_id, self.other_id

    @property
    def asked(self) -> str:
        """The organization that did not state it, and confirms it."""
        return self.other_id if self.stated_by == self.one_id else self.one_id


class LinkRegion(Base):
    """A region in which the two work together."""

    __tablename__ = "directory_link_region"
    __table_args__ = (Index("ix_directory_link_region_region", "region"),)

    link_id: Mapped[int] = mapped_column(
        ForeignKey("directory_organization_link.id", ondelete="CASCADE"), primary_key=True
    )
    region: Mapped[str] = mapped_column(String(8), primary_key=True)


class JointWork(Base):
    """How often two organizations worked together on a situation in a month: numbers, and nothing else."""

    __tablename__ = "directory_joint_work"
    __table_args__ = (
        CheckConstraint(
            "discussions BETWEEN 0 AND 999 AND follow_ups BETWEEN 0 AND 999 AND plans BETWEEN 0 AND 999",
            name="counts",
        ),
    )

    link_id: Mapped[int] = mapped_column(
        ForeignKey("directory_organization_link.id", ondelete="CASCADE"), primary_key=True
    )
    month: Mapped[date] = mapped_column(primary_key=True)  # its first day
    discussions: Mapped[int]
    follow_ups: Mapped[int]
    plans: Mapped[int]
