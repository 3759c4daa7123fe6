"""Replying: numbers, counters, mentions, and what is refused."""

from __future__ import annotations

import pytest
from sqlalchemy import inspect, select
from sqlalchemy.exc import InvalidRequestError

from community.core.db import db, transaction
from community.core.errors import Conflict, Invalid, NotAllowed
from community.forum.citations import Citation
from community.forum.models import Mention, Post, SpaceAudience, Topic, TopicGuest
from community.forum.services import posts
from tests.make import forum as make


@pytest.fixture
def question(cast):
    return make.topic(make.space("opioids"), cast["physician"])


def reply(who, topic, body=make.WORDS, **more):
    with transaction():
        return posts.reply(who.viewer, make.seen(who, topic), make.writing(body, **more))


def test_a_reply_takes_the_next_number_and_is_rendered_once(cast, question):
    made = reply(cast["physician"], question, "Start **low**.")
    assert made.number == 2
    assert made.html == "<p>Start <strong>low</strong>.</p>\n"
    assert db.session.get_one(Topic, question.id).post_count == 2


def test_the_session_knows_a_new_reply_and_its_topic_as_the_database_does(cast, question):
    made = reply(cast["physician"], question, "Start **low**.")
    columns = [column.key for column in inspect(Post).column_attrs]
    known = {name: getattr(made, name) for name in columns}
    assert (made.topic.space.slug, made.sources) == ("opioids", [])
    with pytest.raises(InvalidRequestError):  # nobody read it
        _ = made.author
    said = {one.key: getattr(made.topic, one.key) for one in inspect(Topic).column_attrs}
    admitted = {row.audience for row in made.topic.space.audiences}
    topic_id = made.topic_id
    db.session.remove()
    row = db.session.get_one(Post, known["id"])
    assert {name: getattr(row, name) for name in columns} == known
    topic = db.session.get_one(Topic, topic_id)
    assert {name: getattr(topic, name) for name in said} == said
    kept = db.session.scalars(select(SpaceAudience.audience).where(SpaceAudience.space_id == topic.space_id))
    assert set(kept) == admitted
    db.session.remove()


def test_what_the_asker_adds_leaves_the_question_unanswered(cast, question):
    reply(cast["physician"], question)
    assert db.session.get_one(Topic, question.id).answered_at is None


def test_the_first_reply_by_another_answers_it(cast):
    topic = make.topic(make.space(), cast["member"])
    first = reply(cast["physician"], topic)
    reply(cast["lived"], topic)
    assert db.session.get_one(Topic, topic.id).answered_at == first.created_at


@pytest.mark.parametrize(
    ("body", "field"), [("", "body"), (" \n ", "body"), ("x" * 20_001, "body"), ("a\x00b", "body")]
)
def test_a_body_that_cannot_be_kept_is_refused_and_nothing_is_stored(cast, question, body, field):
    with pytest.raises(Invalid) as refused:
        reply(cast["physician"], question, body)
    assert refused.value.field == field
    assert db.session.get_one(Topic, question.id).last_number == 1


def test_the_longest_body_passes(cast, question):
    assert len(reply(cast["physician"], question, "x" * 20_000).body) == 20_000


def test_a_closed_topic_gives_the_text_back(cast, question):
    with transaction():
        db.session.get_one(Topic, question.id).state = "closed"
    with pytest.raises(Conflict) as refused:
        reply(cast["physician"], question)
    assert refused.value.yours == make.WORDS


def test_who_may_only_read_does_not_write(cast):
    topic = make.topic(make.space("policy"), cast["policy"])
    with pytest.raises(NotAllowed):
        reply(cast["member"], topic)


def test_a_guest_writes_in_the_one_topic(cast, question):
    with transaction():
        db.session.add(
            TopicGuest(
                topic_id=question.id,
                persona_id=cast["lived"].persona_id,
                invited_by=cast["physician"].persona_id,
            )
        )
    assert reply(cast["lived"], question).number == 2


def test_sources_and_notes_are_kept_in_order(cast, question):
    sources = (Citation("doi", "10.5555/x", "A review"), Citation("pubmed", "7"))
    made = reply(cast["physician"], question, notes=("death", "overdose", "made-up"), sources=sources)
    assert made.note == "overdose,death"
    assert [(row.position, row.ref) for row in made.sources] == [(1, "10.5555/x"), (2, "7")]


def mentioned_in(post):
    return set(db.session.scalars(select(Mention.persona_id).where(Mention.post_id == post.id)))


def test_a_mention_is_kept_for_those_who_may_read_it(cast):
    topic = make.topic(make.space(), cast["member"])
    made = reply(cast["physician"], topic, "@Robin Tallgrass and @Quiet-Alder, and @Nobody Here")
    assert mentioned_in(made) == {cast["member"].persona_id, cast["lived"].persona_id}


def test_a_mention_of_somebody_who_may_not_read_it_is_no_mention(cast, question):
    assert mentioned_in(reply(cast["physician"], question, "Ask @Quiet-Alder")) == set()


def test_every_text_passes_the_hook_before_it_is_stored(cast, question, monkeypatch):
    def refuse(text):
        raise Invalid("body", f"{text.place} {text.field}")

    monkeypatch.setattr("community.core.publish._checks", [refuse])
    with pytest.raises(Invalid, match="Invalid"):
        reply(cast["physician"], question)
    assert db.session.scalar(select(Post).where(Post.topic_id == question.id, Post.number == 2)) is None
