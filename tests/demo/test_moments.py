"""Dates of the demonstration: relative to the day of loading, in order, never in the future."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest

from community.core.disclosure import RESPONDENTS
from community.demo.loader.moments import Calendar
from community.demo.loader.topics import conversations

MONTREAL = ZoneInfo("America/Toronto")


@pytest.mark.parametrize(
    "now",
    [
        datetime(2026, 11, 21, 20, 0, tzinfo=UTC),
        datetime(2027, 3, 14, 6, 59, tzinfo=UTC),  # the night the clocks go forward
        datetime(2028, 2, 29, 0, 1, tzinfo=UTC),
        datetime(2026, 1, 1, 3, 0, tzinfo=UTC),  # still last year in Montréal
    ],
)
def test_every_post_comes_after_the_one_above_it_and_before_now(now: datetime) -> None:
    calendar = Calendar(now, MONTREAL)
    for one in conversations():
        moments = calendar.posts(one)
        assert all(earlier < later for earlier, later in pairwise(moments))
        assert moments[-1] < now


def test_the_same_day_gives_the_same_dates() -> None:
    calendar = Calendar(datetime(2026, 11, 21, 20, 0, tzinfo=UTC), MONTREAL)
    one = conversations()[0]
    assert calendar.posts(one) == calendar.posts(one)
    local = calendar.posts(one)[0].astimezone(MONTREAL)
    assert (local.date(), local.hour) == (calendar.at(-one.days_ago, 12).date(), one.hour)
    assert local.minute >= 3


def test_enough_questions_of_one_month_are_answered_for_its_figures_to_be_shown() -> None:
    """Whatever the day: those of the month before last, which is closed."""
    asked = [one for one in conversations() if one.in_month]
    assert len(asked) > RESPONDENTS
    assert all(one.kind == "question" and one.space == "public-square" for one in asked)
    for day, month in (
        (datetime(2027, 3, 1, 12, tzinfo=UTC), (2027, 1)),
        (datetime(2027, 1, 10, 12, tzinfo=UTC), (2026, 11)),
    ):
        begun = [Calendar(day, MONTREAL).posts(one)[0].astimezone(MONTREAL) for one in asked]
        assert {(at.year, at.month) for at in begun} == {month}


def test_what_would_be_in_the_future_is_told_a_moment_ago_in_its_order() -> None:
    now = datetime(2026, 11, 21, 20, 0, tzinfo=UTC)
    one = replace(conversations()[0], days_ago=0, hour=23)
    moments = Calendar(now, MONTREAL).posts(one)
    assert moments == sorted(moments)
    assert now - timedelta(hours=1) < moments[0]
    assert moments[-1] < now
