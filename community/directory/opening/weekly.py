"""Opening hours of an ordinary week: as people type them, as schedules of HSDS, and back. Pure.

Schedules that say more than a week (every second Tuesday, a season, a single day) are left as they are.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any
from uuid import NAMESPACE_URL, uuid5

DAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
MOST = 4  # openings of one day
_AT = r"(\d{1,2})(?:\s*[:hH]\s*(\d{2})?)?"
_SPAN = re.compile(_AT + r"\s*(?:-|\u2013|\u2014|à|to)\s*" + _AT)
_TIME = re.compile(r"(\d{1,2}):(\d{2})")
_MORE = ("dtstart", "until", "count", "valid_from", "valid_to", "bymonthday", "byyearday", "byweekno")
_Json = dict[str, Any]


def typed(text: str) -> str | None:
    """What somebody typed for a day, as it is kept: "08:00-12:00, 13:00-16:30"; None when it is no hours."""
    plain = " ".join(text.split())
    if not plain:
        return ""
    found = [_span(part.strip()) for part in re.split(r"[,;]|\bet\b|\band\b", plain) if part.strip()]
    spans = [one for one in found if one]
    if len(spans) != len(found) or len(spans) > MOST:
        return None
    return ", ".join(sorted(spans))


def _span(part: str) -> str:
    found = _SPAN.fullmatch(part)
    if not found:
        return ""
    opens, closes = _time(found[1], found[2]), _time(found[3], found[4])
    return f"{opens}-{closes}" if opens and closes and opens != "24:00" else ""


def _time(hour: str, minute: str | None) -> str:
    h, m = int(hour), int(minute or 0)
    if (h, m) == (24, 0) or (h < 24 and m < 60):
        return f"{h:02d}:{m:02d}"
    return ""


def of_schedules(schedules: Iterable[Mapping[str, Any]]) -> dict[str, str]:
    """What is typed for each day, from those schedules that say no more than a week."""
    found: dict[str, set[str]] = {}
    for one in schedules:
        if is_plain(one):
            span = f"{_short(one.get('opens_at'))}-{_short(one.get('closes_at'))}"
            for day in _days(one):
                found.setdefault(day, set()).add(span)
    return {day: ", ".join(sorted(found[day])) for day in DAYS if day in found}


def is_plain(one: Mapping[str, Any]) -> bool:
    """Whether a schedule says no more than hours of the days of every week."""
    every_week = str(one.get("freq") or "WEEKLY").upper() == "WEEKLY" and one.get("interval") in (None, 1)
    timed = bool(_short(one.get("opens_at")) and _short(one.get("closes_at")))
    return every_week and timed and bool(_days(one)) and not any(one.get(name) for name in _MORE)


def _days(one: Mapping[str, Any]) -> list[str]:
    named = [day.strip().upper() for day in str(one.get("byday") or "").split(",")]
    return named if all(day in DAYS for day in named) else []


def _short(given: Any) -> str:
    found = _TIME.match(str(given or ""))
    return f"{int(found[1]):02d}:{found[2]}" if found else ""


def as_schedules(holder: str, week: Mapping[str, str]) -> list[_Json]:
    """The schedules of a week: one for each opening, with all the days that have it."""
    days: dict[str, list[str]] = {}
    for day in DAYS:
        for span in filter(None, (part.strip() for part in week.get(day, "").split(","))):
            days.setdefault(span, []).append(day)
    return [_schedule(holder, span, named) for span, named in days.items()]


def _schedule(holder: str, span: str, days: list[str]) -> _Json:
    opens, _, closes = span.partition("-")
    return {
        "id": str(uuid5(NAMESPACE_URL, f"{holder} {span} {days}")),
        "freq": "WEEKLY",
        "wkst": "MO",
        "byday": ",".join(days),
        "opens_at": opens,
        "closes_at": closes,
    }


def as_text(week: Mapping[str, str]) -> str:
    """A week in one line: "MO 08:00-12:00; TU 08:00-16:00"."""
    return "; ".join(f"{day} {week[day]}" for day in DAYS if week.get(day))


def from_text(line: str) -> dict[str, str]:
    """What :func:`as_text` gave; days that are not in it are closed."""
    found = dict.fromkeys(DAYS, "")
    for part in line.split(";"):
        day, _, spans = part.strip().partition(" ")
        if day in found and typed(spans):
            found[day] = typed(spans) or ""
    return found
