"""What the tables of HSDS 3.1 add: places free with their units, and further addresses of the web. Pure.

In JSON these lie in their service or organization, and are kept there as they are; from tables they are put
there, so that both shapes of a file come to the same.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from community.directory.hsds.checks import is_uuid
from community.directory.hsds.rows import Broken, Report, Row
from community.directory.hsds.tables import Line, Sheet, lines_of, number_of, plain

CAPACITY, UNITS, ADDRESSES = ("service_capacity", "service_capacities"), ("units", "unit"), ("url", "urls")
_STEMS = frozenset((*CAPACITY, *UNITS, *ADDRESSES))
_NUMBERS = frozenset({"available", "maximum"})
_NAMES_NOTHING = "names no service and no organization: nothing shows it"
_Json = dict[str, Any]
Key = tuple[str, str]  # kind and id of what a row belongs to


def is_newer(sheet: Sheet) -> bool:
    """Whether this is a table that HSDS 3.0 does not have."""
    return sheet.stem in _STEMS


@dataclass
class Additions:
    """What lies in services and organizations, by their ids, until they are read."""

    report: Report
    lists: dict[Key, dict[str, list[_Json]]] = field(default_factory=dict)
    where: dict[Key, list[tuple[str, str, str]]] = field(default_factory=dict)  # table, place, column

    @classmethod
    def of(cls, sheets: Sequence[Sheet], report: Report) -> Additions:
        """Read the tables; one that is none is named in the report."""
        made, units = cls(report), dict[str, _Json]()
        for line in _lines(sheets, UNITS, report):
            units[line.cells.get("id", "").strip().lower()] = _values(line, ())
        for stem, line, place in _placed(sheets, CAPACITY, report):
            given = _values(line, ("service_id", "unit_id"))
            unit = line.cells.get("unit_id", "").strip().lower()
            if unit in units:
                given["unit"] = units[unit]
            elif unit:
                given["unit_id"] = unit
                report.fact(stem, "names a unit that is not there", place)
            made._hang(stem, place, line, given, {"service_id": "capacities"})
        names = {"service_id": "additional_urls", "organization_id": "additional_websites"}
        for stem, line, place in _placed(sheets, ADDRESSES, report):
            made._hang(stem, place, line, _values(line, names), names)
        return made

    def _hang(self, stem: str, place: str, line: Line, given: _Json, slots: dict[str, str]) -> None:
        for column, slot in slots.items():
            if owner := line.cells.get(column, "").strip().lower():
                key = (column.removesuffix("_id"), owner)
                self.lists.setdefault(key, {}).setdefault(slot, []).append(given)
                self.where.setdefault(key, []).append((stem, place, column))
                return
        self.report.fact(stem, _NAMES_NOTHING, place)

    def put_into(self, row: Row) -> Row:
        """The row with what belongs to it."""
        key = (row.kind, row.id)
        row.data.update(self.lists.pop(key, {}))
        self.where.pop(key, None)
        return row

    def rest(self) -> Iterator[Row]:
        """What belongs to records that are not in this set: they may have come before, or come later."""
        for (kind, id), lists in self.lists.items():
            stem, place, column = self.where[(kind, id)][0]
            if is_uuid(id):
                yield Row(kind, id, {"id": id, **lists}, place, adds=True)
            else:
                self.report.refuse(stem, place, column, "must be a UUID")


def _lines(sheets: Sequence[Sheet], stems: Sequence[str], report: Report) -> Iterator[Line]:
    return (line for _stem, line, _place in _placed(sheets, stems, report))


def _placed(sheets: Sequence[Sheet], stems: Sequence[str], report: Report) -> Iterator[tuple[str, Line, str]]:
    for sheet in sheets:
        if sheet.stem in stems:
            try:
                for line in lines_of(sheet, report):
                    yield sheet.stem, line, f"{sheet.name}:{line.number}"
            except Broken as problem:  # the other tables of the set are read all the same
                report.warnings.append(f"{sheet.name}: {problem}")


def _values(line: Line, without: Sequence[str] | dict[str, str]) -> _Json:
    """The cells that hold something, as JSON would."""
    found = {name: plain(cell).strip() for name, cell in line.cells.items() if name not in without}
    return {name: number_of(text) if name in _NUMBERS else text for name, text in found.items() if text}
