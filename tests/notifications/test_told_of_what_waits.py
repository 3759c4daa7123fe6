"""What waits in the queue is heard of by somebody who can look, wherever it stands."""

from __future__ import annotations

import pytest

from community.core.db import transaction
from community.forum.services import posts, reports
from community.moderation import things
from community.moderation.services import opening
from community.notifications import queries
from tests.make import forum as make
from tests.notifications.test_told_of_a_reply import as_a_worker_does, told


@pytest.fixture
def square(cast):
    """A message of the member where nobody was entrusted with moderation."""
    return make.post(make.topic(make.space(), cast["physician"]), cast["member"])


def report_name(who, of, reason="harassment"):
    with transaction():
        opening.report(who.viewer, things.name_as_seen(who.viewer, str(of.persona_id)), reason, "")
    as_a_worker_does()


def abouts(who):
    return [view.about for view in queries.page_of(who.viewer, None).items]


def test_a_reported_name_is_heard_of_by_those_who_coordinate_and_by_nobody_else(cast):
    report_name(cast["member"], cast["physician"])
    report_name(cast["claimed"], cast["physician"])
    assert abouts(cast["coordinator"]) == abouts(cast["administrator"]) == ["queue report"]
    assert not any(told(cast[name]) for name in ("member", "physician", "claimed", "moderator"))


def test_danger_is_told_once_more_when_it_turns_out_to_be_that(cast):
    report_name(cast["member"], cast["physician"])
    report_name(cast["claimed"], cast["physician"], "danger")
    report_name(cast["policy"], cast["physician"], "danger")
    assert sorted(abouts(cast["coordinator"])) == ["queue danger", "queue report"]


def test_neither_whoever_reports_nor_another_name_of_its_author_is_told(cast):
    report_name(cast["coordinator"], cast["physician"])
    assert told(cast["coordinator"]) == []
    assert told(cast["administrator"]) == ["report"]


def test_a_report_where_nobody_moderates_is_heard_of_by_those_who_coordinate(cast, square):
    with transaction():
        reports.report(cast["physician"].viewer, make.seen(cast["physician"], square), "danger")
    as_a_worker_does()
    assert abouts(cast["coordinator"]) == ["queue danger"]
    assert told(cast["member"]) == told(cast["physician"]) == []


def test_words_that_sound_like_danger_are_heard_of_though_nobody_reported_them(cast):
    topic = make.topic(make.space("lived-experience"), cast["lived"])
    with transaction():
        posts.reply(
            cast["lived"].viewer,
            make.seen(cast["lived"], topic),
            make.writing("I want to kill myself tonight."),
        )
    as_a_worker_does()
    assert abouts(cast["moderator"]) == ["queue danger"]
    assert told(cast["coordinator"]) == []


def test_the_notice_says_in_both_languages_that_something_waits_and_leads_to_the_queue(cast, visit):
    report_name(cast["member"], cast["physician"], "danger")
    keeper = visit(cast["coordinator"])
    for tongue, words in (
        ("en", "Somebody may be in danger"),
        ("fr", "Une personne est peut-être en danger"),
    ):
        page = keeper.get(f"/{tongue}/notifications").text
        assert words in page
        assert f'href="/{tongue}/moderation"' in page
        assert "Noemie" not in page.split("<main")[1]
