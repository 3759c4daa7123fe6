"""The append-only record of what moderators, coordinators and administrators did.

Each entry holds the hash of the one before (a hash chain, as in RFC 6962's log but linear), so
that changing or removing any entry shows. The actor is a persona, never a member.
"""

from __future__ import annotations

import hashlib
import json
from contextlib import closing
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import JSON, String, select, text
from sqlalchemy.orm import Mapped, mapped_column

from community.core import clock
from community.core.db import Base, UtcDateTime, db

FIRST = "0" * 64
LATELY = timedelta(days=1)
_LOCK = 7316_2024  # any fixed number: the advisory lock that makes entries follow one another


class AuditEntry(Base):
    """One act of somebody with a duty, chained to the act before it."""

    __tablename__ = "audit_entry"

    number: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    actor_id: Mapped[str] = mapped_column(String(40))  # a persona, or "operator" for the command line
    act: Mapped[str] = mapped_column(String(80), index=True)
    target: Mapped[str] = mapped_column(String(120), default="", index=True)
    detail: Mapped[dict[str, Any]] = mapped_column(JSON)
    previous: Mapped[str] = mapped_column(String(64))
    hash: Mapped[str] = mapped_column(String(64), unique=True)


def _hash(entry: AuditEntry) -> str:
    said = [
        entry.number,
        entry.at.isoformat(),
        entry.actor_id,
        entry.act,
        entry.target,
        entry.detail,
        entry.previous,
    ]
    return hashlib.sha256(json.dumps(said, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


def record(actor_id: str, act: str, target: str = "", **detail: Any) -> AuditEntry:
    """Append an act to the chain in the open transaction. ``detail`` holds no personal data."""
    if db.engine.dialect.name == "postgresql":
        db.session.execute(text("SELECT pg_advisory_xact_lock(:n)"), {"n": _LOCK})
    last = db.session.scalar(select(AuditEntry).order_by(AuditEntry.number.desc()).limit(1))
    entry = AuditEntry(
        number=(last.number if last else 0) + 1,
        at=clock.now(),
        actor_id=actor_id,
        act=act,
        target=target,
        detail=detail,
        previous=last.hash if last else FIRST,
    )
    entry.hash = _hash(entry)
    db.session.add(entry)
    db.session.flush()
    return entry


def did_lately(actor_id: str, act: str, target: str) -> bool:
    """Whether the register says that this actor did this within the last day."""
    rows = select(AuditEntry.number).where(
        AuditEntry.act == act,
        AuditEntry.target == target,
        AuditEntry.actor_id == actor_id,
        AuditEntry.at > clock.now() - LATELY,
    )
    return db.session.scalar(rows.limit(1)) is not None


def first_break() -> int | None:
    """The number of the first entry that does not fit the chain; None when all do."""
    previous, expected = FIRST, 1
    chain = select(AuditEntry).order_by(AuditEntry.number).execution_options(yield_per=500)
    with closing(db.session.scalars(chain)) as entries:
        for entry in entries:
            if entry.number != expected or entry.previous != previous or entry.hash != _hash(entry):
                return expected
            previous, expected = entry.hash, expected + 1
    return None
