"""Editing with a notice, splitting and merging keep numbers and counters as they should be; and back."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select, update

from community.core import clock
from community.core.db import db, transaction
from community.core.errors import Conflict, Invalid
from community.core.identifiers import REMOVED
from community.core.jobs import run_waiting_jobs
from community.core.text import render
from community.forum import checks
from community.forum.models import Post, Revision, Topic
from community.forum.services import posts, redaction
from community.moderation.models import Matter
from community.operations import erasures
from tests import cast as people
from tests.make import forum as make
from tests.moderation.deciding import at, matter_of, undo


@pytest.fixture
def topic(cast):
    """Five messages in the public square."""
    topic = make.topic(make.space(), cast["member"], when=clock.now() - timedelta(days=3))
    for n in range(4):
        make.post(topic, cast["physician" if n % 2 else "lived"], f"Reply {n}.")
    return topic


def bodies(topic):
    rows = select(Post.number, Post.body).where(Post.topic_id == topic.id).order_by(Post.number)
    return [(number, body) for number, body in db.session.execute(rows)]


def whole():
    """Nothing that ``check`` looks for is wrong."""
    return [*checks.numbers(), *checks.counters(), *checks.revisions(), *checks.first_posts()]


def test_an_edit_says_so_and_leaves_nothing_of_what_it_said(cast, topic, decide):
    post = at(topic, 2)
    with transaction():
        posts.edit(cast["lived"].viewer, make.seen(cast["lived"], post), 1, make.writing("Maria of Baie."))
    act = decide(
        cast["coordinator"], matter_of(post), "edit", body="Somebody, NAS 046 454 286.", reason="patient"
    )
    post = at(topic, 2)
    assert post.body == f"Somebody, NAS {REMOVED}.\n\n*Edited by those who moderate this space.*"
    earlier = db.session.scalars(select(Revision)).all()  # numbered as before, and without a word
    assert {(row.body, row.html) for row in earlier} == {(REMOVED, render(REMOVED))}
    assert "Maria" not in str(act.before)
    assert whole() == []
    undo(cast["coordinator"], act)
    assert at(topic, 2).body == "Maria of Baie."


def test_a_split_takes_a_message_and_all_that_follow_and_back(cast, topic, decide):
    act = decide(cast["coordinator"], matter_of(at(topic, 4)), "split", title="About something else")
    new = db.session.scalars(select(Topic).where(Topic.key == act.before["new"])).one()
    assert [number for number, _ in bodies(topic)] == [1, 2, 3]
    assert bodies(new) == [(1, "Reply 2."), (2, "Reply 3.")]
    assert (new.title, new.space_id, new.post_count) == ("About something else", topic.space_id, 2)
    assert whole() == []
    undo(cast["coordinator"], act)
    assert [body for _, body in bodies(topic)][3:] == ["Reply 2.", "Reply 3."]
    assert db.session.scalars(select(Topic).where(Topic.key == act.before["new"])).first() is None
    assert whole() == []


def test_a_merge_puts_all_at_the_end_and_back(cast, topic, decide):
    other = make.topic(make.space(), cast["physician"], "The same again")
    make.post(other, cast["lived"], "A reply there.")
    key = other.key
    matter = matter_of(at(other, 2))
    act = decide(cast["coordinator"], matter, "merge", into=f"https://example.org/en/topics/{topic.key}")
    assert [number for number, _ in bodies(topic)] == list(range(1, 8))
    assert db.session.scalars(select(Topic).where(Topic.key == key)).first() is None
    assert db.session.get_one(Matter, matter.key).topic == topic.key
    assert whole() == []
    undo(cast["coordinator"], act)
    again = db.session.scalars(select(Topic).where(Topic.key == key)).one()
    assert (again.title, again.post_count, len(bodies(topic))) == ("The same again", 2, 5)
    assert whole() == []


def test_a_merge_that_others_wrote_behind_is_not_undone(cast, topic, decide):
    other = make.topic(make.space(), cast["physician"], "The same again")
    act = decide(cast["coordinator"], matter_of(make.first_post(other)), "merge", into=topic.key)
    make.post(topic, cast["lived"], "Later.")
    with pytest.raises(Conflict):
        undo(cast["coordinator"], act)


def test_what_cannot_be_is_refused_with_a_sentence(cast, topic, lived, decide):
    matter = matter_of(at(topic, 1))
    for act, more in (
        ("split", {"title": "A title"}),
        ("merge", {"into": lived.key}),
        ("merge", {"into": "nowhere"}),
        ("edit", {"body": ""}),
    ):
        with pytest.raises(Invalid):
            decide(cast["coordinator"], matter, act, **more)


def test_a_kept_answer_stays_with_its_question(cast, topic, decide):
    with transaction():
        at(topic, 3).accepted_at = clock.now()
    with pytest.raises(Invalid):
        decide(cast["coordinator"], matter_of(at(topic, 2)), "split", title="A title")


# Taken out of what was once one


NAME = "Perrin Aubelange"


@pytest.fixture
def quoting(cast, topic):
    """A message that names somebody, and the two replies that quote it: numbers 6 to 8."""
    with transaction():
        people.duty(cast["coordinator"], "moderator", make.space().slug)
    make.post(topic, cast["lived"], f"My patient {NAME} came back.")
    for who in ("physician", "member"):
        make.post(topic, cast[who], f"> My patient {NAME} came back.\n\nI would wait.")
    return topic


def redact(who, post):
    """Take the name out of a message, as its page does."""
    with transaction():
        redaction.redact(who.viewer, make.seen(who, post), [NAME], "It names a patient.")


def still_said():
    """Where the name stands: in messages, and in titles."""
    texts = [*db.session.scalars(select(Post.body)), *db.session.scalars(select(Topic.title))]
    return [text for text in texts if NAME in text]


def split_at(topic, number, decide, cast, title):
    decide(cast["coordinator"], matter_of(at(topic, number)), "split", title=title)
    return db.session.scalars(select(Topic).order_by(Topic.id.desc())).first()


@pytest.mark.parametrize("place", ["source", "quote"])
def test_a_passage_goes_out_of_topics_that_were_split_off_too(cast, quoting, decide, place):
    new = split_at(quoting, 7, decide, cast, f"About {NAME}")
    newest = split_at(new, 2, decide, cast, "About waiting")
    assert len(still_said()) == 4
    post = at(quoting, 6) if place == "source" else at(newest, 1)
    redact(cast["coordinator"], post)
    assert still_said() == []
    assert "I would wait." in at(newest, 1).body


def test_a_passage_goes_out_where_messages_of_a_split_were_merged_into_another_topic(cast, quoting, decide):
    new = split_at(quoting, 7, decide, cast, "About waiting")
    other = make.topic(make.space(), cast["member"])
    decide(cast["coordinator"], matter_of(at(new, 1)), "merge", into=f"/en/topics/{other.key}")
    assert db.session.get(Topic, new.id) is None
    redact(cast["coordinator"], at(quoting, 6))
    assert still_said() == []


def test_a_backup_brings_back_what_was_taken_out_of_a_split_topic_out_of_sight(cast, quoting, decide):
    new = split_at(quoting, 7, decide, cast, "About waiting")
    quoted = {row.id: (row.body, row.html) for row in (at(new, 1), at(new, 2))}
    before = erasures.ledger()  # of what other tests erased, whose ids come again
    redact(cast["coordinator"], at(quoting, 6))
    run_waiting_jobs()
    with transaction() as session:
        for post_id, (body, html) in quoted.items():
            session.execute(update(Post).where(Post.id == post_id).values(body=body, html=html))
    with transaction():
        assert erasures.apply(erasures.ledger() - before) == 2
    db.session.expire_all()
    assert {row.state for row in (at(new, 1), at(new, 2))} == {"hidden"}
    waiting = db.session.scalars(select(Matter).where(Matter.state == "open", Matter.origin == "back")).all()
    assert {(one.thing, one.reason, one.evidence) for one in waiting} == {
        (at(new, number).key, "patient", "") for number in (1, 2)
    }


def test_other_topics_keep_what_they_say(cast, quoting, decide):
    apart = make.topic(make.space(), cast["member"], f"A word like {NAME}")
    split_at(quoting, 7, decide, cast, "About waiting")
    redact(cast["coordinator"], at(quoting, 6))
    assert still_said() == [make.first_post(apart).body, apart.title]
