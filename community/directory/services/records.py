"""Keeping records: new ones, and changed ones."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select, update

from community.core import clock
from community.core.bulk import insert_new
from community.core.db import db
from community.directory.hsds.fields import PARENTS, tables
from community.directory.hsds.rows import Row
from community.directory.mending.merging import Clash
from community.directory.models import Link, Record
from community.directory.queries.graph import Key, portions
from community.directory.services import sparing, waiting
from community.directory.services.circles import without_circles
from community.directory.services.edges import cut_loose, keep_edges, within_bounds
from community.directory.services.history import history
from community.directory.services.runs import ROOTS, Change, Import, dump, mark
from community.directory.services.withdrawing import hide_at_once
from community.directory.withholding import is_withheld

# What others name by an id: it may come after them.
_NAMED = ROOTS | {"location", "program", "taxonomy_term", "taxonomy"}


def write(rows: Sequence[Row], run: Import) -> list[Clash]:
    """Keep some rows, in the open transaction; who may was asked before. Returns what a file and people
    both changed: people's stands."""
    merged = within_bounds(_merged(rows, run), run)
    there = _there(merged)
    waiting.see_to(merged, there, run)
    clashes = [] if run.traced else sparing.spare(merged, there, run)
    denied: set[Key] = set()
    found = [_change(row, there, run, denied) for row in merged.values()]
    changes = without_circles([change for change in found if change], run, denied)
    if run.traced:
        sparing.remember(changes)
    touched = _write(changes, run, clock.now())
    touched |= keep_edges([row for key, row in merged.items() if key not in denied], changes, run)
    mark(touched)
    hide_at_once(changes)
    return clashes


def _merged(rows: Iterable[Row], run: Import) -> dict[Key, Row]:
    """Rows of one id as one; a file that nests names the same phone in many places."""
    found: dict[Key, Row] = {}
    for row in rows:
        first = found.get((row.kind, row.id))
        if first is None:
            found[(row.kind, row.id)] = row
        elif column := _contradiction(first.data, row.data):
            _refuse_second(row, column, run)
        else:
            first.data.update(row.data)
            first.edges += row.edges
            first.whole = tuple({*first.whole, *row.whole})
    return found


def _contradiction(one: dict[str, Any], other: dict[str, Any]) -> str:
    return next((name for name, value in other.items() if name in one and one[name] != value), "")


def _refuse_second(row: Row, column: str, run: Import) -> None:
    stem = tables()[row.kind].stem
    run.report.refuse(stem, row.where, column, f"another row has the id {row.id} and says otherwise")


def _there(rows: dict[Key, Row]) -> dict[Key, dict[str, Any]]:
    found = {}
    for some in portions(sorted({row.id for row in rows.values()})):
        for kind, id, data in db.session.execute(
            select(Record.kind, Record.id, Record.data).where(Record.id.in_(some))
        ):
            if (kind, id) in rows:
                found[(kind, id)] = json.loads(data)
    return found


def _change(row: Row, there: dict[Key, dict[str, Any]], run: Import, denied: set[Key]) -> Change | None:
    """What becomes of a row; None when nothing does."""
    stem, before = tables()[row.kind].stem, there.get((row.kind, row.id))
    number = hash((row.kind, row.id))
    again = number in run.met
    run.met.add(number)
    if before is None:
        run.report.count(stem, "new", 0 if again and run.dry else 1)
        return Change(row, None, row.data)
    column = _contradiction(before, row.data)
    if column and again:
        _refuse_second(row, column, run)
        denied.add((row.kind, row.id))
        return None
    after = {**before, **row.data}
    if run.traced:  # what people empty is taken out: no reader expects a field that says null
        after = {name: value for name, value in after.items() if value is not None}
    if after == before:
        run.report.count(stem, "same", 0 if again else 1)
        return None
    if not again:
        run.report.count(stem, "changed")
    return Change(row, before, after)


def _write(changes: list[Change], run: Import, moment: datetime) -> set[Key]:
    new = [_as_row(change, run, moment) for change in changes if change.before is None]
    insert_new(Record, new)
    changed = [change for change in changes if change.before is not None]
    for change in changed:
        _update(change, run, moment)
    told = [one for change in changed for one in history(change, run, moment)]
    insert_new(Record, [record for record, _ in told])
    insert_new(Link, [link._asdict() for _, link in told])
    touched = {(change.row.kind, change.row.id) for change in changed}
    return touched | {(c.row.kind, c.row.id) for c in changes if c.row.kind in _NAMED}


def _as_row(change: Change, run: Import, moment: datetime) -> dict[str, Any]:
    kind, data = change.row.kind, change.after
    parent = data.get(PARENTS.get(kind, ""))
    return {
        "kind": kind,
        "id": change.row.id,
        "data": dump(data),
        "parent_id": str(parent).lower() if parent else None,
        "withheld": kind == "location" and is_withheld(data),
        "state": run.state,
        "source": run.source,
        "changed_at": moment,
    }


def _update(change: Change, run: Import, moment: datetime) -> None:
    values = _as_row(change, run, moment)
    del values["state"]  # who sees it is not what a file says
    mine = (Record.kind == change.row.kind, Record.id == change.row.id)
    db.session.execute(update(Record).where(*mine).values(**values))
    cut_loose(change)
