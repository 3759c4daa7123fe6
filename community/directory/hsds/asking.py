"""What a program may ask of the HSDS interface, address by address. Pure.

Whoever asks for a filter that is not there, or gives it a value it cannot have, is told so: an answer
without the filter would be taken for one with it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from community.directory.hsds.checks import is_day, is_moment, is_uuid

MOST_A_PAGE = 100
LAST_PAGE = 1_000_000
LONGEST_SEARCH = 200
FARTHEST = 5_000_000  # metres
_POSTCODE = re.compile(r"[A-Za-z]\d[A-Za-z](\s?\d[A-Za-z]\d)?")
_WHOLE = re.compile(r"\d{1,7}")


@dataclass(frozen=True)
class Filter:
    """One thing that may be asked: its form, in words for the description, and how it is read."""

    name: str
    form: str  # text, uuid, whole, truth, moment, format, postcode, metres
    says: str


_ALL = (
    Filter("search", "text", "Words that must all occur."),
    Filter("page", "whole", "The number of the page, from 1."),
    Filter("per_page", "whole", f"How many on a page, from 1 to {MOST_A_PAGE}."),
    Filter("format", "format", "json, or ndjson: everything, one object a line, without pages."),
)
_TERM = Filter("taxonomy_term_id", "uuid", "Those that carry this term.")
_TAXONOMY = Filter("taxonomy_id", "uuid", "Those that carry any term of this taxonomy.")
_ORGANIZATION = Filter("organization_id", "uuid", "Those that this organization provides.")
_AFTER = Filter("modified_after", "moment", "Those that changed on or after this day or moment.")
_FULL = Filter("full", "truth", "With everything that is nested.")
_SERVICE_OF = Filter("full_service", "truth", "With the services of the organization in full.")

FILTERS: dict[str, tuple[Filter, ...]] = {
    "services": (
        *_ALL,
        _TERM,
        _TAXONOMY,
        _ORGANIZATION,
        _AFTER,
        Filter("minimal", "truth", "Only ids and days of change."),
        _FULL,
    ),
    "service_at_locations": (
        *_ALL,
        _TERM,
        _TAXONOMY,
        _ORGANIZATION,
        _AFTER,
        _FULL,
        Filter("postcode", "postcode", "Near this Canadian postal code or its first three characters."),
        Filter(
            "proximity",
            "metres",
            "How near, in metres from the middle of the postcode; near none there is nothing.",
        ),
    ),
    "organizations": (*_ALL, _SERVICE_OF, _FULL),
    "taxonomies": _ALL,
    "taxonomy_terms": (
        *_ALL,
        _TAXONOMY,
        Filter("top_only", "truth", "Those without a parent."),
        Filter("parent_id", "uuid", "Those directly under this term."),
    ),
    "organization": (_SERVICE_OF,),
}


class NotUnderstood(Exception):
    """Something was asked that cannot be: which parameter, and why ("unknown", "twice" or its form)."""

    def __init__(self, parameter: str, why: str) -> None:
        super().__init__(parameter)
        self.parameter = parameter
        self.why = why


@dataclass(frozen=True)
class Asked:
    """What was asked, understood."""

    values: dict[str, Any]

    def get(self, name: str, default: Any = None) -> Any:
        """The value of a filter."""
        return self.values.get(name, default)

    @property
    def page(self) -> int:
        """The number of the page, from 1."""
        return int(self.values.get("page", 1))

    @property
    def per_page(self) -> int:
        """How many on a page."""
        return int(self.values.get("per_page", MOST_A_PAGE if self.get("minimal") else 50))


def understood(of: str, given: Iterable[tuple[str, str]]) -> Asked:
    """What was asked of an address. :raises NotUnderstood: it has no such filter, or no such value."""
    known = {one.name: one for one in FILTERS.get(of, ())}
    values: dict[str, Any] = {}
    for name, text in given:
        if name not in known:
            raise NotUnderstood(name[:60], "unknown")
        if name in values:
            raise NotUnderstood(name, "twice")
        values[name] = _read(known[name], text)
    if not 1 <= values.get("per_page", 1) <= MOST_A_PAGE:
        raise NotUnderstood("per_page", "range")
    return Asked(values)


def _read(one: Filter, text: str) -> Any:
    value = _READERS[one.form](text)
    if value is None or (one.name == "page" and not 1 <= value <= LAST_PAGE):
        raise NotUnderstood(one.name, one.form)
    return value


def _text(text: str) -> str | None:
    return text.replace("\x00", " ") if len(text) <= LONGEST_SEARCH else None  # which no database takes


def _moment(text: str) -> datetime | None:
    if is_day(text):
        day = date.fromisoformat(text)
        return datetime(day.year, day.month, day.day, tzinfo=UTC)
    # A plus in an address stands for a blank.
    written = re.sub(r" (\d\d:\d\d)$", r"+\1", text)
    if not is_moment(written):
        return None
    try:
        return datetime.fromisoformat(written.upper()).astimezone(UTC)
    except OverflowError:  # before the first or after the last moment that there is in UTC
        return None


def _metres(text: str) -> int | None:
    return int(text) if _WHOLE.fullmatch(text) and 0 < int(text) <= FARTHEST else None


_READERS: dict[str, Any] = {
    "text": _text,
    "uuid": lambda text: text.lower() if is_uuid(text) else None,
    "whole": lambda text: int(text) if _WHOLE.fullmatch(text) and text.isascii() else None,
    "truth": {"true": True, "false": False}.get,
    "moment": _moment,
    "format": {"json": "json", "ndjson": "ndjson"}.get,
    "postcode": lambda text: "".join(text.split()).upper() if _POSTCODE.fullmatch(text.strip()) else None,
    "metres": _metres,
}
