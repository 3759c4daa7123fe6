"""What a report hides goes from pages that are open, and whoever reported it is told so by a second click."""

from __future__ import annotations

from typing import Any

import pytest

from community.core import pings
from community.core.db import db, transaction
from community.forum.models import Space
from community.forum.services import posts
from tests.make import forum as make


@pytest.fixture
def topic(cast):
    return make.topic(make.space(), cast["member"])


@pytest.fixture
def reply(cast, topic):
    return make.post(topic, cast["physician"], "Words about somebody.")


@pytest.fixture
def said(monkeypatch):
    """What open pages are told."""
    heard: list[Any] = []
    monkeypatch.setattr(pings, "_senders", [heard.extend])
    return heard


def report(browser, post, reason="patient", lang="en"):
    return browser.post(f"/{lang}/posts/{post.key}/report", {"reason": reason, "words": ""})


def silent(answer):
    return answer.text.split("data-silent-posts")[1]


def test_an_open_page_is_told_asks_and_is_given_a_line_in_place_of_the_words(
    visit, cast, client, topic, reply, said
):
    asked = f"/en/topics/{topic.key}/new?after=2"
    assert reply.key not in silent(client.get(asked))
    report(visit(cast["member"]), reply)
    told = [ping for ping in said if ping.room == f"topic:{topic.key}"]
    assert [(ping.event, ping.ids) for ping in told] == [("changed", {})], "that something changed, not what"
    for browser in (client, visit(cast["physician"])):
        given = silent(browser.get(asked))
        assert f'id="{reply.key}"' in given
        assert "This message is hidden" in given
        assert "Words about somebody." not in given


def test_who_moderates_goes_on_reading_it(visit, cast, reply, topic):
    lived = make.topic(make.space("lived-experience"), cast["lived"])
    words = make.post(lived, cast["lived"], "Words about somebody.")
    report(visit(cast["moderator"]), words)
    assert words.key not in silent(visit(cast["moderator"]).get(f"/en/topics/{lived.key}/new?after=2"))
    assert words.key in silent(visit(cast["lived"]).get(f"/en/topics/{lived.key}/new?after=2"))


def test_what_its_author_takes_back_goes_too(visit, cast, client, topic, reply, said):
    with transaction():
        posts.withdraw(cast["physician"].viewer, make.seen(cast["physician"], reply))
    assert any(ping.room == f"topic:{topic.key}" for ping in said)
    given = silent(client.get(f"/fr/topics/{topic.key}/new?after=2"))
    assert "retiré" in given


@pytest.mark.parametrize(
    ("lang", "words"), [("en", "Your report was sent"), ("fr", "Votre signalement est envoyé")]
)
def test_a_second_click_says_that_it_is_hidden_now_and_outsiders_learn_nothing(
    visit, cast, client, reply, lang, words
):
    reporter = visit(cast["member"])
    assert report(reporter, reply, lang=lang).status_code == 303
    again = report(reporter, reply, lang=lang)
    assert again.status_code == 200
    assert words in again.text
    assert "Words about somebody." not in again.text
    assert reporter.get(f"/{lang}/posts/{reply.key}/report").status_code == 200
    for other in (visit(cast["policy"]), client):
        assert other.get(f"/{lang}/posts/{reply.key}/report").status_code == 404
    assert report(visit(cast["policy"]), reply, lang=lang).status_code == 404


def test_who_sees_the_space_no_more_is_not_told_either(visit, cast):
    topic = make.topic(make.space("opioids"), cast["physician"])
    first, browser = make.first_post(topic), visit(cast["physician"])
    report(browser, first)
    assert browser.get(f"/en/posts/{first.key}/report").status_code == 200
    with transaction():
        db.session.get_one(Space, topic.space_id).archived = True
    assert browser.get(f"/en/posts/{first.key}/report").status_code == 404
