"""Which level holds, and when a mail may arrive."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from community.notifications import rules

HALIFAX = ZoneInfo("America/Halifax")


def at(hour, minute=0, day=2):
    return datetime(2026, 3, day, hour, minute, tzinfo=HALIFAX).astimezone(UTC)


@pytest.mark.parametrize(
    ("hour", "start", "end", "over"),
    [
        (23, 22, 7, at(7, day=3)),
        (3, 22, 7, at(7)),
        (7, 22, 7, None),
        (21, 22, 7, None),
        (13, 12, 14, at(14)),
        (14, 12, 14, None),
        (13, None, None, None),
        (13, 5, 5, None),
    ],
)
def test_quiet_hours_end_where_the_reader_lives(hour, start, end, over):
    assert rules.quiet_end(at(hour), HALIFAX, start, end) == over


def test_quiet_hours_end_at_the_hour_of_the_wall_when_clocks_change():
    evening = datetime(2026, 3, 7, 23, tzinfo=HALIFAX)  # that night an hour is left out
    over = rules.quiet_end(evening, HALIFAX, 22, 7)
    assert over is not None
    assert over.astimezone(HALIFAX).hour == 7


def test_a_mail_waits_until_the_quiet_hours_end_and_a_little_by_chance():
    dues = {rules.due(at(23), HALIFAX, 22, 7) for _ in range(20)}
    assert len(dues) > 15
    assert all(at(7, day=3) < due <= at(7, day=3) + rules.AFTER_QUIET + timedelta(seconds=1) for due in dues)


def test_no_mail_is_due_at_the_same_moment_as_what_it_tells_of():
    now = at(12)
    assert all(now < rules.due(now, HALIFAX, None, None) <= now + timedelta(minutes=1) for _ in range(50))


def test_what_was_said_of_a_space_wins_over_what_was_said_of_a_kind():
    choices = {("reply", 0): "daily", ("*", 4): "never"}
    assert rules.level_of(choices, "reply", 4) == "never"
    assert rules.level_of(choices, "reply", 5) == "daily"
    assert rules.level_of(choices, "mention", 5) == "now"
    assert rules.level_of({}, "unanswered") == "never"
    assert rules.deciding(choices, "mention", 4) == ("*", 4)


def test_an_unknown_zone_is_that_of_the_site():
    assert rules.zone_named("Nowhere/At_All", HALIFAX) is HALIFAX
    assert rules.zone_named("../../etc/passwd", HALIFAX) is HALIFAX
