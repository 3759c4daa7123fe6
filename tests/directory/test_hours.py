"""When a place is open, against another reading of the same rules, and on the nights that are hard."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from dateutil import rrule
from hypothesis import given, settings
from hypothesis import strategies as st

from community.directory.opening import hours, schedules

MONTREAL, NEWFOUNDLAND = ZoneInfo("America/Toronto"), ZoneInfo("America/St_Johns")
DAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
TIMES = {"opens_at": "09:00", "closes_at": "17:00"}
START, LAST = date(2026, 1, 5), date(2026, 6, 30)


def at(zone, year, month, day, hour, *minute):
    return datetime(year, month, day, hour, *minute).replace(tzinfo=zone)  # noqa: DTZ001 - it gets one


def span_at(rules, zone, moment):
    """When it is open then or next; it must be some time."""
    found = hours.current_or_next(rules, zone, moment)
    assert found
    return found


def opened(schedule, first=START, last=LAST):
    (rule,) = schedules.rules([schedule])
    days = (first + timedelta(days=passed) for passed in range((last - first).days + 1))
    return [day for day in days if schedules.falls_on(rule, day)]


def by_the_reference(written):
    first, end = (datetime(2026, 1, 5, tzinfo=UTC), datetime(2026, 6, 30, tzinfo=UTC))
    found = rrule.rrulestr(f"RRULE:{written}", dtstart=first)
    return [moment.date() for moment in found.between(first, end, inc=True)]


@settings(max_examples=60, deadline=None)
@given(
    st.sets(st.sampled_from(DAYS), min_size=1),
    st.integers(1, 4),
    st.sampled_from(DAYS),
    st.sampled_from(["", "until", "count"]),
)
def test_weeks_repeat_as_the_reference_repeats_them(days, interval, week_start, ends):
    byday = ",".join(sorted(days))
    schedule = {"freq": "WEEKLY", "byday": byday, "interval": interval, "wkst": week_start, **TIMES}
    written = f"FREQ=WEEKLY;BYDAY={byday};INTERVAL={interval};WKST={week_start}"
    if ends == "until":
        schedule["until"], written = "2026-04-10", f"{written};UNTIL=20260410T235959Z"
    if ends == "count":
        schedule["count"], written = 9, f"{written};COUNT=9"
    assert opened({**schedule, "dtstart": "2026-01-05"}) == by_the_reference(written)


@settings(max_examples=60, deadline=None)
@given(
    st.sampled_from(
        [
            "BYDAY=1MO",
            "BYDAY=-1FR",
            "BYDAY=2TU,4TU",
            "BYDAY=WE",
            "BYMONTHDAY=15",
            "BYMONTHDAY=-1",
            "BYMONTHDAY=5,31",
        ]
    ),
    st.integers(1, 3),
)
def test_months_repeat_as_the_reference_repeats_them(part, interval):
    name, _, value = part.partition("=")
    schedule = {
        "freq": "MONTHLY",
        name.lower(): value,
        "interval": interval,
        "dtstart": "2026-01-05",
        **TIMES,
    }
    assert opened({**schedule, **TIMES}) == by_the_reference(f"FREQ=MONTHLY;{part};INTERVAL={interval}")


def test_half_hours_of_newfoundland_are_its_own():
    rules = schedules.rules([{"freq": "WEEKLY", "byday": "MO", **TIMES}])
    span = span_at(rules, NEWFOUNDLAND, at(UTC, 2026, 11, 23, 12, 0))
    assert span.opens == at(UTC, 2026, 11, 23, 12, 30)  # nine o'clock in St. John's
    assert span.closes == at(UTC, 2026, 11, 23, 20, 30)


def test_a_place_that_closes_after_midnight_is_open_then():
    rules = schedules.rules([{"freq": "WEEKLY", "byday": "FR", "opens_at": "20:00", "closes_at": "02:30"}])
    span = span_at(rules, MONTREAL, at(MONTREAL, 2026, 11, 21, 1, 0))
    assert span.opens <= at(MONTREAL, 2026, 11, 21, 1, 0) < span.closes
    later = span_at(rules, MONTREAL, at(MONTREAL, 2026, 11, 21, 2, 30))
    assert later.opens == at(MONTREAL, 2026, 11, 27, 20, 0)


@pytest.mark.parametrize(
    ("night", "lasts"),
    [((2026, 3, 7), 11), ((2026, 10, 31), 13), ((2026, 11, 20), 12)],
    ids=["an hour is skipped", "an hour is doubled", "an ordinary night"],
)
def test_a_night_lasts_as_long_as_the_clocks_make_it(night, lasts):
    rules = schedules.rules([{"freq": "DAILY", "opens_at": "20:00", "closes_at": "08:00"}])
    span = span_at(rules, MONTREAL, at(MONTREAL, *night, 22, 0))
    assert span.closes - span.opens == timedelta(hours=lasts)


def test_a_time_that_the_clocks_skip_is_read_with_the_offset_before():
    rules = schedules.rules([{"dtstart": "2026-03-08", "opens_at": "02:30", "closes_at": "06:00"}])
    span = span_at(rules, MONTREAL, at(MONTREAL, 2026, 3, 8, 0, 0))
    assert span.opens == at(UTC, 2026, 3, 8, 7, 30)  # 3:30 in summer time


def test_round_the_clock_never_closes_in_sight():
    rules = schedules.rules(
        [{"freq": "WEEKLY", "byday": ",".join(DAYS), "opens_at": "00:00", "closes_at": "24:00"}]
    )
    assert hours.always_open(rules)
    moment = at(MONTREAL, 2026, 11, 22, 3, 0)
    span = span_at(rules, MONTREAL, moment)
    assert span.closes - moment > timedelta(days=7)


def test_a_service_of_one_season_is_not_open_outside_it():
    season = {"valid_from": "2026-05-01", "valid_to": "2026-09-30"}
    rules = schedules.rules([{"freq": "WEEKLY", "byday": "MO", **season, **TIMES}])
    assert hours.current_or_next(rules, MONTREAL, at(UTC, 2026, 11, 22, 12, 0)) is None


@pytest.mark.parametrize(
    "schedule",
    [
        {"freq": "WEEKLY", "byday": "MO", "valid_from": "2027-05-03", "valid_to": "2027-09-30"},
        {"freq": "YEARLY", "dtstart": "2021-05-03"},
        {"dtstart": "2027-05-03"},
    ],
)
def test_a_season_that_begins_in_half_a_year_is_in_sight(schedule):
    rules = schedules.rules([{**schedule, **TIMES}])
    assert span_at(rules, MONTREAL, at(UTC, 2026, 11, 22, 12)).opens == at(MONTREAL, 2027, 5, 3, 9)


@pytest.mark.parametrize(
    "schedule",
    [
        {},
        {"freq": "WEEKLY", "byday": "MO", "opens_at": "late", "closes_at": "17:00"},
        {"freq": "HOURLY", **TIMES},
        {"description": "By appointment"},
        {"freq": "WEEKLY", "byday": "MO", "opens_at": "25:00", "closes_at": "26:00"},
    ],
)
def test_a_schedule_that_says_no_hours_is_left_out(schedule):
    assert schedules.rules([schedule]) == []


@pytest.mark.parametrize(
    ("written", "schedule"),
    [
        ("FREQ=YEARLY;BYDAY=20MO", {"byday": "20MO"}),
        ("FREQ=YEARLY;BYDAY=-30TU,3FR", {"byday": "-30TU,3FR"}),
        ("FREQ=YEARLY;BYWEEKNO=-40;BYDAY=MO,WE", {"byweekno": "-40", "byday": "MO,WE"}),
        ("FREQ=YEARLY;BYDAY=TU;UNTIL=20260301T045959Z", {"byday": "TU", "until": "20260301T045959Z"}),
    ],
)
def test_years_repeat_as_the_reference_repeats_them(written, schedule):
    found = opened({"freq": "YEARLY", "dtstart": "2026-01-05", **schedule, **TIMES})
    assert found
    assert found == by_the_reference(written)


def test_a_week_of_the_year_without_a_day_is_on_the_weekday_of_the_first():
    # RFC 5545, 3.3.10: what the rule does not say is taken from DTSTART (the reference opens all seven days).
    schedule = {"freq": "YEARLY", "byweekno": "20", "dtstart": "2026-01-06", **TIMES}
    assert opened(schedule) == [date(2026, 5, 12)]


@pytest.mark.parametrize(
    "schedule",
    [
        {"freq": "WEEKLY", "byday": "LUN"},
        {"freq": "MONTHLY", "bymonthday": "40"},
        {"freq": "MONTHLY"},
        {"freq": "YEARLY", "bymonthday": ""},
        {"freq": "DAILY", "until": "31/12/2020"},
        {"freq": "WEEKLY", "byday": "MO", "valid_to": "the end of June"},
        {"freq": "WEEKLY", "byday": "MO", "interval": 2, "dtstart": "05/01/2026"},
        {"freq": "WEEKLY", "byday": "MO", "dtstart": "2026-01-05", "count": "eleven"},
        {"freq": "WEEKLY", "byday": "MO", "dtstart": "2026-01-05", "count": -3},
        {"freq": "DAILY", "dtstart": "2026-01-05", "count": 20_000},  # more than is followed
        {"freq": "DAILY", "count": 5},  # since when?
    ],
)
def test_what_cannot_be_read_of_a_schedule_never_says_open(schedule):
    assert schedules.rules([{**TIMES, **schedule}]) == []


@pytest.mark.parametrize(("day", "opens"), [("2026-08-08", True), ("2026-08-09", False)])
def test_a_count_of_more_than_a_thousand_ends_where_it_says(day, opens):
    schedule = {"freq": "DAILY", "dtstart": "2023-01-01", "count": 1316, **TIMES}
    assert bool(opened(schedule, date.fromisoformat(day), date.fromisoformat(day))) is opens


def test_a_counted_season_that_goes_on_in_some_months_is_in_sight():
    schedule = {"freq": "YEARLY", "dtstart": "2025-05-03", "count": 3, **TIMES}
    moment = at(UTC, 2026, 11, 22, 12)
    assert span_at(schedules.rules([schedule]), MONTREAL, moment).opens == at(MONTREAL, 2027, 5, 3, 9)
    assert hours.current_or_next(schedules.rules([{**schedule, "count": 2}]), MONTREAL, moment) is None


@pytest.mark.parametrize(
    ("until", "last"),
    [
        ("2026-06-30", 30),
        ("20260630", 30),
        ("2026-06-30T00:00:00Z", 30),  # how programs write a day
        ("20260630T035959Z", 29),  # the 29th in Montréal is not over yet
        ("2026-06-30T14:00:00Z", 30),
        ("2026-06-30T12:59:00Z", 29),  # a minute before it opens
        ("2026-06-30T08:59:00-04:00", 29),
        ("2026-06-30T09:00:00", 30),
    ],
)
def test_an_end_with_a_time_is_that_moment(until, last):
    rules = schedules.rules([{"freq": "DAILY", "dtstart": "2026-06-01", "until": until, **TIMES}])
    found = hours.spans(rules, MONTREAL, date(2026, 6, 1), date(2026, 7, 5))
    assert found[-1].opens == at(MONTREAL, 2026, 6, last, 9)


def test_a_list_of_days_is_read_as_far_as_it_can_be():
    assert len(opened({**TIMES, "freq": "WEEKLY", "byday": "MO,JEU", "dtstart": "2026-01-05"})) == 26


def test_the_week_is_told_with_like_days_together():
    plain = [
        {"freq": "WEEKLY", "byday": "MO,TU,WE", "opens_at": "08:00", "closes_at": "16:00"},
        {"freq": "WEEKLY", "byday": "TH", "opens_at": "08:00", "closes_at": "20:00"},
    ]
    assert [(line.first, line.last) for line in hours.week(schedules.rules(plain))] == [(0, 2), (3, 3)]
