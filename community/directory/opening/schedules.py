"""The schedules of HSDS as rules, and the days they name. Pure.

A schedule repeats by the rules of iCalendar (RFC 5545: freq, interval, byday, bymonthday, byyearday,
byweekno, wkst, until, count).
"""

from __future__ import annotations

import calendar
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from itertools import islice
from typing import Any

MOST = 200  # schedules of one place: more is a mistake or an attack
FOLLOWED = 10_000  # days that a count is followed for, some 27 years: what counts on cannot be read
_DATES = ("dtstart", "until", "valid_from", "valid_to")
_NUMBERED = (("bymonthday", 31), ("byyearday", 366), ("byweekno", 53))
_DAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
_BYDAY = re.compile(r"^([+-]?\d{1,2})?(MO|TU|WE|TH|FR|SA|SU)$")
_TIME = re.compile(r"^(\d{1,2}):(\d{2})(?::\d{2}(?:\.\d+)?)?\s*(?:Z|[+-]\d{2}:?\d{2})?$")


@dataclass(frozen=True)
class Rule:
    """A schedule as it is understood. Days are 0 (Monday) to 6; ``nth`` counts them in a month or year."""

    freq: str
    interval: int
    days: frozenset[tuple[int, int]]  # (nth or 0, day of the week)
    month_days: frozenset[int]
    year_days: frozenset[int]
    weeks: frozenset[int]
    week_start: int
    start: date | None  # from where intervals and counts are told
    first: date | None
    last: date | None
    until: datetime | None  # of an end that was told with a time
    opens: time
    closes: time


def rules(schedules: Iterable[Mapping[str, Any]]) -> list[Rule]:
    """The schedules that say when to come; those of which only a sentence is known are left out."""
    found = ((_rule(one), one.get("count")) for one in list(schedules)[:MOST])
    told = (_counted(rule, _number(count)) if count else rule for rule, count in found if rule)
    return [rule for rule in told if rule is not None]


@lru_cache(maxsize=1_000)  # following takes up to 25 ms
def _counted(rule: Rule, count: int | None) -> Rule | None:
    """The same until the last day that its count reaches; None when that cannot be told."""
    if count is None or count < 1 or rule.start is None:
        return None
    days = (rule.start + timedelta(days=passed) for passed in range(FOLLOWED))
    named = (day for day in days if _named(rule, day))
    last = next(islice(named, count - 1, None), None)
    return replace(rule, last=min(last, rule.last or last)) if last else None


def _rule(given: Mapping[str, Any]) -> Rule | None:
    opens, closes = _time(given.get("opens_at")), _time(given.get("closes_at"))
    days = frozenset(_days(given.get("byday")))
    start = _date(given.get("dtstart"))
    freq = str(given.get("freq") or "").upper() or ("WEEKLY" if days else "ONCE" if start else "")
    if opens is None or closes is None or freq not in {"DAILY", "WEEKLY", "MONTHLY", "YEARLY", "ONCE"}:
        return None
    if _not_understood(given) or (freq in {"MONTHLY", "YEARLY"} and not _says_which(given)):
        return None
    wkst = str(given.get("wkst") or "MO").upper()
    until = _with_a_time(given.get("until"))
    ends = [day for day in (_last_day(given.get("until"), until), _date(given.get("valid_to"))) if day]
    begins = [day for day in (start, _date(given.get("valid_from"))) if day]
    return Rule(
        freq=freq,
        interval=max(1, min(_number(given.get("interval")) or 1, 400)),
        days=days,
        month_days=_numbers(given.get("bymonthday"), 31),
        year_days=_numbers(given.get("byyearday"), 366),
        weeks=_numbers(given.get("byweekno"), 53),
        week_start=_DAYS.index(wkst) if wkst in _DAYS else 0,
        start=start or (begins[0] if begins else None),
        first=max(begins, default=None),
        last=min(ends, default=None),
        until=until,
        opens=opens,
        closes=closes,
    )


def _not_understood(given: Mapping[str, Any]) -> bool:
    """Whether it says something of its days that cannot be read: without it, it would say "open" where the
    place is closed."""
    dated = any(given.get(name) and _date(given.get(name)) is None for name in _DATES)
    numbered = any(given.get(name) and not _numbers(given.get(name), most) for name, most in _NUMBERED)
    return dated or numbered or bool(given.get("byday") and not [*_days(given.get("byday"))])


def _says_which(given: Mapping[str, Any]) -> bool:
    """Whether it names days at all: a month or a year has many."""
    return any(
        given.get(name) for name in ("byday", "dtstart", "valid_from", *(name for name, _ in _NUMBERED))
    )


