"""What was taken out stays out when a backup of before is restored (SECURITY case 24)."""

from __future__ import annotations

import pytest
from sqlalchemy import select, update

from community.core import clock, files, jobs
from community.core.db import db, transaction
from community.forum import checks
from community.forum.models import Post, Revision, Topic
from community.forum.queries.topics import post_seen
from community.forum.services import posts, redaction, topics
from community.operations import erasures
from tests import cast as people
from tests.make import forum

SECRET = "Mrs Verdant of Larch Street"
SAID = f"I saw {SECRET} in March."


@pytest.fixture
def cast(whole_cast):
    return whole_cast


@pytest.fixture
def topic(cast):
    """A question of one name, and an answer of another, which was edited once."""
    for mark in list(files.site_files().names(erasures.PREFIX)):
        files.site_files().delete(mark)  # of what other tests erased, whose ids come again
    begun = forum.topic(forum.space(), cast["member"], "A question of mine")
    answer = forum.post(begun, cast["physician"], "An answer.")
    with transaction() as session:
        first = update(Post).where(Post.topic_id == begun.id, Post.number == 1)
        session.execute(first.values(body=SAID, html=f"<p>{SAID}</p>"))
        session.add(
            Revision(post_id=answer.id, version=1, body=SAID, html=f"<p>{SAID}</p>", written_at=clock.now())
        )
    return begun


def marks():
    jobs.run_waiting_jobs()
    return erasures.ledger()


def seen(who, topic, number):
    key = db.session.scalars(select(Post.key).where(Post.topic_id == topic.id, Post.number == number)).one()
    return post_seen(who.viewer, key)


def restored(topic, number, **values):
    """A backup brings back what stood there."""
    if values:
        here = update(Post).where(Post.topic_id == topic.id, Post.number == number)
        with transaction() as session:
            session.execute(here.values(**values))
    known = marks()
    with transaction():
        erased = erasures.apply(known)
    db.session.expire_all()
    return erased


def test_a_message_that_was_taken_back(cast, topic):
    with transaction():
        posts.withdraw(cast["physician"].viewer, seen(cast["physician"], topic, 2))
    assert restored(topic, 2, state="shown", body="An answer.", html="<p>An answer.</p>") == 1
    again = db.session.scalars(select(Post).where(Post.topic_id == topic.id, Post.number == 2)).one()
    assert (again.state, again.body, again.html) == ("withdrawn", "", "")
    assert not list(checks.counters())
    assert restored(topic, 1) == 0  # nothing came back: nothing is done


def test_a_topic_that_was_taken_back(cast, topic):
    with transaction():
        first = seen(cast["member"], topic, 1)
        topics.withdraw(cast["member"].viewer, first.topic, first)
    with transaction() as session:
        session.execute(update(Topic).where(Topic.id == topic.id).values(title="A question of mine"))
    assert restored(topic, 1, state="shown", body=SAID, html=f"<p>{SAID}</p>") == 1
    assert "mine" not in db.session.get_one(Topic, topic.id).title


def test_a_passage_that_was_taken_out(cast, topic):
    """Which one is kept nowhere: the message goes out of sight, and what it said before is emptied."""
    with transaction():
        people.duty(cast["coordinator"], "moderator", forum.space().slug)
    with transaction():
        redaction.redact(cast["coordinator"].viewer, seen(cast["coordinator"], topic, 1), [SECRET], "A name.")
    assert restored(topic, 1) == 0  # a backup of afterwards holds nothing of it
    now = db.session.scalars(select(Post).where(Post.topic_id == topic.id, Post.number == 1)).one()
    assert now.state == "shown"
    with transaction() as session:
        session.execute(update(Revision).values(body=SAID, html=f"<p>{SAID}</p>"))
    assert restored(topic, 1, body=SAID, html=f"<p>{SAID}</p>") == 2
    now = db.session.scalars(select(Post).where(Post.topic_id == topic.id, Post.number == 1)).one()
    assert now.state == "hidden"
    assert db.session.get_one(Topic, topic.id).state == "hidden"
    assert SECRET not in db.session.scalars(select(Revision.body)).one()
    assert not list(checks.counters())


def test_the_ledger_says_nothing_of_it(cast, topic):
    before = marks()
    with transaction():
        posts.withdraw(cast["physician"].viewer, seen(cast["physician"], topic, 2))
    (mark,) = marks() - before
    assert len(mark) == 64
    key = db.session.scalar(select(Post.key).where(Post.topic_id == topic.id, Post.number == 2))
    assert key not in mark
