"""Dates of the demonstration: relative to the day of loading, in order, never in the future."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest

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


def test_what_would_be_in_the_future_is_told_a_moment_ago_in_its_order() -> None:
    now = datetime(2026, 11, 21, 20, 0, tzinfo=UTC)
    one = replace(conversations()[0], days_ago=0, hour=23)
    moments = Calendar(now, MONTREAL).posts(one)
    assert moments == sorted(moments)
    assert now - timedelta(hours=1) < moments[0]
    assert moments[-1] < now
