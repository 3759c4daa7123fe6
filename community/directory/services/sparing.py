"""What people here changed stays when a file comes by that only says what it said before.

Of each value that somebody changed, what the last file said of it is kept (``FileValue``). A file that
repeats it changes nothing; one that says something else again is a clash: ours stands, theirs is offered to
those who keep the records (``services.offers``), and is what the last file said from then on.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import and_, delete, select

from community.core.bulk import insert
from community.core.db import db
from community.directory.hsds.fields import tables
from community.directory.hsds.rows import Edge, Row
from community.directory.mending.merging import Clash, settle
from community.directory.models import FileValue, Link
from community.directory.queries.graph import Key, portions
from community.directory.services.runs import Change, Import, dump
from community.directory.services.waiting import WAITS

Values = dict[Key, dict[str, Any]]
# Lists that people change as one: what is new in them waits, too.
_AS_ONE = "schedules"
_ALWAYS = frozenset({"metadata"})  # a list that only grows


def remember(changes: Iterable[Change]) -> None:
    """Keep what the last file said of the fields that somebody is changing; forget it where they go back."""
    fresh, back = [], set[tuple[str, str, str]]()
    for change in changes:
        key, before = (change.row.kind, change.row.id), change.before
        if before is None or key[0] == "metadata":
            continue
        names = [name for name in {*before, *change.after} if before.get(name) != change.after.get(name)]
        known = of_keys([key]).get(key, {})
        for name in names:
            if name not in known:
                fresh.append(_row(key, name, before.get(name)))
            elif known[name] == change.after.get(name):
                back.add((*key, name))
    _add(fresh)
    _forget(back)


def remember_lists(added: Sequence[Edge], gone: Sequence[Edge]) -> None:
    """Keep what somebody put on a list, and what was taken off it."""
    fresh = []
    back = set[tuple[str, str, str]]()
    for act, other, edges in (("put", "off", added), ("off", "put", gone)):
        for edge in edges:
            if edge.slot in _ALWAYS or edge.child_kind not in {"phone", "schedule"}:
                continue
            child = (edge.child_kind, edge.child_id)
            holder = [edge.parent_kind, edge.parent_id, edge.slot]
            fresh.append(_row((edge.parent_kind, edge.parent_id), f"of:{edge.parent_id}:{edge.slot}", holder))
            if _mark(other, edge) in of_keys([child]).get(child, {}):
                back.add((*child, _mark(other, edge)))
            else:
                fresh.append(_row(child, _mark(act, edge), holder))
    _forget(back)
    _add(fresh)


def _mark(act: str, edge: Edge) -> str:
    return f"{act}:{edge.parent_id}:{edge.slot}"


def of_keys(keys: Iterable[Key]) -> Values:
    """What is remembered of these records."""
    wanted, found = set(keys), Values()
    for some in portions(sorted({id for _, id in wanted})):
        rows = select(FileValue.kind, FileValue.id, FileValue.name, FileValue.value).where(
            FileValue.name != WAITS
        )
        for kind, id, name, value in db.session.execute(rows.where(FileValue.id.in_(some))):
            if (kind, id) in wanted:
                found.setdefault((kind, id), {})[name] = json.loads(value)
    return found


def spare(rows: dict[Key, Row], there: dict[Key, dict[str, Any]], run: Import) -> list[Clash]:
    """Take out of the rows of a file what would undo the work of people. Returns what both changed."""
    if db.session.scalar(select(FileValue.id).limit(1)) is None:
        return []
    edges = [edge for row in rows.values() for edge in row.edges]
    keys = {(edge.child_kind, edge.child_id) for edge in edges}
    known = of_keys(keys | {(edge.parent_kind, edge.parent_id) for edge in edges} | rows.keys())
    if not known:
        return []
    clashes = [
        clash
        for key, row in rows.items()
        if key in known
        for clash in _fields(row, there.get(key), known[key])
    ]
    for row in rows.values():
        clashes += [*_dropped(row, known), *_lists(row, known)]
        clashes += _changed_off(row, there.get((row.kind, row.id)), known)
    for clash in clashes:
        stem = tables()[clash.kind].stem
        run.report.keep(stem, clash.where, clash.column, clash.ours, clash.theirs)
    return clashes


def _fields(row: Row, before: dict[str, Any] | None, known: dict[str, Any]) -> list[Clash]:
    """The fields of a row that somebody changed: the row says no more than what stands from now on."""
    found: list[Clash] = []
    if before is None:
        return found
    key, own = (row.kind, row.id), "fr" if before.get("texts_in") == "fr" else "en"
    for name in [name for name in row.data if name in known]:
        theirs = row.data[name]
        settled = settle(*key, name, known[name], before.get(name), theirs, own)
        if settled.as_file:
            _forget({(*key, name)})
            continue
        row.data[name] = settled.value
        if settled.value is None or settled.value == before.get(name):
            del row.data[name]
        if theirs != known[name]:
            _forget({(*key, name)})
            _add([_row(key, name, theirs)])
        found += [Clash(**{**vars(clash), "where": row.where}) for clash in settled.clashes]
    return found


def _lists(row: Row, known: Values) -> list[Clash]:
    """What somebody took off a list stays off, and what somebody put on it stays on."""
    kept, found = [], []
    for edge in row.edges:
        child, holder = (edge.child_kind, edge.child_id), (edge.parent_kind, edge.parent_id)
        if _mark("off", edge) in known.get(child, {}):
            continue
        as_one = edge.slot == _AS_ONE and _mark("of", edge) in known.get(holder, {})
        if as_one and not _is_tied(edge):
            _add([_row(child, _mark("off", edge), [*holder, edge.slot])])
            found.append(Clash(*holder, _AS_ONE, "", "", f"schedule {child[1]}", row.where))
            continue
        kept.append(edge)
    row.edges = kept
    return found


def _is_tied(edge: Edge) -> bool:
    return db.session.get(Link, tuple(getattr(edge, name) for name in _LINK)) is not None


_LINK = [column.name for column in Link.__table__.primary_key]


def _dropped(row: Row, known: Values) -> list[Clash]:
    """A schedule that people put others in place of, and that the file no longer lists."""
    holder = (row.kind, row.id)
    if _AS_ONE not in row.whole or f"of:{row.id}:{_AS_ONE}" not in known.get(holder, {}):
        return []
    listed = {edge.child_id for edge in row.edges if edge.slot == _AS_ONE}
    gone = [id for id in taken_off(holder, _AS_ONE) if id not in listed]
    _forget(("schedule", id, f"off:{row.id}:{_AS_ONE}") for id in gone)
    return [Clash(*holder, _AS_ONE, "", f"schedule {id}", "", row.where) for id in gone]


def _changed_off(row: Row, before: dict[str, Any] | None, known: Values) -> list[Clash]:
    """A schedule or a telephone that people took off a list, and that the file changed."""
    if row.kind not in {"phone", "schedule"} or before is None:
        return []
    if not any(name in before and before[name] != value for name, value in row.data.items()):
        return []
    marks = [value for name, value in known.get((row.kind, row.id), {}).items() if name.startswith("off:")]
    return [Clash(kind, id, slot, "", "", f"{row.kind} {row.id}", row.where) for kind, id, slot in marks]


def without_ours(gone: Sequence[Edge]) -> list[Edge]:
    """Of what a file no longer lists, that which people did not put there or change."""
    if not gone:
        return []
    known = of_keys((edge.child_kind, edge.child_id) for edge in gone)
    return [edge for edge in gone if (edge.child_kind, edge.child_id) not in known]


def taken_off(holder: Key, slot: str) -> list[str]:
    """The ids of what files list there and people took off."""
    rows = select(FileValue.id).where(FileValue.name == f"off:{holder[1]}:{slot}")
    return sorted(db.session.scalars(rows))


def put_on(holder: Key, slot: str) -> set[str]:
    """The ids of what people put on a list."""
    return set(db.session.scalars(select(FileValue.id).where(FileValue.name == f"put:{holder[1]}:{slot}")))


def _row(key: Key, name: str, value: Any) -> dict[str, Any]:
    return {"kind": key[0], "id": key[1], "name": name, "value": dump(value)}


def _add(rows: list[dict[str, Any]]) -> None:
    if rows:
        db.session.execute(insert(FileValue), rows)


def _forget(keys: Iterable[tuple[str, str, str]]) -> None:
    for kind, id, name in keys:
        one = and_(FileValue.kind == kind, FileValue.id == id, FileValue.name == name)
        db.session.execute(delete(FileValue).where(one))
