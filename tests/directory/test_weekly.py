"""Hours of an ordinary week: as people type them, as schedules, and back."""

from __future__ import annotations

import pytest

from community.directory.opening import weekly


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("", ""),
        ("8:00-12:00, 13:00-16:30", "08:00-12:00, 13:00-16:30"),
        ("13 h 30 à 16 h", "13:30-16:00"),
        ("8h–12h et 13h–17h", "08:00-12:00, 13:00-17:00"),
        ("0:00-24:00", "00:00-24:00"),
        ("9 to 17", "09:00-17:00"),
    ],
)
def test_hours_are_read_as_people_write_them(typed, kept):
    assert weekly.typed(typed) == kept


@pytest.mark.parametrize(
    "typed", ["closed", "25:00-26:00", "8:75-9:00", "8:00", "=1+1", "8-9,9-10,10-11,11-12,12-13", "\x00"]
)
def test_what_is_no_hours_is_not_taken(typed):
    assert weekly.typed(typed) is None


def test_a_week_comes_back_from_its_schedules():
    week = {"MO": "08:00-12:00, 13:00-16:00", "TU": "08:00-12:00", "SA": "00:00-24:00"}
    made = weekly.as_schedules("place", week)
    assert weekly.of_schedules(made) == week
    assert {one["byday"] for one in made} == {"MO,TU", "MO", "SA"}
    assert weekly.from_text(weekly.as_text(week)) == {**dict.fromkeys(weekly.DAYS, ""), **week}


def test_a_season_is_no_ordinary_week():
    summer = {
        "freq": "WEEKLY",
        "byday": "MO",
        "opens_at": "08:00",
        "closes_at": "12:00",
        "valid_to": "2026-09-01",
    }
    assert weekly.of_schedules([summer]) == {}
