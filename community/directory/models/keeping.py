"""Who keeps an organization's records, what is suggested to be mended, what people report of services."""

from __future__ import annotations

from datetime import date

from sqlalchemy import CheckConstraint, Date, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from community.core.db import WITHOUT_ORDER, Base
from community.core.ids import new_key

# correction: of somebody who does not keep the records; second: of a keeper, and waits for a second person;
# import: of a file that says otherwise than somebody here did.
ORIGINS = ("correction", "second", "import")
CORRECTION_STATES = ("waiting", "accepted", "refused")
REPORTS = ("refused", "waiting", "helpful", "changed")


class Keeper(Base):
    """A name that keeps the records of an organization, as long as its affiliation is verified."""

    __tablename__ = "directory_keeper"
    __table_args__ = (Index("ix_directory_keeper_persona_id", "persona_id"), WITHOUT_ORDER)

    organization_id: Mapped[str] = mapped_column(String(36), primary_key=True)
    persona_id: Mapped[str] = mapped_column(ForeignKey("persona.id", ondelete="CASCADE"), primary_key=True)
    # The affiliation that the coordinator tied to the organization.
    credential_id: Mapped[str] = mapped_column(ForeignKey("credential.id", ondelete="CASCADE"), index=True)
    since: Mapped[date] = mapped_column(Date)


class Correction(Base):
    """Something that somebody says is wrong, perhaps with what should stand there instead.

    Without an account nothing is kept of who said it. Which values were proposed stands in ``said`` as JSON:
    a list of ``{kind, id, name, lang, before, after}``; the address of a withheld place is never in it.
    """

    __tablename__ = "directory_correction"
    __table_args__ = (
        CheckConstraint("origin IN ('correction','second','import')", name="origin"),
        CheckConstraint("state IN ('waiting','accepted','refused')", name="state"),
        Index("ix_directory_correction_waits", "state", "organization_id"),
        Index("ix_directory_correction_service_id", "service_id", "state"),
        WITHOUT_ORDER,
    )

    key: Mapped[str] = mapped_column(String(22), primary_key=True, default=new_key)
    organization_id: Mapped[str] = mapped_column(String(36))  # "" for an organization that is proposed
    service_id: Mapped[str] = mapped_column(String(36), default="")  # "" for the organization itself
    origin: Mapped[str] = mapped_column(String(10), default="correction")
    what: Mapped[str] = mapped_column(String(12))  # phone, hours, address, web, closed, fields, new, shown …
    said: Mapped[str] = mapped_column(Text, default="[]")
    # How many said the same without proposing anything.
    times: Mapped[int] = mapped_column(default=1)
    suggested_by: Mapped[str | None] = mapped_column(
        ForeignKey("persona.id", ondelete="SET NULL"), index=True
    )
    suggested_on: Mapped[date] = mapped_column(Date)
    state: Mapped[str] = mapped_column(String(8), default="waiting")
    because: Mapped[str] = mapped_column(String(12), default="")  # of a list, when it was refused
    taken: Mapped[str] = mapped_column(Text, default="[]")  # JSON: places in ``said`` that were accepted
    decided_on: Mapped[date | None] = mapped_column(Date)


class ReportCount(Base):
    """How many said this of a service in a month. Nothing of who."""

    __tablename__ = "directory_report_count"
    __table_args__ = (
        CheckConstraint("what IN ('refused','waiting','helpful','changed')", name="what"),
        WITHOUT_ORDER,
    )

    service_id: Mapped[str] = mapped_column(String(36), primary_key=True)
    month: Mapped[date] = mapped_column(Date, primary_key=True)  # its first day
    what: Mapped[str] = mapped_column(String(8), primary_key=True)
    count: Mapped[int] = mapped_column(default=0)


class Reminder(Base):
    """That the keepers of an organization were reminded this month: once is enough."""

    __tablename__ = "directory_reminder"
    __table_args__ = WITHOUT_ORDER

    organization_id: Mapped[str] = mapped_column(String(36), primary_key=True)
    month: Mapped[date] = mapped_column(Date, primary_key=True)
