"""When a place is open, from its schedules, in its own time zone. Pure.

Its times are those on the wall of the place, whatever offset the format makes people write; one that the
night of the clock change skips or doubles is read as RFC 5545 says (the offset before the gap, the first of
the two).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from community.directory.opening.schedules import Rule, falls_on

AHEAD = 62  # days looked at for the next opening: two months see every monthly clinic
A_YEAR = 400  # and where they see none: what opens for a season opens again within a year


@dataclass(frozen=True)
class Span:
    """From when until when a place is open, in UTC."""

    opens: datetime
    closes: datetime


def spans(understood: Iterable[Rule], zone: ZoneInfo, first: date, last: date) -> list[Span]:
    """When the place is open on these days, in order; what touches is one."""
    found = []
    for rule in understood:
        day = first
        while day <= last:
            if falls_on(rule, day) and not _over(rule, zone, day):
                found.append(_span(rule, zone, day))
            day += timedelta(days=1)
    return list(_joined(sorted(found, key=lambda span: span.opens)))


def _over(rule: Rule, zone: ZoneInfo, day: date) -> bool:
    """Whether it opens that day after the moment that ends it."""
    if rule.until is None:
        return False
    until = rule.until if rule.until.tzinfo else rule.until.replace(tzinfo=zone)
    return _moment(day, rule.opens, zone) > until


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
    """Those that may open in a year: none that is over."""
    return [rule for rule in understood if rule.last is None or rule.last >= today]


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
