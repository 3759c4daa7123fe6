"""Records with everything nested in them, many at once, as everybody may have them."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

from sqlalchemy import select

from community.core.db import db
from community.directory.hsds.fields import SLOTS
from community.directory.models import Link, Record
from community.directory.withholding import Curtain, is_withheld

Key = tuple[str, str]  # (kind, id)
TOGETHER = 400  # ids of one statement


def portions(ids: Iterable[str]) -> Iterator[list[str]]:
    """The ids, a statement's worth at a time."""
    rest = iter(ids)
    while some := list(islice(rest, TOGETHER)):
        yield some


@dataclass
class Graph:
    """Records in memory, and how they hang together; what is withheld is cut before any is given out."""

    records: dict[Key, dict[str, Any]] = field(default_factory=dict)
    states: dict[Key, str] = field(default_factory=dict)
    below: dict[Key, dict[str, list[tuple[int, str, Key]]]] = field(default_factory=dict)
    curtain: Curtain = field(default_factory=Curtain)

    def load(self, roots: Iterable[Key]) -> None:
        """Read these records and everything below them."""
        wanted, seen = set(roots), set[Key]()
        while wanted:
            self._records(wanted)
            seen |= wanted
            wanted = self._links(wanted) - seen

    def _records(self, keys: set[Key]) -> None:
        for some in portions(sorted({id for _, id in keys})):
            rows = select(Record.kind, Record.id, Record.data, Record.state).where(Record.id.in_(some))
            for kind, id, data, state in db.session.execute(rows):
                if (kind, id) in keys:
                    self.records[(kind, id)] = json.loads(data)
                    self.states[(kind, id)] = state

    def _links(self, keys: set[Key]) -> set[Key]:
        found = set[Key]()
        for some in portions(sorted({id for kind, id in keys if SLOTS.get(kind)})):
            for link in db.session.execute(_edges().where(Link.parent_id.in_(some))):
                parent, child = (link.parent_kind, link.parent_id), (link.child_kind, link.child_id)
                if parent in keys:
                    places = self.below.setdefault(parent, {}).setdefault(link.slot, [])
                    places.append((link.position, child[1], child))
                    found.add(child)
        return found

    def draw_curtain(self, curtain: Curtain | None = None) -> None:
        """Withhold what is to be withheld: what this curtain hides, and every place in the graph that asks
        for it. Everything must have been loaded."""
        self.curtain = curtain or self.curtain
        for key, data in self.records.items():
            if key[0] != "location" or not is_withheld(data):
                continue
            self.curtain.hide_location(data)
            below = self.below.get(key, {})
            self.curtain.histories |= {child[1] for _, _, child in below.get("metadata", ())}
            self.curtain.inside |= {child for places in below.values() for _, _, child in places}
            for _position, _id, child in below.get("addresses", ()):
                if child in self.records:
                    self.curtain.hide_address(self.records[child])
        if self.curtain:
            cut = {key: self.curtain.public(key[0], data) for key, data in self.records.items()}
            self.records = {key: data for key, data in cut.items() if data is not None}

    def holds_withheld(self, key: Key | None = None) -> bool:
        """Whether anything at or below a record is withheld; of the whole graph without one."""
        if key is None:
            return any(kind == "location" and is_withheld(data) for (kind, _), data in self.records.items())
        seen, wanted = set[Key](), [key]
        while wanted:
            one = wanted.pop()
            if one in seen:
                continue
            seen.add(one)
            if one[0] == "location" and is_withheld(self.records.get(one, {})):
                return True
            wanted += [child for places in self.below.get(one, {}).values() for _, _, child in places]
        return False

    def children(self, key: Key, slot: str) -> Sequence[Key]:
        """What lies in a place of a record and is known, in its order."""
        if not self.curtain.shows(key[0], key[1], slot):
            return ()
        found = self.below.get(key, {}).get(slot, ())
        return [child for _, _, child in sorted(found) if child in self.records]

    def nested(self, key: Key, path: frozenset[Key] = frozenset()) -> dict[str, Any]:
        """A record with all that is nested in it."""
        made = dict(self.records[key])
        inside = path | {key}
        for name in self.below.get(key, ()):
            slot = SLOTS[key[0]][name]
            children = [self.nested(one, inside) for one in self.children(key, name) if one not in inside]
            if children:
                made[name] = children if slot.many else children[0]
        return made

    def plain(self, key: Key) -> dict[str, Any]:
        """A record with its own single values only, as lists show it."""
        return {
            name: value for name, value in self.records[key].items() if not isinstance(value, (dict, list))
        }

    def one(self, key: Key, slot: str) -> Key | None:
        """The single record in a place."""
        return next(iter(self.children(key, slot)), None)


def _edges() -> Any:
    return select(Link.parent_kind, Link.parent_id, Link.slot, Link.position, Link.child_kind, Link.child_id)


def places_of(organizations: Iterable[str]) -> set[Key]:
    """Where the services of these organizations are."""
    ids = set(organizations)
    for slot, upward in (("organization", True), ("service_at_locations", False), ("location", False)):
        found = set[str]()
        for some in portions(sorted(ids)):
            mine, other = (Link.child_id, Link.parent_id) if upward else (Link.parent_id, Link.child_id)
            found |= set(db.session.scalars(select(other).where(mine.in_(some), Link.slot == slot)))
        ids = found
    return {("location", id) for id in ids}


def parents_of(keys: Iterable[Key]) -> set[Key]:
    """Everything that one of these lies in, directly or through others, and they themselves."""
    seen, wanted = set[Key](), set(keys)
    while wanted:
        seen |= wanted
        found = set[Key]()
        for some in portions(sorted({id for _, id in wanted})):
            for link in db.session.execute(_edges().where(Link.child_id.in_(some))):
                if (link.child_kind, link.child_id) in wanted:
                    found.add((link.parent_kind, link.parent_id))
        wanted = found - seen
    return seen
