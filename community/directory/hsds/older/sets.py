"""Reading such a set: the names of its tables and columns, and the ids of what it holds. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from community.directory.hsds import checks
from community.directory.hsds.fields import tables
from community.directory.hsds.older.cells import converted
from community.directory.hsds.older.splits import split
from community.directory.hsds.rows import Broken, Report, Row
from community.directory.hsds.shapes import edges_of
from community.directory.hsds.tables import Line, Sheet, lines_of, plain

# Tables that HSDS 2 and later no longer have, or call otherwise.
OLD_STEMS = frozenset(
    {
        "physical_addresses",
        "postal_addresses",
        "mail_addresses",
        "regular_schedules",
        "holiday_schedules",
        "services_taxonomy",
        "accessibility_for_disabilities",
        "taxonomy",
    }
)
_KINDS = {
    "organizations": "organization",
    "programs": "program",
    "services": "service",
    "locations": "location",
    "services_at_location": "service_at_location",
    "phones": "phone",
    "contacts": "contact",
    "addresses": "address",
    "physical_addresses": "address",
    "postal_addresses": "address",
    "mail_addresses": "address",
    "regular_schedules": "schedule",
    "holiday_schedules": "schedule",
    "languages": "language",
    "accessibility_for_disabilities": "accessibility",
    "services_taxonomy": "attribute",
    "taxonomy": "taxonomy_term",
}
# What a column is called in HSDS 3.0, by the kind of object.
_RENAMED = {
    "organization": {"url": "website"},
    "service": {"website": "url", "eligibility": "eligibility_description"},
    "location": {"website": "url"},
    "phone": {"number_type": "type"},
    "language": {"language": "name"},
    "accessibility": {"accessibility": "description"},
    "attribute": {"taxonomy_id": "taxonomy_term_id", "taxonomy_detail": "value", "service_id": "link_id"},
    "taxonomy_term": {"taxonomy_id": "id"},
    "schedule": {"original_text": "description"},
}
# Which table an id of another object is of.
_POINTS = {
    "organization_id": "organizations",
    "program_id": "programs",
    "service_id": "services",
    "location_id": "locations",
    "service_at_location_id": "services_at_location",
    "contact_id": "contacts",
    "phone_id": "phones",
    "link_id": "services",
    "taxonomy_term_id": "taxonomy",
    "parent_id": "taxonomy",
}


def is_older(sheets: list[Sheet]) -> bool:
    """Whether this is a set from before HSDS 2."""
    return any(sheet.stem in OLD_STEMS for sheet in sheets)


class Set:
    """One such set while it is read: its name, and the ids it has used."""

    def __init__(self, source: str, report: Report) -> None:
        self._source = source
        self._report = report
        self._used: dict[str, int] = {}

    def rows(self, sheets: list[Sheet]) -> Iterator[Row]:
        """The rows of all tables."""
        for sheet in sheets:
            kind = _KINDS.get(sheet.stem)
            if kind is None:
                self._report.warnings.append(f"{sheet.name}: no table of HSDS 1.1, not read")
                continue
            try:
                for line in lines_of(sheet, self._report):
                    yield from self._line(kind, sheet, line)
            except Broken as problem:
                self._report.warnings.append(f"{sheet.name}: {problem}")

    def _line(self, kind: str, sheet: Sheet, line: Line) -> Iterator[Row]:
        where = f"{sheet.name}:{line.number}"
        given = self._cells(kind, sheet.stem, line, where)
        more = split(self.id_in, kind, sheet.stem, given)
        data = converted(self._report, kind, sheet.stem, given, where)
        yield from self.row(kind, sheet.stem, data, where, line.number)
        for number, (other, extra) in enumerate(more):
            yield from self.row(other, sheet.stem, extra, where, number)

    def _cells(self, kind: str, stem: str, line: Line, where: str) -> dict[str, Any]:
        renamed = _RENAMED.get(kind, {})
        given = {}
        for name, cell in line.cells.items():
            text = plain(cell)
            if text != text.strip() and text.strip():
                self._report.fact(stem, "blanks before or after a text, taken away", where)
            if text.strip():
                given[renamed.get(name, name)] = self._text(stem, text.strip(), where)
        if kind == "taxonomy_term":
            given["code"] = given.get("id", "")
        given["id"] = self.id_of(stem, given.get("id", ""), tuple(line.cells.values()), where)
        for name in given.keys() & _POINTS.keys():
            given[name] = self.id_in(_POINTS[name], given[name])
        return given

    def _text(self, stem: str, text: str, where: str) -> str:
        if "\\n" in text:
            self._report.fact(stem, "a backslash and an n instead of a new line, put right", where)
        return text.replace("\\r\\n", "\n").replace("\\n", "\n")

    def id_in(self, stem: str, old: str) -> str:
        """The id of a thing of this table."""
        return (
            old.lower() if checks.is_uuid(old) else str(uuid5(NAMESPACE_URL, f"{self._source}/{stem}/{old}"))
        )

    def id_of(self, stem: str, old: str, cells: tuple[str, ...], where: str) -> str:
        """The id of a row; one that was used before, or is missing, gets one made of all that it says."""
        made = self.id_in(stem, old)
        if not old or made in self._used:
            what = "an id that was used before" if old else "no id"
            self._report.fact(stem, f"{what}: given one of its own", where)
            made = self.id_in(stem, "\x1f".join(cells))
        self._used[made] = self._used.get(made, 0) + 1
        return made if self._used[made] == 1 else self.id_in(stem, f"{made} {self._used[made]}")

    def row(self, kind: str, stem: str, data: dict[str, Any], where: str, position: int) -> Iterator[Row]:
        """A row, with what HSDS 3.0 asks for and the set lacks left empty."""
        table = tables()[kind]
        for name in table.required:
            if name not in data and table.fields[name].form == "text" and not table.fields[name].choices:
                data[name] = ""
                self._report.fact(stem, f"no {name}: left empty", where)
        found = checks.faults(kind, data)
        for column, reason in found[:1]:
            self._report.refuse(stem, where, column, reason)
        if found:
            return
        for said in checks.oddities(kind, data):
            self._report.fact(stem, said, where)
        row = Row(kind, data["id"], data, where)
        row.edges = edges_of(row, position)
        yield row
