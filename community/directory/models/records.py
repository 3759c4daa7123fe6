"""The facts of the directory as they came, how they hang together, and what readers are given of them.

Nothing here belongs to a person of the community: the names in it are those of organizations and of the
contacts that they publish.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, Index, LargeBinary, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from community.core.db import WITHOUT_ORDER, Base, UtcDateTime

STATES = ("public", "draft", "hidden")


class Record(Base):
    """One object of HSDS: a service, a phone, a schedule. ``data`` holds its own fields as JSON, those that
    nobody knows here too; what is nested in it elsewhere is a record of its own."""

    __tablename__ = "directory_record"
    __table_args__ = (
        CheckConstraint("state IN ('public','draft','hidden')", name="state"),
        Index("ix_directory_record_id", "id"),
        WITHOUT_ORDER,
    )

    kind: Mapped[str] = mapped_column(String(24), primary_key=True)
    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    data: Mapped[str] = mapped_column(Text)
    # Of organizations and terms: what it is part of, to find circles.
    parent_id: Mapped[str | None] = mapped_column(String(36))
    # A location whose address nobody may learn.
    withheld: Mapped[bool] = mapped_column(default=False, server_default="0")
    # Only of services, organizations and locations does it say who sees them.
    state: Mapped[str] = mapped_column(String(6), default="public", server_default="public")
    source: Mapped[str] = mapped_column(String(80), default="")
    changed_at: Mapped[datetime] = mapped_column(UtcDateTime)


class Link(Base):
    """One record is nested in another: this phone among the phones of that service. The other end may be
    missing: a file may name what it does not hold."""

    __tablename__ = "directory_link"
    __table_args__ = (Index("ix_directory_link_child_id", "child_id"), WITHOUT_ORDER)

    parent_id: Mapped[str] = mapped_column(String(36), primary_key=True)
    parent_kind: Mapped[str] = mapped_column(String(24), primary_key=True)
    slot: Mapped[str] = mapped_column(String(24), primary_key=True)
    child_id: Mapped[str] = mapped_column(String(36), primary_key=True)
    child_kind: Mapped[str] = mapped_column(String(24), primary_key=True)
    position: Mapped[int] = mapped_column(default=0)


class Stale(Base):
    """A record that was changed and whose documents are yet to be written up."""

    __tablename__ = "directory_stale"
    __table_args__ = (WITHOUT_ORDER,)

    kind: Mapped[str] = mapped_column(String(24), primary_key=True)
    id: Mapped[str] = mapped_column(String(36), primary_key=True)


class FileValue(Base):
    """What the last file said of something that somebody here changed since, so that the next one does not
    undo it; and what a file said of a record that is not there yet. ``name`` is a field, ``of:<id>:<slot>``
    for a list that was changed, ``off:<id>:<slot>`` and ``put:<id>:<slot>`` for what was taken off the list
    of that record and what was put on it, or ``waits:`` for what waits for its record."""

    __tablename__ = "directory_file_value"
    __table_args__ = (WITHOUT_ORDER,)

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    kind: Mapped[str] = mapped_column(String(24), primary_key=True)
    name: Mapped[str] = mapped_column(String(80), primary_key=True)
    value: Mapped[str] = mapped_column(Text)  # JSON


class Document(Base):
    """What readers are given of a service, an organization or a service at a location, ready to be sent.

    Everything in it is public: what is withheld was cut before it was stored.
    """

    __tablename__ = "directory_document"
    __table_args__ = (
        CheckConstraint("state IN ('public','draft','hidden')", name="state"),
        Index("ix_directory_document_list", "kind", "state", "id"),
        Index("ix_directory_document_organization_id", "organization_id"),
        Index("ix_directory_document_service_id", "service_id"),
    )

    kind: Mapped[str] = mapped_column(String(24), primary_key=True)
    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    state: Mapped[str] = mapped_column(String(6))
    organization_id: Mapped[str | None] = mapped_column(String(36))
    service_id: Mapped[str | None] = mapped_column(String(36))
    # Of a service at a location that may be shown: where it is, in degrees and by postal code without spaces.
    latitude: Mapped[float | None]
    longitude: Mapped[float | None]
    postal_code: Mapped[str | None] = mapped_column(String(12))
    words: Mapped[str] = mapped_column(Text)  # folded, to be searched
    listed: Mapped[str] = mapped_column(Text)  # JSON, as lists show it
    whole: Mapped[bytes | None] = mapped_column(LargeBinary)  # JSON with all that is nested, packed (zlib)
    digest: Mapped[str] = mapped_column(String(32))
    changed_at: Mapped[datetime] = mapped_column(UtcDateTime)


class DocumentTerm(Base):
    """A term of a taxonomy that a service carries, to find services by it."""

    __tablename__ = "directory_document_term"
    __table_args__ = (Index("ix_directory_document_term_term_id", "term_id"), WITHOUT_ORDER)

    service_id: Mapped[str] = mapped_column(String(36), primary_key=True)
    term_id: Mapped[str] = mapped_column(String(36), primary_key=True)
    taxonomy_id: Mapped[str | None] = mapped_column(String(36), index=True)
