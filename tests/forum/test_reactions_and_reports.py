"""Reactions are counted once; reports hide what may identify a patient."""

from __future__ import annotations

import pytest
from sqlalchemy import func, select

from community.core.db import db, transaction
from community.core.errors import Invalid, NotAllowed, NotFound
from community.forum.models import Report, Topic
from community.forum.queries.topics import post_seen, topic_seen
from community.forum.services import reactions, reports
from tests.make import forum as make


@pytest.fixture
def post(cast):
    return make.post(make.topic(make.space(), cast["member"]), cast["physician"])


def react(who, post, kind="helpful", act=reactions.react):
    with transaction():
        act(who.viewer, make.seen(who, post), kind)


def report(who, post, reason="other", words=""):
    with transaction():
        return reports.report(who.viewer, make.seen(who, post), reason, words)


def test_adding_twice_counts_once_and_taking_back_twice_too(cast, post):
    for _ in (1, 2):
        react(cast["member"], post)
    assert post.helpful_count == 1
    react(cast["lived"], post)
    assert post.helpful_count == 2
    for _ in (1, 2):
        react(cast["member"], post, act=reactions.take_back)
    assert post.helpful_count == 1


def test_each_reaction_is_counted_apart(cast, post):
    react(cast["lived"], post, "lived")
    react(cast["lived"], post, "evidence_please")
    assert (post.helpful_count, post.lived_count, post.evidence_please_count) == (0, 1, 1)


def test_nobody_reacts_to_their_own_words_or_without_a_name(cast, post):
    for name in ("physician", "visitor"):
        with pytest.raises(NotAllowed):
            react(cast[name], post)


def test_there_is_no_other_reaction(cast, post):
    with pytest.raises(Invalid):
        react(cast["member"], post, "down")


def test_reporting_twice_is_one_report(cast, post):
    first = report(cast["member"], post, "danger", "now")
    assert report(cast["member"], post, "other").id == first.id
    assert db.session.scalar(select(func.count()).select_from(Report)) == 1
    assert post.state == "shown"


def test_what_may_identify_a_patient_is_hidden_at_once(cast, post):
    report(cast["member"], post, "patient")
    assert post.state == "hidden"
    assert db.session.get_one(Topic, post.topic_id).answered_at is None
    with pytest.raises(NotFound):
        post_seen(cast["member"].viewer, post.key)


def test_a_first_message_takes_its_topic_with_it(cast):
    topic = make.topic(make.space(), cast["physician"])
    first = make.first_post(topic)
    report(cast["member"], first, "patient")
    with pytest.raises(NotFound):
        topic_seen(cast["physician"].viewer, topic.key)


def test_no_reason_no_report(cast, post):
    with pytest.raises(Invalid):
        report(cast["member"], post, "dislike")
