"""When a place is open, from its HSDS schedules, in its own time zone. Pure.

A schedule repeats by the rules of iCalendar (RFC 5545: freq, interval, byday, bymonthday, byyearday,
byweekno, wkst, until, count). Its times are those on the wall of the place, whatever offset the format makes
people write; one that the night of the clock change skips or doubles is read as RFC 5545 says (the offset
before the gap, the first of the two).
"""

from __future__ import annotations

import calendar
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

AHEAD = 62  # days looked at for the next opening: two months see every monthly clinic
A_YEAR = 400  # and where they see none: what opens for a season opens again within a year
MOST = 200  # schedules of one place: more is a mistake or an attack
MOST_COUNTED = 1_000  # occurrences that a count is followed for
_DATES = ("dtstart", "until", "valid_from", "valid_to")
_NUMBERED = (("bymonthday", 31), ("byyearday", 366), ("byweekno", 53))
_DAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
_BYDAY = re.compile(r"^([+-]?\d{1,2})?(MO|TU|WE|TH|FR|SA|SU)$")
_TIME = re.compile(r"^(\d{1,2}):(\d{2})(?::\d{2}(?:\.\d+)?)?\s*(?:Z|[+-]\d{2}:?\d{2})?$")


@dataclass(frozen=True)
class Span:
    """From when until when a place is open, in UTC."""

    opens: datetime
    closes: datetime


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
    count: int | None
    opens: time
    closes: time


def rules(schedules: Iterable[Mapping[str, Any]]) -> list[Rule]:
    """The schedules that say when to come; those of which only a sentence is known are left out."""
    found = (_rule(one) for one in list(schedules)[:MOST])
    return [rule for rule in found if rule is not None]


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
    ends = [day for day in (_date(given.get("until")), _date(given.get("valid_to"))) if day]
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
        count=_number(given.get("count")) or None,
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
    if (rule.first and day < rule.first) or (rule.last and day > rule.last) or not _named(rule, day):
        return False
    return rule.count is None or rule.start is None or _among_the_first(rule, day)


def _among_the_first(rule: Rule, day: date) -> bool:
    seen, one = 0, rule.start or day
    most = min(rule.count or 0, MOST_COUNTED)
    while one < day and seen < most:
        seen += _named(rule, one)
        one += timedelta(days=1)
    return seen < most


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


# From days to moments.


def spans(understood: Iterable[Rule], zone: ZoneInfo, first: date, last: date) -> list[Span]:
    """When the place is open on these days, in order; what touches is one."""
    found = []
    for rule in understood:
        day = first
        while day <= last:
            if falls_on(rule, day):
                found.append(_span(rule, zone, day))
            day += timedelta(days=1)
    return list(_joined(sorted(found, key=lambda span: span.opens)))


def _span(rule: Rule, zone: ZoneInfo, day: date) -> Span:
    after = day + timedelta(days=1) if rule.closes <= rule.opens else day
    return Span(_moment(day, rule.opens, zone), _moment(after, rule.closes, zone))


def _moment(day: date, at: time, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, at, tzinfo=zone).astimezone(UTC)


def _joined(ordered: list[Span]) -> Iterator[Span]:
    kept: Span | None = None
    for span in ordered:
        if kept is None or span.opens > kept.closes:
            if kept:
                yield kept
            kept = span
        elif span.closes > kept.closes:
            kept = Span(kept.opens, span.closes)
    if kept:
        yield kept


def current_or_next(understood: list[Rule], zone: ZoneInfo, moment: datetime) -> Span | None:
    """The opening that lasts at that moment, or else the next one; None when none is in sight.

    :param moment: with its zone. An opening without end in sight closes when the days looked at do.
    """
    today = moment.astimezone(zone).date()
    # Most places open within a week: two months are seldom looked through, a year where nothing else is.
    for days, those in ((8, understood), (AHEAD, understood), (A_YEAR, _to_come(understood, today))):
        for span in spans(those, zone, today - timedelta(days=1), today + timedelta(days=days)):
            if span.closes > moment:
                return span
    return None


def _to_come(understood: list[Rule], today: date) -> list[Rule]:
    """Those that may open in a year: none that is over, nor a count that has begun (slow to follow)."""
    lasting = (rule for rule in understood if rule.last is None or rule.last >= today)
    return [rule for rule in lasting if rule.count is None or (rule.first and rule.first > today)]


def always_open(understood: Iterable[Rule]) -> bool:
    """Whether it never closes: every day, round the clock."""
    whole = {
        weekday
        for rule in understood
        if rule.opens == rule.closes and rule.freq in {"DAILY", "WEEKLY"} and rule.interval == 1
        for weekday in ([day for _, day in rule.days] or range(7))
        if rule.first is None and rule.last is None and not (rule.month_days or rule.year_days or rule.weeks)
    }
    return len(whole) == 7


@dataclass(frozen=True)
class Line:
    """A line of the table of hours: consecutive days of the week with the same times."""

    first: int
    last: int
    times: tuple[tuple[time, time], ...]


def week(understood: Iterable[Rule]) -> list[Line]:
    """The ordinary week as a table reads it, Monday first, without the days on which it is closed."""
    ordinary = [rule for rule in understood if rule.freq in {"WEEKLY", "DAILY"} and rule.interval == 1]
    found: list[Line] = []
    for day in range(7):
        times = tuple(sorted({(one.opens, one.closes) for one in ordinary if _weekly_on(one, day)}))
        if found and found[-1].last == day - 1 and found[-1].times == times:
            found[-1] = Line(found[-1].first, day, times)
        elif times:
            found.append(Line(day, day, times))
    return found


def _weekly_on(rule: Rule, day: int) -> bool:
    days = {weekday for _, weekday in rule.days}
    if not days and rule.freq == "WEEKLY" and rule.start:
        days = {rule.start.weekday()}
    return not days or day in days
