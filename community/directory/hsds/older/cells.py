"""What the cells of a kind of row become in HSDS 3.0. Pure."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, datetime
from typing import Any

from community.directory.hsds import checks
from community.directory.hsds.fields import tables
from community.directory.hsds.rows import Report
from community.directory.hsds.tables import number_of

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


def converted(report: Report, kind: str, stem: str, data: dict[str, Any], where: str) -> dict[str, Any]:
    """The cells of a row as HSDS 3.0 wants them; what cannot be one is kept beside, and reported."""
    for name, one in tables()[kind].fields.items():
        if name in data and one.form == "number":
            data[name] = number_of(data[name])
            if not checks.is_number(data[name]):
                _aside(report, stem, data, name, where)
        elif name in data and one.form in {"address", "mail"}:
            _web(report, stem, data, name, one.form, where)
    if kind in _OF_KIND:
        _OF_KIND[kind](report, stem, data, where)
    return data


def _aside(report: Report, stem: str, data: dict[str, Any], name: str, where: str) -> None:
    data[f"{name}_as_given"] = data.pop(name)
    report.fact(stem, f"{name} cannot be one: kept as {name}_as_given", where)


def _web(report: Report, stem: str, data: dict[str, Any], name: str, form: str, where: str) -> None:
    right, _ = checks.FORMS[form]
    if form == "address" and not right(data[name]) and _HOST.fullmatch(data[name]):
        data[name] = f"http://{data[name]}"
        report.fact(stem, f"{name} without http:// in front: put there", where)
    if not right(data[name]):
        _aside(report, stem, data, name, where)


def _service(report: Report, stem: str, data: dict[str, Any], where: str) -> None:
    """A service: whether it is active."""
    if data.get("status") not in tables()["service"].fields["status"].choices:
        report.fact(stem, "no status: taken for active", where)
        data["status"] = "active"


def _location(report: Report, stem: str, data: dict[str, Any], _where: str) -> None:
    """A location: physical unless it says that it is virtual."""
    data["location_type"] = "virtual" if data.pop("virtual", "").lower() == "true" else "physical"


def _organization(report: Report, stem: str, data: dict[str, Any], where: str) -> None:
    """An organization: the year it was founded."""
    if founded := _day(data.get("date_incorporated", "")):
        data["year_incorporated"] = founded.year


def _address(report: Report, stem: str, data: dict[str, Any], _where: str) -> None:
    """An address: what it is for stands in the name of its table."""
    data["address_type"] = "postal" if stem in {"mail_addresses", "postal_addresses"} else "physical"


def _attribute(report: Report, stem: str, data: dict[str, Any], _where: str) -> None:
    """A term that a service carries."""
    data["link_entity"] = "service"


def _schedule(report: Report, stem: str, data: dict[str, Any], where: str) -> None:
    """A weekday and its hours, or a holiday."""
    weekday = data.pop("weekday", "")
    if day := _DAYS.get(weekday.lower()):
        data |= {"freq": "WEEKLY", "byday": day}
    for name in ("opens_at", "closes_at"):
        said = data.get(name)
        data[name] = clock_of(said or "")
        if said and data[name] is None:
            data[f"{name}_as_given"] = said
            report.fact(stem, f"{name} is no time: kept as {name}_as_given", where)
        if data[name] is None:
            del data[name]
    if stem == "holiday_schedules":
        _holiday(data)


def _holiday(data: dict[str, Any]) -> None:
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


_OF_KIND: dict[str, Callable[[Report, str, dict[str, Any], str], None]] = {
    "service": _service,
    "location": _location,
    "organization": _organization,
    "address": _address,
    "attribute": _attribute,
    "schedule": _schedule,
}
