"""What a source names and does not hold: a service of an organization that is not there."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from sqlalchemy import and_, func, select
from sqlalchemy.orm import aliased

from community.core.db import db
from community.directory.hsds.rows import Row
from community.directory.models import Link, Record
from community.directory.queries.graph import Key, portions

Absent = list[tuple[str, str, int]]  # (kind that names, kind named, how many)


class Named:
    """What the rows of a file name that neither it nor the directory holds, where nothing is kept."""

    def __init__(self) -> None:
        self._held: set[int] = set()
        self._named: dict[Key, Counter[str]] = {}

    def see(self, rows: Iterable[Row]) -> None:
        """Some rows of the file."""
        for row in rows:
            self._held.add(hash((row.kind, row.id)))
            self._named.pop((row.kind, row.id), None)
        for row in rows:
            for edge in row.edges:
                ends = (edge.parent_kind, edge.parent_id), (edge.child_kind, edge.child_id)
                other = ends[0] if ends[1] == (row.kind, row.id) else ends[1]
                if hash(other) not in self._held:
                    self._named.setdefault(other, Counter())[row.kind] += 1

    def absent(self) -> Absent:
        """What was named and is nowhere, once all rows were seen."""
        for some in portions(sorted({id for _, id in self._named})):
            for kind, id in db.session.execute(select(Record.kind, Record.id).where(Record.id.in_(some))):
                self._named.pop((kind, id), None)
        found = Counter[tuple[str, str]]()
        for (kind, _), naming in self._named.items():
            for one, number in naming.items():
                found[(one, kind)] += number
        return sorted((one, named, number) for (one, named), number in found.items())


def named_but_absent(source: str) -> Absent:
    """How many records of a source name what is not there."""
    here, there = aliased(Record), aliased(Record)
    found: dict[tuple[str, str], int] = {}
    for mine, other in (("parent", "child"), ("child", "parent")):
        kind, id = getattr(Link, f"{mine}_kind"), getattr(Link, f"{mine}_id")
        other_kind, other_id = getattr(Link, f"{other}_kind"), getattr(Link, f"{other}_id")
        rows = (
            select(kind, other_kind, func.count())
            .join(here, and_(here.kind == kind, here.id == id))
            .outerjoin(there, and_(there.kind == other_kind, there.id == other_id))
            .where(here.source == source, there.id.is_(None))
            .group_by(kind, other_kind)
        )
        for one, named, number in db.session.execute(rows):
            found[(one, named)] = found.get((one, named), 0) + number
    return sorted((one, named, number) for (one, named), number in found.items())
