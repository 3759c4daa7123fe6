"""Keep the rows of lists true: when documents change, and as openings pass."""

from __future__ import annotations

import json
from collections.abc import Collection, Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Row, bindparam, delete, insert, select, update

from community.accounts.viewer import VISITOR
from community.core import clock, store
from community.core.db import db, transaction
from community.directory.finding import listed
from community.directory.models import Listing
from community.directory.opening import hours
from community.directory.opening.schedules import rules
from community.directory.queries import documents

AT_ONCE = 2_000  # openings moved on in one transaction
CLOSED_AT_ONCE = 100  # closed places looked at in one go: each may have a year looked through
# And in a day: of a hundred thousand each comes up within the two months that are looked ahead.
CLOSED_A_DAY = 2_000
_SEEN_TO = "directory.closed_seen_to"  # the last that was looked at


def write(service_ids: Collection[str]) -> int:
    """Make the rows of these services anew from what everybody may read of them. Returns how many rows."""
    found = documents.services(VISITOR, service_ids)
    now = clock.now()
    rows = [asdict(row) for id in sorted(found) for row in listed.rows(found[id], now)]
    db.session.execute(delete(Listing).where(Listing.service_id.in_(list(service_ids))))
    if rows:
        db.session.execute(insert(Listing), rows)
    return len(rows)


def move_openings_on(most: int = AT_ONCE) -> int:
    """Of places that closed, keep the next opening instead. Returns how many were looked at."""
    now = clock.now()
    passed = select(Listing.id, Listing.zone, Listing.schedules).where(Listing.open_until <= now)
    rows = db.session.execute(passed.order_by(Listing.open_until).limit(most)).all()
    changes = []
    for id, zone, schedules in rows:
        span = _next(schedules, zone, now)
        opens, closes = (span.opens, span.closes) if span else (None, None)
        changes.append({"id": id, "open_from": opens, "open_until": closes})
    if changes:
        db.session.execute(update(Listing), changes)
    return len(rows)


def closed(most: int) -> list[Row[Any]]:
    """Places with hours that were listed without an opening, from the one after those looked at last; at the
    end it begins again. For :func:`open_again`."""
    asked = select(Listing.id, Listing.service_id, Listing.zone, Listing.schedules).where(
        Listing.open_until.is_(None), Listing.schedules != "[]"
    )
    after = asked.where(Listing.id > int(store.get(_SEEN_TO, 0))).order_by(Listing.id).limit(most)
    return list(db.session.execute(after))


def open_again(rows: Sequence[Row[Any]]) -> int:
    """Keep the next opening of those of these places that have one in sight by now, in a transaction of its
    own: to look for it takes longer than anybody should wait to write. Returns how many there are."""
    now = clock.now()
    spans = [(row, _next(row.schedules, row.zone, now)) for row in rows]
    found = [
        {"at": row.id, "of": row.service_id, "opens": span.opens, "closes": span.closes}
        for row, span in spans
        if span
    ]
    mine = (Listing.id == bindparam("at"), Listing.service_id == bindparam("of"))
    changed = update(Listing.__table__).where(*mine, Listing.open_until.is_(None))  # type: ignore[arg-type]
    with transaction():
        if found:
            values = changed.values(open_from=bindparam("opens"), open_until=bindparam("closes"))
            db.session.execute(values, found)
        store.put(_SEEN_TO, rows[-1].id if rows else 0)
    return len(found)


def _next(schedules: str, zone: str, now: datetime) -> hours.Span | None:
    return hours.current_or_next(rules(json.loads(schedules)), ZoneInfo(zone), now)
