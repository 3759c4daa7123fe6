"""The directory as files for others: nested objects, and tables."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from sqlalchemy import Select, func, select

from community.accounts.viewer import Viewer
from community.core.access import require
from community.core.db import db
from community.directory.hsds.fields import NAMES_TABLE, named_ones, owners, tables
from community.directory.models import Link, Record
from community.directory.permissions import may_keep_directory
from community.directory.queries.graph import Graph, Key, portions
from community.directory.withholding import Curtain

STEP = 200


def _ids(kind: str, *, everything: bool) -> Iterator[list[str]]:
    """The ids of a kind, in order, some at a time."""
    last = ""
    while True:
        rows = select(Record.id).where(Record.kind == kind, Record.id > last)
        if not everything:
            rows = rows.where(Record.state == "public")
        ids = list(db.session.scalars(rows.order_by(Record.id).limit(STEP)))
        if not ids:
            return
        yield ids
        last = ids[-1]


def _in_order(kind: str, *, everything: bool) -> list[str]:
    """The ids of a kind, in the order in which they stand in the lists that hold them."""
    place = func.coalesce(func.min(Link.position), 0)
    rows = select(Record.id).where(Record.kind == kind)
    rows = rows.outerjoin(Link, (Link.child_id == Record.id) & (Link.child_kind == kind))
    if not everything:
        rows = rows.where(Record.state == "public")
    return list(db.session.scalars(rows.group_by(Record.id).order_by(place, Record.id)))


def nested(viewer: Viewer, kind: str, *, everything: bool = False) -> Iterator[dict[str, Any]]:
    """Every object of a kind with what is nested in it.

    :param everything: also what is withheld, in preparation or taken back: for those who keep the records.
    """
    require(may_keep_directory(viewer))
    drawn = Curtain() if everything else curtain()
    for ids in _ids(kind, everything=everything):
        graph = Graph()
        keys = [(kind, id) for id in ids]
        above = _above(kind, ids)
        graph.load([*keys, *{key for found in above.values() for key in found}])
        if not everything:
            graph.draw_curtain(drawn)
        for key in keys:
            if key in graph.records:
                yield _upward(graph, key, above.get(key, []), everything=everything)


def _above(kind: str, ids: list[str]) -> dict[Key, list[Key]]:
    """Of organizations their services, of services at locations their service."""
    slot = {"organization": "organization", "service_at_location": "service_at_locations"}.get(kind)
    found: dict[Key, list[Key]] = {}
    if slot is None:
        return found
    rows = select(Link.child_id, Link.parent_id).where(
        Link.parent_kind == "service", Link.slot == slot, Link.child_id.in_(ids)
    )
    for child, parent in db.session.execute(rows.order_by(Link.parent_id)):
        found.setdefault((kind, child), []).append(("service", parent))
    return found


def _upward(graph: Graph, key: Key, above: list[Key], *, everything: bool) -> dict[str, Any]:
    made = graph.nested(key)
    shown = [one for one in above if everything or graph.states.get(one) == "public"]
    inside = [graph.nested(one, frozenset({key})) for one in shown if one in graph.records]
    if not inside:
        return made
    if key[0] == "organization":
        return {**made, "services": inside}
    inside[0].pop("service_at_locations", None)
    return {**made, "service": inside[0]}


def curtain() -> Curtain:
    """The curtain before everything that is withheld anywhere."""
    drawn = Curtain()
    rows = select(Record.data).where(Record.kind == "location", Record.withheld)
    for data in db.session.scalars(rows):
        drawn.hide_location(json.loads(data))
    for some in portions(sorted(drawn.locations)):
        addresses = (
            select(Record.data)
            .join(Link, (Link.child_id == Record.id) & (Link.child_kind == "address"))
            .where(Record.kind == "address", Link.parent_kind == "location", Link.parent_id.in_(some))
        )
        for data in db.session.scalars(addresses):
            drawn.hide_address(json.loads(data))
    return drawn


def columns(kind: str) -> list[str]:
    """The columns of a table: those of HSDS, then those that only some records have."""
    known = list(tables()[kind].fields)
    names = dict.fromkeys(known)
    for data in db.session.scalars(select(Record.data).where(Record.kind == kind)):
        names.update(dict.fromkeys(json.loads(data)))
    return list(names)


def table(viewer: Viewer, kind: str, *, everything: bool = False) -> Iterator[dict[str, Any]]:
    """The rows of a table; ids of others that a nested file did not write down are filled in."""
    require(may_keep_directory(viewer))
    drawn = Curtain() if everything else curtain()
    unseen = set() if everything else {(one, id) for one, id in db.session.execute(_not_public())}
    for ids in portions(_in_order(kind, everything=everything)):
        held = _held(kind, ids)
        rows = select(Record.id, Record.data).where(Record.kind == kind, Record.id.in_(ids))
        found = {id: json.loads(data) for id, data in db.session.execute(rows)}
        for id in ids:
            above = {(link.parent_kind, link.parent_id) for link in held.get(id, []) if link.child_id == id}
            if above and above <= unseen:
                continue
            made = drawn.public(kind, _tied(kind, id, held.get(id, []), found[id]))
            if made is not None:
                yield made


def _tied(kind: str, id: str, links: list[Any], data: dict[str, Any]) -> dict[str, Any]:
    """A record with the fields that tie it. Where it does not say of which record it is, the table that it
    names is not known to be that of the record it lies in."""
    filled = _filled(kind, id, links)
    made = {**filled, **data}
    if kind in NAMES_TABLE:
        column, names = NAMES_TABLE[kind]
        if column in filled and not data.get(column):
            made |= {column: filled[column], names: filled[names]}
    return made


def _not_public() -> Select[str, str]:
    return select(Record.kind, Record.id).where(Record.state != "public")


def _held(kind: str, ids: list[str]) -> dict[str, list[Any]]:
    """What each record lies in, and what lies in it alone."""
    found: dict[str, list[Any]] = {}
    links = select(Link.parent_kind, Link.parent_id, Link.slot, Link.child_kind, Link.child_id)
    for link in db.session.execute(links.where(Link.child_kind == kind, Link.child_id.in_(ids))):
        found.setdefault(link.child_id, []).append(link)
    slots = [slot for _, slot, _ in named_ones(kind)]
    inside = links.where(Link.parent_kind == kind, Link.parent_id.in_(ids), Link.slot.in_(slots))
    for link in db.session.execute(inside) if slots else ():
        found.setdefault(link.parent_id, []).append(link)
    return found


def _filled(kind: str, id: str, links: list[Any]) -> dict[str, Any]:
    """The fields that name what the record hangs together with."""
    made: dict[str, Any] = {}
    for link in links:
        if link.child_id == id and link.child_kind == kind:
            for column, parent, slot in owners(kind):
                if (parent, slot) == (link.parent_kind, link.slot):
                    made.setdefault(column, link.parent_id)
            if kind in NAMES_TABLE:
                column, names = NAMES_TABLE[kind]
                made.setdefault(column, link.parent_id)
                made.setdefault(names, link.parent_kind)
        for column, slot, _ in named_ones(kind):
            if link.parent_id == id and link.parent_kind == kind and slot == link.slot:
                made.setdefault(column, link.child_id)
    return made
