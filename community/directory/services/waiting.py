"""What a file says of a record that it does not hold: added to the record, or kept until that comes."""

from __future__ import annotations

import json
from collections.abc import Iterable

from sqlalchemy import and_, delete, or_, select

from community.core.bulk import insert
from community.core.db import db
from community.directory.hsds.fields import tables
from community.directory.hsds.rows import Row
from community.directory.models import FileValue
from community.directory.queries.graph import Key, portions
from community.directory.services.runs import Import, dump

WAITS = "waits:"  # no field is called so


def see_to(rows: dict[Key, Row], there: Iterable[Key], run: Import) -> None:
    """Take out of these rows what adds to records that are not there, and give new ones what waited."""
    known = set(there)
    absent = [key for key, row in rows.items() if row.adds and key not in known]
    for key in absent:
        row = rows.pop(key)
        said = f"names what is not there ({row.kind}), kept until it comes"
        run.report.fact(tables()[row.kind].stem, said, row.where)
        _keep(row)
    fresh = rows.keys() - known
    for key, value in _waiting(fresh) if fresh else ():
        rows[key].data = {**json.loads(value), **rows[key].data}
        _forget([key])


def _keep(row: Row) -> None:
    _forget([(row.kind, row.id)])
    value = dump({name: value for name, value in row.data.items() if name != "id"})
    db.session.execute(insert(FileValue), [{"kind": row.kind, "id": row.id, "name": WAITS, "value": value}])


def _waiting(keys: Iterable[Key]) -> list[tuple[Key, str]]:
    if db.session.scalar(select(FileValue.id).where(FileValue.name == WAITS).limit(1)) is None:
        return []
    wanted, found = set(keys), []
    for some in portions(sorted({id for _, id in wanted})):
        rows = select(FileValue.kind, FileValue.id, FileValue.value)
        mine = rows.where(FileValue.name == WAITS, FileValue.id.in_(some))
        for kind, id, value in db.session.execute(mine.order_by(FileValue.id, FileValue.kind)):
            if (kind, id) in wanted:
                found.append(((kind, id), value))
    return found


def _forget(keys: Iterable[Key]) -> None:
    named = [and_(FileValue.kind == kind, FileValue.id == id) for kind, id in keys]
    db.session.execute(delete(FileValue).where(FileValue.name == WAITS, or_(*named)))
