"""Whether an object of HSDS may be kept. Pure.

As strict as the official schemas, and stricter where they let faults through that readers would see: an
address that is none, a day that does not exist, a minimum age above the maximum (spec/03).
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from datetime import date, datetime
from typing import Any
from urllib.parse import urlsplit

from community.directory.hsds.fields import PROFILE_FIELDS, SLOTS, Field, tables

LONGEST_TEXT = 100_000  # characters of one field
_DEEPEST = 14  # values in one another in a field that HSDS does not know
_UUID = re.compile(r"[0-9a-fA-F]{8}-(?:[0-9a-fA-F]{4}-){3}[0-9a-fA-F]{12}")
_MAIL = re.compile(r"[^\s@<>\"',;:]+@[^\s@<>\"',;:]+\.[^\s@<>\"',;:]+")
_SCHEME = re.compile(r"[a-zA-Z][a-zA-Z0-9+.-]*:[^\s<>\"{}|\\^`]+")
_RUNS = frozenset({"javascript", "vbscript", "data", "blob"})  # readers of an export make links of addresses
_TIME = re.compile(r"([01]\d|2[0-4]):[0-5]\d(:[0-5]\d(\.\d+)?)?(Z|[+-][01]\d:?[0-5]\d)?")
_DAY = re.compile(r"\d{4}-\d\d-\d\d")
_MOMENT = re.compile(r"\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d:\d\d(\.\d+)?([Zz]|[+-]\d\d:\d\d)")

Fault = tuple[str, str]  # (column, reason)


def is_uuid(value: Any) -> bool:
    """Whether this is a UUID as text."""
    return isinstance(value, str) and _UUID.fullmatch(value) is not None


def is_mail(value: Any) -> bool:
    """Whether this is the address of a mailbox."""
    return isinstance(value, str) and _MAIL.fullmatch(value) is not None


def is_address(value: Any) -> bool:
    """Whether this is an absolute URI; of the web, with a host; none that runs where somebody follows it."""
    if not isinstance(value, str) or not _SCHEME.fullmatch(value):
        return False
    try:
        parts = urlsplit(value)
    except ValueError:
        return False
    if parts.scheme.lower() in _RUNS:
        return False
    return parts.scheme.lower() not in {"http", "https"} or "." in parts.netloc or parts.hostname is not None


def is_day(value: Any) -> bool:
    """Whether this day exists, written 2026-11-22."""
    if not isinstance(value, str) or not _DAY.fullmatch(value):
        return False
    try:
        date.fromisoformat(value)
    except ValueError:
        return False
    return True


def is_moment(value: Any) -> bool:
    """Whether this is a moment with its zone (RFC 3339)."""
    if not isinstance(value, str) or not _MOMENT.fullmatch(value):
        return False
    try:
        datetime.fromisoformat(value.replace("z", "Z"))
    except ValueError:
        return False
    return True


def is_time(value: Any) -> bool:
    """Whether this is a time of day: 08:30, 08:30:00, 08:30-05:00."""
    return isinstance(value, str) and _TIME.fullmatch(value) is not None


def is_number(value: Any) -> bool:
    """Whether this is a finite number; true and false are none."""
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return False
    try:
        return math.isfinite(value)
    except OverflowError:  # a whole number that no float can hold
        return False


def _is_text(value: Any) -> bool:
    return isinstance(value, str)


FORMS: dict[str, tuple[Callable[[Any], bool], str]] = {
    "text": (_is_text, "must be text"),
    "number": (is_number, "must be a number"),
    "uuid": (is_uuid, "must be a UUID"),
    "mail": (is_mail, "is not an e-mail address"),
    "address": (is_address, "is not an address such as https://example.org"),
    "date": (is_day, "is not a day such as 2026-11-22"),
    "time": (is_time, "is not a time such as 08:30"),
    "moment": (is_moment, "is not a moment such as 2026-11-22T10:30:00Z"),
}


def faults(kind: str, data: dict[str, Any]) -> list[Fault]:
    """Why an object cannot be kept: the column and the reason of each fault; none when it can."""
    table = tables()[kind]
    found = [(name, "is missing") for name in table.required if data.get(name) is None]
    if "name" in table.required and isinstance(data.get("name"), str) and not data["name"].strip():
        found.append(("name", "is empty"))
    for name, value in data.items():
        known = table.fields.get(name)
        if known is None:
            found += _strange(kind, name, value)
        elif value is not None and (fault := _fault(known, value)):
            found.append((name, fault))
    if kind == "service":
        found += _ages(data)
    return found


def _fault(known: Field, value: Any) -> str:
    right, reason = FORMS[known.form]
    if not right(value):
        return reason
    if known.choices and value not in known.choices:
        return f"must be one of: {', '.join(known.choices)}"
    if isinstance(value, str):
        return _unkeepable(value)
    return ""


def _unkeepable(text: str) -> str:
    if len(text) > LONGEST_TEXT:
        return f"is longer than {LONGEST_TEXT} characters"
    return "holds a character that no text may hold" if "\x00" in text or _lone(text) else ""


def _lone(text: str) -> bool:
    """Half of a pair of surrogates: JSON may hold it, UTF-8 may not."""
    if text.isascii():
        return False
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        return True
    return False


def _strange(kind: str, name: str, value: Any) -> list[Fault]:
    """A field that HSDS does not know is kept as it is, as long as it can be."""
    if (slot := SLOTS[kind].get(name)) is not None and not (slot.many and value == []):
        return [(name, "must be a list of objects" if slot.many else "must be an object")]
    if fault := _strange_fault(value):
        return [(name, fault)]
    return [(name[:80], "is no name of a field")] if "\x00" in name or _lone(name) or len(name) > 200 else []


def _strange_fault(value: Any) -> str:
    """Why a value of a field that HSDS does not know cannot be kept, whatever its shape."""
    inside, depth = [value], 0
    while inside:
        depth += 1
        if depth > _DEEPEST:
            return "is nested too deep"
        for one in inside:
            if isinstance(one, str) and (fault := _unkeepable(one)):
                return fault
            if isinstance(one, (int, float)) and not isinstance(one, bool) and not is_number(one):
                return "holds a number that no database may hold"
        lists = [list(one.values()) if isinstance(one, dict) else one for one in inside if one]
        names = [name for one in inside if isinstance(one, dict) for name in one]
        inside = [below for some in lists if isinstance(some, list) for below in some] + names
    return ""


def _ages(data: dict[str, Any]) -> list[Fault]:
    least, most = data.get("minimum_age"), data.get("maximum_age")
    if is_number(least) and is_number(most) and least > most:  # type: ignore[operator]
        return [("minimum_age", "is above maximum_age")]
    return []


def oddities(kind: str, data: dict[str, Any]) -> list[str]:
    """What the reader of a report should know of an object that is kept all the same."""
    known = tables()[kind].fields.keys() | PROFILE_FIELDS | SLOTS[kind].keys()
    said = [f"unknown field {name}, kept" for name in data if name not in known][:20]
    if kind == "location":
        said += _position(data)
    if kind == "address":
        said += _foreign(data)
    for value in data.values():
        if isinstance(value, str) and "\\n" in value:
            said.append("a backslash and an n instead of a new line")
            break
    return said


def _position(data: dict[str, Any]) -> list[str]:
    north, east = data.get("latitude"), data.get("longitude")
    if north is None or east is None:
        return ["no coordinates"] if data.get("location_type") == "physical" else []
    return [] if abs(north) <= 90 and abs(east) <= 180 else ["coordinates that are nowhere on Earth"]


def _foreign(data: dict[str, Any]) -> list[str]:
    country = str(data.get("country", "")).strip().upper()
    if not country:
        return ["an address without a country"]
    return [] if country in {"CA", "CAN", "CANADA"} else [f"an address in {country[:20]}"]
