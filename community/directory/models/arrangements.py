"""What organizations arranged: corridors, access mechanisms, liaison contacts, expert support.

They belong to the organizations, not to whoever wrote them down: of that name only so much is kept that
somebody else agrees, and no longer than until then.
"""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from community.core.db import Base
from community.core.ids import new_key

STATES = ("draft", "in_force", "ended")
WRITERS = ("keeper", "coordinator", "operator")
ACTS = ("arranged", "changed", "proposed", "agreed", "refused", "confirmed", "ended")


class Arrangement(Base):
    """One corridor, mechanism, liaison contact or expert support: its terms, and what it is found by."""

    __tablename__ = "directory_arrangement"
    __table_args__ = (
        CheckConstraint("kind IN ('corridor','mechanism','liaison','support')", name="kind"),
        CheckConstraint("state IN ('draft','in_force','ended')", name="state"),
        CheckConstraint("(kind = 'corridor') = (from_organization_id IS NOT NULL)", name="from"),
        Index("ix_directory_arrangement_list", "kind", "state", "id"),
        Index("ix_directory_arrangement_organization_id", "organization_id"),
        Index("ix_directory_arrangement_from_organization_id", "from_organization_id"),
        Index("ix_directory_arrangement_review_on", "review_on"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(22), unique=True, default=new_key)
    kind: Mapped[str] = mapped_column(String(9))
    state: Mapped[str] = mapped_column(String(8), default="draft")
    # Who receives, runs it, answers; without a service all those of the organization are meant.
    organization_id: Mapped[str] = mapped_column(String(36))
    service_id: Mapped[str | None] = mapped_column(String(36))
    # Of a corridor: who refers.
    from_organization_id: Mapped[str | None] = mapped_column(String(36))
    from_service_id: Mapped[str | None] = mapped_column(String(36))
    terms: Mapped[dict[str, Any]] = mapped_column(JSON)
    # Whoever is led there by it may call: everybody, or those who treat and accompany others.
    public: Mapped[bool] = mapped_column(default=False, server_default="0")
    starts_on: Mapped[date | None]
    signed_until: Mapped[date | None]
    confirmed_on: Mapped[date]
    review_on: Mapped[date]
    reminded_on: Mapped[date | None]
    # Sides whose word is missing ("from to", "second"), for the whole while it is a draft, else for what is
    # proposed; and the name that proposed it, which cannot be the second.
    waits_for: Mapped[str] = mapped_column(String(12), default="", server_default="")
    proposed: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    proposed_by: Mapped[str | None] = mapped_column(ForeignKey("persona.id", ondelete="SET NULL"), index=True)
    version: Mapped[int] = mapped_column(default=1, server_default="1")

    regions: Mapped[list[ArrangementRegion]] = relationship(cascade="all, delete-orphan")
    services: Mapped[list[ArrangementService]] = relationship(cascade="all, delete-orphan")


class ArrangementRegion(Base):
    """A region in which an arrangement has its place, because it names it."""

    __tablename__ = "directory_arrangement_region"

    region: Mapped[str] = mapped_column(String(8), primary_key=True)
    arrangement_id: Mapped[int] = mapped_column(
        ForeignKey("directory_arrangement.id", ondelete="CASCADE"), primary_key=True, index=True
    )


class ArrangementService(Base):
    """A service that an arrangement leads to."""

    __tablename__ = "directory_arrangement_service"

    service_id: Mapped[str] = mapped_column(String(36), primary_key=True)
    arrangement_id: Mapped[int] = mapped_column(
        ForeignKey("directory_arrangement.id", ondelete="CASCADE"), primary_key=True, index=True
    )


class ArrangementChange(Base):
    """One entry of an arrangement's history: what was done on which day by whom in which capacity, and what
    stood there before."""

    __tablename__ = "directory_arrangement_change"
    __table_args__ = (
        CheckConstraint(
            "act IN ('arranged','changed','proposed','agreed','refused','confirmed','ended')", name="act"
        ),
        CheckConstraint("writer IN ('keeper','coordinator','operator')", name="writer"),
    )

    arrangement_id: Mapped[int] = mapped_column(
        ForeignKey("directory_arrangement.id", ondelete="CASCADE"), primary_key=True
    )
    number: Mapped[int] = mapped_column(primary_key=True)
    done_on: Mapped[date]
    writer: Mapped[str] = mapped_column(String(11))
    act: Mapped[str] = mapped_column(String(9))
    before: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    after: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
