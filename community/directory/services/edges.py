"""What hangs together: tied by a new row, cut loose by a changed one."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sqlalchemy import delete, select, update

from community.core.bulk import insert_new
from community.core.db import db
from community.directory.hsds.fields import named_ones, owners, tables
from community.directory.hsds.rows import Edge, Row
from community.directory.hsds.shapes import MOST_IN_A_LIST
from community.directory.models import Link
from community.directory.queries.graph import Key, parents_of, portions
from community.directory.services import sparing
from community.directory.services.runs import ROOTS, Change, Import, mark

SUSPICIOUS = 100  # as many of one list in one portion of a table: its length is looked at
_COLUMNS = (Link.parent_kind, Link.parent_id, Link.slot, Link.child_kind, Link.child_id)


def keep_edges(rows: list[Row], changes: list[Change], run: Import) -> set[Key]:
    """Tie together what the rows tie, and take out what a whole list no longer holds."""
    wanted: dict[tuple[Any, ...], Edge] = {tuple(edge[:5]): edge for row in rows for edge in row.edges}
    new = {(change.row.kind, change.row.id) for change in changes if change.before is None}
    there = _edges_there(rows, wanted.values(), new)
    moved = [edge for edge in _in_whole_lists(rows, wanted) if there.get(edge[:5], edge[5]) != edge[5]]
    _move(moved)
    added = [edge for key, edge in wanted.items() if key not in there]
    insert_new(Link, [edge._asdict() for edge in added])
    gone = _no_longer(rows, wanted, there.keys(), new)
    if run.traced:
        sparing.remember_lists(added, gone)
    else:
        gone = sparing.without_ours(gone)
    for edge in gone:
        _unlink(edge)
    fresh = {(edge.parent_kind, edge.parent_id) for edge in (*added, *gone, *moved)}
    return {key for key in fresh if key[0] in ROOTS or key not in new}


def _in_whole_lists(rows: list[Row], wanted: dict[tuple[Any, ...], Edge]) -> list[Edge]:
    """The edges of which a file gave the whole list, in its order."""
    whole = {(row.kind, row.id, slot) for row in rows for slot in row.whole}
    return [edge for edge in wanted.values() if edge[:3] in whole]


def _move(edges: list[Edge]) -> None:
    """Put each at its place in the list."""
    for edge in edges:
        same = [column == value for column, value in zip(_COLUMNS, edge[:5], strict=True)]
        db.session.execute(update(Link).where(*same).values(position=edge.position))


def within_bounds(rows: dict[Key, Row], run: Import) -> dict[Key, Row]:
    """Without the rows of a table that would make the list of some record longer than any may be."""
    left = dict(rows)
    for holder, joining in _crowded(rows).items():
        there = set(db.session.scalars(select(Link.child_id).where(*_in(holder))))
        for row in joining:
            if row.id in there or len(there) < MOST_IN_A_LIST:
                there.add(row.id)
            elif left.pop((row.kind, row.id), None):
                said = f"more than {MOST_IN_A_LIST} in one list"
                run.report.refuse(tables()[row.kind].stem, row.where, f"{holder[0]}_id", said)
    return left


def _crowded(rows: dict[Key, Row]) -> dict[tuple[Any, ...], list[Row]]:
    """The lists that many of these rows are to lie in, by what holds them."""
    joining: dict[tuple[Any, ...], list[Row]] = {}
    for row in rows.values():
        for edge in row.edges:
            if edge.child_id == row.id and edge.slot != "metadata":
                joining.setdefault(edge[:3], []).append(row)
    return {holder: some for holder, some in joining.items() if len(some) > SUSPICIOUS}


def _in(holder: tuple[Any, ...]) -> list[Any]:
    return [column == value for column, value in zip(_COLUMNS[:3], holder, strict=True)]


def _edges_there(rows: list[Row], wanted: Iterable[Edge], new: set[Key]) -> dict[tuple[Any, ...], int]:
    """The edges that are known already, of all that could matter, and at which place of its list each is."""
    parents = {edge.parent_id for edge in wanted if (edge.parent_kind, edge.parent_id) not in new}
    parents |= {row.id for row in rows if row.whole and (row.kind, row.id) not in new}
    found: dict[tuple[Any, ...], int] = {}
    for some in portions(sorted(parents)):
        rows_there = select(*_COLUMNS, Link.position).where(Link.parent_id.in_(some))
        found |= {tuple(link[:5]): link[5] for link in db.session.execute(rows_there)}
    return found


def _no_longer(
    rows: list[Row], wanted: dict[tuple[Any, ...], Edge], there: Iterable[tuple[Any, ...]], new: set[Key]
) -> list[Edge]:
    """What lies in a place of which a file gave the whole list, without this. History stays."""
    whole = {(row.kind, row.id, slot) for row in rows for slot in row.whole if slot != "metadata"}
    whole = {one for one in whole if (one[0], one[1]) not in new}
    return [Edge._make((*key, 0)) for key in there if key[:3] in whole and key not in wanted]


def cut_loose(change: Change) -> None:
    """What the record no longer names is no longer tied to it."""
    before = change.before or {}
    for column, parent_kind, slot in owners(change.row.kind):
        if (old := before.get(column)) and old != change.after.get(column):
            _unlink(Edge(parent_kind, str(old).lower(), slot, change.row.kind, change.row.id, 0))
    for column, slot, kind in named_ones(change.row.kind):
        if (old := before.get(column)) and old != change.after.get(column):
            _unlink(Edge(change.row.kind, change.row.id, slot, kind, str(old).lower(), 0))


def _unlink(edge: Edge) -> None:
    mark(parents_of({(edge.parent_kind, edge.parent_id)}) & _roots_only(edge))
    db.session.execute(
        delete(Link).where(
            Link.parent_kind == edge.parent_kind,
            Link.parent_id == edge.parent_id,
            Link.slot == edge.slot,
            Link.child_kind == edge.child_kind,
            Link.child_id == edge.child_id,
        )
    )


def _roots_only(edge: Edge) -> set[Key]:
    return {key for key in parents_of({(edge.parent_kind, edge.parent_id)}) if key[0] in ROOTS}
