"""What hangs together: tied by a new row, cut loose by a changed one."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sqlalchemy import delete, select

from community.core.db import db
from community.directory.hsds.fields import named_ones, owners
from community.directory.hsds.rows import Edge, Row
from community.directory.models import Link
from community.directory.queries.graph import Key, parents_of, portions
from community.directory.services import sparing
from community.directory.services.runs import ROOTS, Change, Import, insert, mark


def keep_edges(rows: list[Row], changes: list[Change], run: Import) -> set[Key]:
    """Tie together what the rows tie, and take out what a whole list no longer holds."""
    wanted = {tuple(edge[:5]): edge for row in rows for edge in row.edges}
    new = {(change.row.kind, change.row.id) for change in changes if change.before is None}
    there = _edges_there(rows, wanted.values(), new)
    added = [edge for key, edge in wanted.items() if key not in there]
    if added:
        db.session.execute(insert(Link), [edge._asdict() for edge in added])
    gone = _no_longer(rows, wanted, there, new)
    if run.traced:
        sparing.remember_lists(added, gone)
    else:
        gone = sparing.without_ours(gone)
    for edge in gone:
        _unlink(edge)
    fresh = {(edge.parent_kind, edge.parent_id) for edge in (*added, *gone)}
    return {key for key in fresh if key[0] in ROOTS or key not in new}


def _edges_there(rows: list[Row], wanted: Iterable[Edge], new: set[Key]) -> set[tuple[Any, ...]]:
    """The edges that are known already, of all that could matter."""
    parents = {edge.parent_id for edge in wanted if (edge.parent_kind, edge.parent_id) not in new}
    parents |= {row.id for row in rows if row.whole and (row.kind, row.id) not in new}
    found = set()
    for some in portions(sorted(parents)):
        columns = (Link.parent_kind, Link.parent_id, Link.slot, Link.child_kind, Link.child_id)
        found |= {
            tuple(link) for link in db.session.execute(select(*columns).where(Link.parent_id.in_(some)))
        }
    return found


def _no_longer(
    rows: list[Row], wanted: dict[tuple[Any, ...], Edge], there: set[tuple[Any, ...]], new: set[Key]
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
