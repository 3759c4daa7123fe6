"""From a nested object to rows, and from one row of a table to its edges. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from community.directory.hsds import checks
from community.directory.hsds.fields import (
    NAMES_TABLE,
    PROFILE_FIELDS,
    SLOTS,
    UPWARD,
    named_ones,
    owners,
    tables,
)
from community.directory.hsds.rows import Edge, Report, Row

DEEPEST = 12  # objects in one another; the deepest of the specification is 9
MOST_IN_A_LIST = 2_000  # children of one kind in one object
MOST_FIELDS = 400


def rows_of(kind: str, given: Any, where: str, report: Report) -> Iterator[Row]:
    """Every object of a nested one, itself first. One that is refused takes along what is in it.

    :param where: the JSON pointer of the object.
    """
    yield from _rows(kind, given, where, report, 0)


def _rows(kind: str, given: Any, where: str, report: Report, depth: int) -> Iterator[Row]:
    report.count(tables()[kind].stem, "read")
    row = _row(kind, given, where, report, depth)
    if row is None:
        return
    nested = list(_nested(row, given, where, report, depth))
    yield row
    for below in nested:
        yield from below


def _row(kind: str, given: Any, where: str, report: Report, depth: int) -> Row | None:
    """The object without what is nested in it, or None and the reason in the report."""
    stem = tables()[kind].stem
    if not isinstance(given, dict):
        report.refuse(stem, where, "", "is not an object")
        return None
    if depth > DEEPEST or len(given) > MOST_FIELDS:
        report.refuse(stem, where, "", "is nested too deep" if depth > DEEPEST else "has too many fields")
        return None
    own = {name: value for name, value in given.items() if not _is_nested(kind, name, value)}
    if empty := [name for name, value in own.items() if value is None and _is_known(kind, name)]:
        report.fact(stem, "fields with nothing in them (null), left out", where)
        for name in empty:
            del own[name]
    found = checks.faults(kind, own)
    for column, reason in found[:5]:
        report.refuse(stem, f"{where}/{column}" if column else where, column, reason)
    if found:
        report.count(stem, "refused", 1 - min(len(found), 5))  # one row, however many reasons
        return None
    for said in checks.oddities(kind, own):
        report.fact(stem, said, where)
    row = Row(kind, str(own["id"]).lower(), {**own, "id": str(own["id"]).lower()}, where)
    row.edges = edges_of(row, 0)
    return row


def _is_known(kind: str, name: str) -> bool:
    """Whether the field has a meaning here; what has none is given back as it came, null too."""
    return name in tables()[kind].fields or name in PROFILE_FIELDS or name in SLOTS[kind]


def _is_nested(kind: str, name: str, value: Any) -> bool:
    slot = SLOTS[kind].get(name)
    if slot is not None:
        return bool(value) and isinstance(value, list if slot.many else dict)
    upward = UPWARD.get((kind, name))
    return upward is not None and isinstance(value, list if upward[1] else dict)


def _nested(row: Row, given: dict[str, Any], where: str, report: Report, depth: int) -> Iterator[Any]:
    """For each object in this one, the rows of it; the edges are put into the row itself."""
    whole = [name for name, value in given.items() if value == [] and _is_list(row.kind, name)]
    for name, value in given.items():
        if not _is_nested(row.kind, name, value):
            continue
        slot, upward = SLOTS[row.kind].get(name), UPWARD.get((row.kind, name))
        kind = slot.kind if slot is not None else upward[0] if upward else ""
        children = value if isinstance(value, list) else [value]
        if len(children) > MOST_IN_A_LIST:
            report.refuse(
                tables()[kind].stem, f"{where}/{name}", name, f"more than {MOST_IN_A_LIST} in one list"
            )
            continue
        kept = []
        for number, child in enumerate(children):
            at = f"{where}/{name}/{number}" if isinstance(value, list) else f"{where}/{name}"
            found = list(_rows(kind, child, at, report, depth + 1))
            if found:
                row.edges.append(_edge(row, name, found[0], number))
            kept.append(bool(found))
            yield found
        # A refused one may be there from before: what was refused takes nothing away.
        if slot is not None and all(kept):
            whole.append(name)
    row.whole = tuple(whole)


def _is_list(kind: str, name: str) -> bool:
    slot = SLOTS[kind].get(name)
    return slot is not None and slot.many


def _edge(row: Row, name: str, child: Row, number: int) -> Edge:
    upward = UPWARD.get((row.kind, name))
    if upward is not None:  # it lies in what it holds
        return Edge(upward[0], child.id, upward[2], row.kind, row.id, number)
    return Edge(row.kind, row.id, name, child.kind, child.id, number)


def edges_of(row: Row, position: int) -> list[Edge]:
    """What a row hangs together with by the fields that name others."""
    data, found = row.data, []
    for column, parent, slot in owners(row.kind):
        if other := data.get(column):
            found.append(Edge(parent, str(other).lower(), slot, row.kind, row.id, position))
    for column, slot, kind in named_ones(row.kind):
        if other := data.get(column):
            found.append(Edge(row.kind, row.id, slot, kind, str(other).lower(), 0))
    if row.kind in NAMES_TABLE:
        column, names = NAMES_TABLE[row.kind]
        parent, slot = str(data.get(names) or ""), "metadata" if row.kind == "metadata" else "attributes"
        if data.get(column) and slot in SLOTS.get(parent, {}):
            found.append(Edge(parent, str(data[column]).lower(), slot, row.kind, row.id, position))
    return found


def kind_of(given: dict[str, Any], named: str = "") -> str | None:
    """Which kind of object this is: by the name of its file, else by the fields only that kind has."""
    for kind in sorted(tables(), key=len, reverse=True):
        if named.startswith((kind, tables()[kind].stem)):
            return kind
    if "id" not in given:
        return None
    if "location_type" in given:
        return "location"
    if "service_id" in given or "location_id" in given or "location" in given:
        return "service_at_location"
    if "status" in given or "service_at_locations" in given:
        return "service"
    if {"taxonomy_detail", "taxonomy_id", "term_uri", "code"} & given.keys():
        return "taxonomy_term"
    if "version" in given and given.keys() <= tables()["taxonomy"].fields.keys() | {"metadata"}:
        return "taxonomy"
    return "organization" if "name" in given else None