def _time(given: Any) -> time | None:
    found = _TIME.match(given.strip()) if isinstance(given, str) else None
    if not found:
        return None
    hour, minute = int(found[1]), int(found[2])
    if (hour, minute) == (24, 0):
        return time(0, 0)
    return time(hour, minute) if hour < 24 and minute < 60 else None


def _date(given: Any) -> date | None:
    try:
        return date.fromisoformat(str(given)[:10]) if given else None
    except ValueError:
        return None


def _with_a_time(given: Any) -> datetime | None:
    """The moment of an end that is told with its time; midnight is how programs write a day alone."""
    try:
        moment = datetime.fromisoformat(str(given).strip())
    except ValueError:
        return None
    return moment if moment.time() != time(0, 0) else None


def _last_day(given: Any, until: datetime | None) -> date | None:
    """The last day that may be one of its; where the place is, a moment of another zone may be a day on."""
    day = _date(given)
    return day + timedelta(days=1) if day and until and until.tzinfo and day < date.max else day


def _number(given: Any) -> int | None:
    try:
        return int(given) if given is not None and abs(int(given)) < 100_000 else None
    except (TypeError, ValueError, OverflowError):
        return None


def _numbers(given: Any, most: int) -> frozenset[int]:
    parts = str(given or "").split(",")[:100]
    found = (_number(part.strip()) for part in parts)
    return frozenset(number for number in found if number and abs(number) <= most)


def _days(given: Any) -> Iterator[tuple[int, int]]:
    for part in str(given or "").upper().split(",")[:100]:
        found = _BYDAY.match(part.strip())
        if found:
            yield int(found[1] or 0), _DAYS.index(found[2])


# Which days a rule names.


def falls_on(rule: Rule, day: date) -> bool:
    """Whether the place opens on that day by this rule."""
    within = not (rule.first and day < rule.first) and not (rule.last and day > rule.last)
    return within and _named(rule, day)


def _named(rule: Rule, day: date) -> bool:
    if rule.weeks and not _in_weeks(rule, day):
        return False
    of_year = day.timetuple().tm_yday
    if rule.year_days and not rule.year_days & {of_year, of_year - _year(day)}:
        return False
    if rule.month_days and not rule.month_days & {day.day, day.day - _month(day) - 1}:
        return False
    return _by_frequency(rule, day)


def _by_frequency(rule: Rule, day: date) -> bool:
    """The days that the frequency itself names, with its interval."""
    plain = not (rule.days or rule.month_days or rule.year_days or rule.weeks)
    start = rule.start
    if rule.freq == "ONCE":
        return day == start
    if rule.freq == "DAILY":
        return _every(rule, (day - start).days if start else 0) and _weekday(rule, day)
    if rule.freq == "WEEKLY":
        weeks = (_week(rule, day) - _week(rule, start)).days // 7 if start else 0
        same = not plain or start is None or day.weekday() == start.weekday()
        return _every(rule, weeks) and _weekday(rule, day) and same
    if rule.freq == "MONTHLY":
        months = (day.year - start.year) * 12 + day.month - start.month if start else 0
        same = not (plain and start and day.day != start.day)
        return _every(rule, months) and _nth(rule, day, day.day, _month(day)) and same
    same_day = not plain or start is None or (day.month, day.day) == (start.month, start.day)
    years = day.year - start.year if start else 0
    return _every(rule, years) and _nth(rule, day, day.timetuple().tm_yday, _year(day) - 1) and same_day


def _every(rule: Rule, periods: int) -> bool:
    return periods % rule.interval == 0


def _weekday(rule: Rule, day: date) -> bool:
    return not rule.days or any(day.weekday() == weekday for _, weekday in rule.days)


def _nth(rule: Rule, day: date, number: int, most: int) -> bool:
    """Whether its weekday is named: any, or the nth of a period of so many days, told from either end."""
    up, down = (number - 1) // 7 + 1, -((most - number) // 7 + 1)
    return not rule.days or any((nth, day.weekday()) in rule.days for nth in (0, up, down))


def _week(rule: Rule, day: date) -> date:
    return day - timedelta(days=(day.weekday() - rule.week_start) % 7)


def _in_weeks(rule: Rule, day: date) -> bool:
    year, number, _ = day.isocalendar()
    most = date(year, 12, 28).isocalendar().week  # always in the last week
    alone = rule.start and not (rule.days or rule.month_days or rule.year_days)
    weekday = rule.start.weekday() if alone and rule.start else day.weekday()
    return day.weekday() == weekday and bool(rule.weeks & {number, number - most - 1})


def _month(day: date) -> int:
    return calendar.monthrange(day.year, day.month)[1]


def _year(day: date) -> int:
    return (366 if calendar.isleap(day.year) else 365) + 1
