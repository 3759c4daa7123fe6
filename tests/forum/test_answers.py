"""Kept answers: who keeps them, where they hold, until when."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from community.core import clock
from community.core.audit import AuditEntry
from community.core.db import db, transaction
from community.core.errors import Conflict, Invalid, NotAllowed
from community.forum.models import Topic
from community.forum.services import answers, posts
from community.forum.services.answers import Holds, months_later
from tests import cast as people
from tests.make import forum as make


@pytest.fixture
def topic(cast):
    return make.topic(make.space(), cast["member"])


def keep(who, post, holds=None):
    with transaction():
        answers.accept(who.viewer, make.seen(who, post), holds)


def drop(who, post):
    with transaction():
        answers.unaccept(who.viewer, make.seen(who, post))


def found(topic):
    return db.session.get_one(Topic, topic.id)


def test_the_asker_keeps_an_answer_for_twenty_four_months(cast, topic):
    post = make.post(topic, cast["physician"])
    keep(cast["member"], post)
    assert post.valid_until == months_later(clock.today(), 24)
    assert post.accepted_by == cast["member"].persona_id
    assert found(topic).accepted_count == 1
    assert found(topic).review_by == datetime.combine(post.valid_until, datetime.min.time(), UTC)


def test_several_answers_may_be_kept(cast, topic):
    for _ in (1, 2):
        keep(cast["member"], make.post(topic, cast["physician"]))
    assert found(topic).accepted_count == 2


def test_keeping_twice_changes_nothing(cast, topic):
    post = make.post(topic, cast["physician"])
    keep(cast["member"], post, Holds("on", clock.today() + timedelta(days=9)))
    keep(cast["member"], post)
    assert (post.jurisdiction, found(topic).accepted_count) == ("on", 1)


@pytest.mark.parametrize("name", ["physician", "lived", "coordinator"])
def test_nobody_keeps_an_answer_in_the_question_of_another(cast, topic, name):
    post = make.post(topic, cast["physician"])
    with pytest.raises(NotAllowed):
        keep(cast[name], post)


def test_a_moderator_does_and_it_is_on_record(cast, topic):
    with transaction():
        people.duty(cast["coordinator"], "moderator", "public-square")
    keep(cast["coordinator"], make.post(topic, cast["physician"]))
    assert db.session.query(AuditEntry.act).all() == [("forum.answer_kept",)]


def test_a_withdrawn_message_is_kept_by_nobody(cast, topic):
    post = make.post(topic, cast["physician"])
    loaded = make.seen(cast["member"], post)
    loaded.state = "withdrawn"
    with pytest.raises(Conflict):
        answers.accept(cast["member"].viewer, loaded)
    db.session.rollback()


@pytest.mark.parametrize(
    ("holds", "field"),
    [
        (Holds(jurisdiction="zz"), "jurisdiction"),
        (Holds(jurisdiction="qc-06"), "jurisdiction"),
        (Holds(valid_until=date(2020, 1, 1)), "valid_until"),
        (Holds(valid_until=date(2999, 1, 1)), "valid_until"),
        (Holds(superseded_by="no such key"), "superseded_by"),
    ],
)
def test_what_does_not_make_sense_is_refused(cast, topic, holds, field):
    with pytest.raises(Invalid) as refused:
        keep(cast["member"], make.post(topic, cast["physician"]), holds)
    assert refused.value.field == field
    assert found(topic).accepted_count == 0


def test_a_later_answer_replaces_an_earlier_one(cast, topic):
    old, new = make.post(topic, cast["physician"]), make.post(topic, cast["lived"])
    keep(cast["member"], new, Holds(valid_until=clock.today() + timedelta(days=900)))
    keep(cast["member"], old, Holds(valid_until=clock.today() + timedelta(days=9), superseded_by=new.key))
    assert old.superseded_by == new.id
    assert found(topic).review_by.date() == new.valid_until, "what is replaced has no review date of its own"
    with pytest.raises(Invalid):
        keep(cast["member"], new, Holds(superseded_by=old.key))


def test_an_answer_kept_no_longer_leaves_no_trace_on_the_topic(cast, topic):
    post = make.post(topic, cast["physician"])
    keep(cast["member"], post)
    drop(cast["member"], post)
    assert (post.accepted_at, post.valid_until, found(topic).review_by) == (None, None, None)
    drop(cast["member"], post)


def test_a_kept_answer_that_is_withdrawn_counts_no_more(cast, topic):
    post = make.post(topic, cast["physician"])
    keep(cast["member"], post)
    with transaction():
        posts.withdraw(cast["physician"].viewer, make.seen(cast["physician"], post))
    assert found(topic).accepted_count == 0


@pytest.mark.parametrize(
    ("day", "months", "later"),
    [
        (date(2026, 11, 21), 24, date(2028, 11, 21)),
        (date(2024, 2, 29), 12, date(2025, 2, 28)),
        (date(2026, 8, 31), 6, date(2027, 2, 28)),
    ],
)
def test_months_end_where_the_month_ends(day, months, later):
    assert months_later(day, months) == later
