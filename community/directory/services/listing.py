"""Keep the rows of lists true: when documents change, and as openings pass."""

from __future__ import annotations

import json
from collections.abc import Collection
from dataclasses import asdict
from zoneinfo import ZoneInfo

from sqlalchemy import delete, insert, select, update

from community.accounts.viewer import VISITOR
from community.core import clock
from community.core.db import db
from community.directory.finding import listed
from community.directory.models import Listing
from community.directory.opening import hours
from community.directory.queries import documents

AT_ONCE = 2_000  # openings moved on in one transaction


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
        span = hours.current_or_next(hours.rules(json.loads(schedules)), ZoneInfo(zone), now)
        opens, closes = (span.opens, span.closes) if span else (None, None)
        changes.append({"id": id, "open_from": opens, "open_until": closes})
    if changes:
        db.session.execute(update(Listing), changes)
    return len(rows)
