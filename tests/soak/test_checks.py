"""The checks of a soak, each shown what it must not overlook: a check that never speaks proves nothing."""

from __future__ import annotations

import pytest
from sqlalchemy import delete, select, update

from community.core import jobs
from community.core.db import db, transaction
from community.core.idempotency import Once
from community.core.jobs import Job
from community.forum.models import Post, Reaction, Revision, Topic
from community.forum.services import posts, reactions
from community.notifications.models import Notice
from community.search.engine import site_index
from tests.make import forum as make
from tests.soak import checks
from tests.soak.browser import Answer, NoAnswer
from tests.soak.ledger import Ledger, Message, Possible, Written
from tests.soak.writer import body

DONE = Answer(303, {"location": "/en/topics/x"}, "")
CUT = NoAnswer(sent=True)


@pytest.fixture
def cast(whole_cast):
    site_index().clear()
    return whole_cast


@pytest.fixture
def topic(cast):
    return make.topic(make.space(), cast["member"])


@pytest.fixture
def reply(cast, topic):
    """A reply as the site makes one: counted, announced, indexed, pressed "helpful" once."""
    with transaction():
        made = posts.reply(cast["lived"].viewer, make.seen(cast["lived"], topic), make.writing(body("q1x1q")))
    with transaction():
        reactions.react(cast["member"].viewer, make.seen(cast["member"], made), "helpful")
    with transaction():
        db.session.add(Once(key_hash=_hash(made.author_id), answer="/x", made_on=made.created_at.date()))
    jobs.run_waiting_jobs()
    return made


def _hash(author: str) -> str:
    return checks.key_hash(Written(author, "q1x1q", "key"))


@pytest.fixture
def ledger(topic, reply):
    """What the author of the reply, and who pressed, were told."""
    found = Ledger()
    first = db.session.scalars(select(Post).where(Post.topic_id == topic.id, Post.number == 1)).one()
    with transaction():
        first.body = body("q0x1q")
    written = Written(reply.author_id, "q1x1q", "key", topic=topic.key)
    written.answered([DONE])
    found.writes(written)
    opening = Written(topic.author_id, "q0x1q", "other key", title="?")
    opening.answered([CUT])
    found.writes(opening)
    message = Message(reply.key, topic.key, reply.author_id, "", False, "q1x1q", Possible("q1x1q"))
    message.reactions[topic.author_id, "helpful"] = Possible(True)
    found.stands(message)
    return found


def broken(change) -> None:
    with transaction():
        db.session.execute(change)


def test_a_sound_site_has_nothing_to_say_against_it(ledger):
    assert [*checks.rows()] == []
    assert [*checks.promises(ledger)] == []
    assert [*checks.queue_empties(0)] == []


@pytest.mark.parametrize(
    "values",
    [{"post_count": 5}, {"accepted_count": 1}, {"answered_at": None}, {"last_number": 3}],
    ids=lambda values: next(iter(values)),
)
def test_a_wrong_counter_of_a_topic_is_seen(topic, reply, values):
    broken(update(Topic).where(Topic.id == topic.id).values(values))
    assert [*checks.rows()]


def test_a_vote_that_was_counted_twice_is_seen(reply):
    broken(update(Post).where(Post.id == reply.id).values(helpful_count=2))
    assert [*checks.reactions()]


def test_an_edit_without_its_earlier_text_is_seen(reply):
    broken(update(Post).where(Post.id == reply.id).values(version=2))
    assert [*checks.revisions()]


def test_a_form_that_led_nowhere_is_seen(reply):
    broken(update(Once).values(answer=""))
    assert [*checks.half_made()]


def test_a_topic_without_words_is_seen(topic, reply):
    broken(delete(Post).where(Post.topic_id == topic.id))
    assert [*checks.half_made()]


LOSSES = {
    "lost": lambda reply: delete(Post).where(Post.id == reply.id),
    "other words": lambda reply: update(Post).where(Post.id == reply.id).values(body=body("q9x9q")),
    "withdrawn": lambda reply: update(Post).where(Post.id == reply.id).values(state="withdrawn"),
    "kept": lambda reply: update(Post).where(Post.id == reply.id).values(accepted_at=reply.created_at),
    "vote lost": lambda reply: delete(Reaction),
    "key forgotten": lambda reply: delete(Once),
}


@pytest.mark.parametrize("loss", LOSSES)
def test_a_promise_that_was_not_kept_is_seen(ledger, reply, loss):
    broken(LOSSES[loss](reply))
    assert [*checks.promises(ledger)]


def test_a_double_is_seen(cast, ledger, topic, reply):
    with transaction():
        posts.reply(cast["lived"].viewer, make.seen(cast["lived"], topic), make.writing(body("q1x1q")))
    assert any("2 times" in said for said in checks.promises(ledger))


def test_what_nobody_sent_and_what_was_refused_is_seen(cast, ledger, topic):
    with transaction():
        posts.reply(cast["lived"].viewer, make.seen(cast["lived"], topic), make.writing(body("q2x2q")))
    assert any("nobody sent" in said for said in checks.promises(ledger))
    refused = Written(cast["lived"].persona_id or "", "q2x2q", "third key")
    refused.answered([Answer(429, {}, "")])
    ledger.writes(refused)
    assert any("refused" in said for said in checks.promises(ledger))


def test_a_post_that_no_job_will_index_is_seen(cast, topic, reply, ledger):
    assert [*checks.search()] == []
    assert [*checks.found(ledger.known())] == []
    with transaction():
        posts.reply(cast["lived"].viewer, make.seen(cast["lived"], topic), make.writing(body("q3x3q")))
    broken(delete(Job))
    assert [*checks.search()] == ["1 of 3 posts are in no index"]
    site_index().clear()
    assert [*checks.found(ledger.known())]


def test_an_answer_of_which_nobody_was_told_is_seen(reply, ledger):
    assert [*checks.told()] == []
    broken(delete(Notice))
    assert [*checks.told()] == [f"the asker was told 0 times of post {reply.key}"]


def test_a_document_without_a_post_is_seen(reply, ledger):
    broken(delete(Revision))
    broken(delete(Reaction))
    broken(delete(Post).where(Post.id == reply.id))
    assert any("no posts any more" in said for said in checks.search())


def test_a_job_that_was_given_up_is_seen(db_session):
    with transaction():
        jobs.enqueue("core.forget_sent_forms")
    assert [*checks.queue_empties(0)]
    broken(update(Job).values(state="dead"))
    assert [*checks.queue_empties(0)]


def test_after_an_answer_there_is_one_possible_value_and_after_none_two():
    says = Possible("before")
    says.asked("refused", [Answer(429, {}, "")])
    says.asked("never sent", [NoAnswer(sent=False)])
    assert says.surely("before")
    says.asked("cut", [CUT])
    assert says.values == {"before", "cut"}
    says.asked("answered", [DONE])
    assert says.surely("answered")
