"""Nothing is part of itself, through however many others."""

from __future__ import annotations

from sqlalchemy import select

from community.core.db import db
from community.directory.hsds.fields import PARENTS, tables
from community.directory.models import Record
from community.directory.queries.graph import Key, portions
from community.directory.services.runs import Change, Import

_DEEPEST_FAMILY = 60


def without_circles(changes: list[Change], run: Import, denied: set[Key]) -> list[Change]:
    """Leave out what would be part of itself, through however many others."""
    parents = {
        (c.row.kind, c.row.id): str(parent).lower()
        for c in changes
        if c.row.kind in PARENTS and (parent := c.after.get(PARENTS[c.row.kind]))
    }
    if not parents:
        return changes
    _read_ancestors(parents)
    circular = [change for change in changes if _circular(change, parents, run)]
    denied |= {(change.row.kind, change.row.id) for change in circular}
    return [change for change in changes if change not in circular]


def _read_ancestors(parents: dict[Key, str]) -> None:
    wanted = {(kind, parent) for (kind, _), parent in parents.items()} - parents.keys()
    for _ in range(_DEEPEST_FAMILY):
        found = set[Key]()
        for some in portions(sorted({id for _, id in wanted})):
            rows = select(Record.kind, Record.id, Record.parent_id).where(
                Record.id.in_(some), Record.parent_id.is_not(None)
            )
            for kind, id, parent in db.session.execute(rows):
                if parent and (kind, id) in wanted and (kind, id) not in parents:
                    parents[(kind, id)] = parent
                    found.add((kind, parent))
        wanted = found - parents.keys()
        if not wanted:
            return


def _circular(change: Change, parents: dict[Key, str], run: Import) -> bool:
    kind, start = change.row.kind, change.row.id
    at, steps = parents.get((kind, start)), 0
    while at is not None and at != start and steps < len(parents) + 1:
        at, steps = parents.get((kind, at)), steps + 1
    if at is None:
        return False
    del parents[(kind, start)]
    stem = tables()[kind].stem
    run.report.count(stem, "new" if change.before is None else "changed", -1)
    run.report.refuse(stem, change.row.where, PARENTS[kind], "it would be part of itself")
    return True
