"""What changed, in the words of HSDS metadata: one for each field that another value stood in."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from sqlalchemy import delete, select

from community.core.db import db
from community.core.ids import new_key
from community.directory.hsds.rows import Edge, Row
from community.directory.models import Link, Record
from community.directory.queries.graph import portions
from community.directory.services.runs import Change, Import, dump
from community.directory.withholding import told_of_flag

LONGEST_VALUE = 2_000  # characters of a value
_BEGIN = datetime(2020, 1, 1, tzinfo=UTC)


def history(change: Change, run: Import, moment: datetime) -> list[tuple[dict[str, Any], Edge]]:
    """One HSDS ``metadata`` for each field that another value stood in; metadata has none of its own."""
    row, before = change.row, change.before or {}
    if row.kind == "metadata":
        return []
    known = before.keys() | (row.data.keys() if run.traced and change.before is not None else ())
    names = [name for name in row.data if name in known and before.get(name) != row.data[name]]
    return [_metadata(row, name, before.get(name), row.data[name], run, moment) for name in names]


def forget_history(location_id: str) -> None:
    """Take out what was told of the address of a place: it may name one that was withheld until now."""
    addresses = select(Link.child_id).where(
        Link.parent_kind == "location", Link.parent_id == location_id, Link.slot == "addresses"
    )
    owners = [location_id, *db.session.scalars(addresses)]
    lines = select(Link.child_id).where(Link.parent_id.in_(owners), Link.slot == "metadata")
    ids = list(db.session.scalars(lines))
    for some in portions(ids):
        rows = select(Record.id, Record.data).where(Record.kind == "metadata", Record.id.in_(some))
        gone = [id for id, data in db.session.execute(rows) if told_of_flag(json.loads(data)) is None]
        db.session.execute(delete(Link).where(Link.child_kind == "metadata", Link.child_id.in_(gone)))
        db.session.execute(delete(Record).where(Record.kind == "metadata", Record.id.in_(gone)))


def _metadata(row: Row, name: str, was: Any, now: Any, run: Import, moment: datetime) -> Any:
    made = str(uuid5(NAMESPACE_URL, new_key()))
    data = {
        "id": made,
        "resource_id": row.id,
        "resource_type": row.kind,
        "last_action_date": moment.date().isoformat(),
        "last_action_type": "update",
        "field_name": name,
        "previous_value": _as_text(was),
        "replacement_value": _as_text(now),
        "updated_by": run.source or "import",
    }
    record = {
        "kind": "metadata",
        "id": made,
        "data": dump(data),
        "parent_id": None,
        "withheld": False,
        "state": "public",
        "source": run.source,
        "changed_at": moment,
    }
    return record, Edge(row.kind, row.id, "metadata", "metadata", made, place_at(moment))


def place_at(moment: datetime) -> int:
    """The place in a history of what was changed at a moment: HSDS tells the day alone, and a value may be
    changed twice in one. Days were counted before (739,000 and more), which all come first."""
    return int((moment - _BEGIN).total_seconds())


def _as_text(value: Any) -> str:
    if value is None:
        return ""
    return (value if isinstance(value, str) else json.dumps(value, ensure_ascii=False))[:LONGEST_VALUE]
