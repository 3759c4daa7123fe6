"""Sets of tables from before HSDS 2: HSDS 1.1 packages, and the tables of Ohana. Pure.

Ids that are no UUIDs become some, made of the source, the table and the old id, so that a second reading
finds the same. What such sets lack and HSDS 3.0 asks for is left empty and reported, never invented.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, datetime
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from community.directory.hsds import checks
from community.directory.hsds.fields import tables
from community.directory.hsds.rows import Broken, Report, Row
from community.directory.hsds.shapes import edges_of
from community.directory.hsds.tables import Line, Sheet, lines_of, number_of, plain

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
_DAYS = {
    name: short
    for short, names in {
        "MO": "monday lundi 1",
        "TU": "tuesday mardi 2",
        "WE": "wednesday mercredi 3",
        "TH": "thursday jeudi 4",
        "FR": "friday vendredi 5",
        "SA": "saturday samedi 6",
        "SU": "sunday dimanche 7",
    }.items()
    for name in names.split()
}
_CLOCK = re.compile(r"(\d{1,2})(?::(\d\d))?(?::\d\d)?\s*([ap]\.?m\.?)?", re.IGNORECASE)
_DATES = ("%Y-%m-%d", "%m/%d/%Y", "%m/%d/%y", "%B %d, %Y")
_HOST = re.compile(r"[\w-]+(\.[\w-]+)+(/\S*)?")


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
        more = _SPLIT.get((kind, sheet.stem), _nothing)(self, given, where)
        data = self._converted(kind, sheet.stem, given, where)
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

    # What becomes of the cells of a kind

    def _converted(self, kind: str, stem: str, data: dict[str, Any], where: str) -> dict[str, Any]:
        for name, one in tables()[kind].fields.items():
            if name in data and one.form == "number":
                data[name] = number_of(data[name])
                if not checks.is_number(data[name]):
                    self._aside(stem, data, name, where)
            elif name in data and one.form in {"address", "mail"}:
                self._address(stem, data, name, one.form, where)
        if kind in _CONVERT:
            _CONVERT[kind](self, stem, data, where)
        return data

    def _aside(self, stem: str, data: dict[str, Any], name: str, where: str) -> None:
        data[f"{name}_as_given"] = data.pop(name)
        self._report.fact(stem, f"{name} cannot be one: kept as {name}_as_given", where)

    def _address(self, stem: str, data: dict[str, Any], name: str, form: str, where: str) -> None:
        right, _ = checks.FORMS[form]
        if form == "address" and not right(data[name]) and _HOST.fullmatch(data[name]):
            data[name] = f"http://{data[name]}"
            self._report.fact(stem, f"{name} without http:// in front: put there", where)
        if not right(data[name]):
            self._aside(stem, data, name, where)

    def service(self, stem: str, data: dict[str, Any], where: str) -> None:
        """A service: whether it is active."""
        if data.get("status") not in tables()["service"].fields["status"].choices:
            self._report.fact(stem, "no status: taken for active", where)
            data["status"] = "active"

    def location(self, stem: str, data: dict[str, Any], _where: str) -> None:
        """A location: physical unless it says that it is virtual."""
        data["location_type"] = "virtual" if data.pop("virtual", "").lower() == "true" else "physical"

    def organization(self, stem: str, data: dict[str, Any], where: str) -> None:
        """An organization: the year it was founded."""
        if founded := _day(data.get("date_incorporated", "")):
            data["year_incorporated"] = founded.year

    def address(self, stem: str, data: dict[str, Any], _where: str) -> None:
        """An address: what it is for stands in the name of its table."""
        data["address_type"] = "postal" if stem in {"mail_addresses", "postal_addresses"} else "physical"

    def attribute(self, stem: str, data: dict[str, Any], _where: str) -> None:
        """A term that a service carries."""
        data["link_entity"] = "service"

    def schedule(self, stem: str, data: dict[str, Any], where: str) -> None:
        """A weekday and its hours, or a holiday."""
        weekday = data.pop("weekday", "")
        if day := _DAYS.get(weekday.lower()):
            data |= {"freq": "WEEKLY", "byday": day}
        for name in ("opens_at", "closes_at"):
            said = data.get(name)
            data[name] = clock_of(said or "")
            if said and data[name] is None:
                data[f"{name}_as_given"] = said
                self._report.fact(stem, f"{name} is no time: kept as {name}_as_given", where)
            if data[name] is None:
                del data[name]
        if stem == "holiday_schedules":
            self._holiday(data)

    def _holiday(self, data: dict[str, Any]) -> None:
        for old, new in (("start_date", "valid_from"), ("end_date", "valid_to")):
            day = _day(data.get(old, ""))
            if day is not None and day.year > 1900:  # the year 1 stands for every year there
                data[new] = day.isoformat()
        data["notes"] = "closed" if data.get("closed", "").lower() == "true" else "other hours"


def clock_of(text: str) -> str | None:
    """A time of day as 08:30 ("8:30am", "5 pm", "17:00", and more words after it), or None."""
    found = _CLOCK.match(text.strip())
    if found is None or not (found[2] or found[3]):
        return None
    hours, minutes, half = int(found[1]), int(found[2] or 0), (found[3] or "").lower()[:1]
    hours = hours % 12 + (12 if half == "p" else 0) if half else hours
    return f"{hours:02d}:{minutes:02d}" if hours < 24 and minutes < 60 else None


def _day(text: str) -> date | None:
    for form in _DATES:
        try:
            return datetime.strptime(text, form).date()  # noqa: DTZ007 (a day has no zone)
        except ValueError:
            continue
    return None


_More = list[tuple[str, dict[str, Any]]]


def _nothing(_set: Set, _given: dict[str, Any], _where: str) -> _More:
    return []


def _words(given: dict[str, Any], name: str) -> list[str]:
    return [word.strip() for word in str(given.pop(name, "")).split(",") if word.strip()]


def _of_service(here: Set, given: dict[str, Any], _where: str) -> _More:
    """What a service of Ohana holds in one cell and HSDS keeps in tables."""
    own = given["id"]
    more: _More = []
    if place := given.pop("location_id", ""):
        more.append(("service_at_location", {"service_id": own, "location_id": place}))
    for kind, name, field in (
        ("language", "languages", "name"),
        ("required_document", "required_documents", "document"),
        ("service_area", "service_areas", "name"),
        ("funding", "funding_sources", "source"),
    ):
        more += [(kind, {"service_id": own, field: word}) for word in _words(given, name)]
    for old in _words(given, "taxonomy_ids"):
        carried = {"link_id": own, "link_entity": "service", "taxonomy_term_id": here.id_in("taxonomy", old)}
        more.append(("attribute", carried))
    return _with_ids(here, own, more)


def _of_location(here: Set, given: dict[str, Any], _where: str) -> _More:
    own = given["id"]
    more: _More = [("language", {"location_id": own, "name": word}) for word in _words(given, "languages")]
    means = [
        ("accessibility", {"location_id": own, "description": word})
        for word in _words(given, "accessibility")
    ]
    return _with_ids(here, own, more + means)


def _of_organization(here: Set, given: dict[str, Any], _where: str) -> _More:
    own = given["id"]
    words = _words(given, "funding_sources")
    return _with_ids(here, own, [("funding", {"organization_id": own, "source": word}) for word in words])


def _of_term(here: Set, given: dict[str, Any], _where: str) -> _More:
    """The taxonomy that a term is of; one of its own for each vocabulary."""
    name = given.pop("vocabulary", "") or "Taxonomy"
    taxonomy = here.id_in("vocabularies", name)
    given |= {"taxonomy_id": taxonomy, "taxonomy": name}
    given.setdefault("description", given.get("name", ""))
    return [("taxonomy", {"id": taxonomy, "name": name, "description": name})]


def _with_ids(here: Set, own: str, more: _More) -> _More:
    return [
        (kind, {"id": here.id_in(kind, f"{own} {number} {sorted(data.items())}"), **data})
        for number, (kind, data) in enumerate(more)
    ]


_SPLIT: dict[tuple[str, str], Any] = {
    ("service", "services"): _of_service,
    ("location", "locations"): _of_location,
    ("organization", "organizations"): _of_organization,
    ("taxonomy_term", "taxonomy"): _of_term,
}
_CONVERT: dict[str, Any] = {
    "service": Set.service,
    "location": Set.location,
    "organization": Set.organization,
    "address": Set.address,
    "attribute": Set.attribute,
    "schedule": Set.schedule,
}
