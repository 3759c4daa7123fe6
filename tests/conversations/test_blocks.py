"""Block and mute: between two names, told to nobody, and of no other name of either member (case 1d)."""

from __future__ import annotations

import pytest

from community.accounts import blocking
from community.accounts.models import Persona
from community.conversations.queries import talks
from community.conversations.queries.doors import may_be_written_to
from community.core.db import db, transaction
from community.core.errors import Conflict, Invalid, NotAllowed
from community.core.jobs import run_waiting_jobs
from community.forum.models import Mention
from community.forum.queries.marks import own_marks
from community.forum.queries.posts import posts_on_page
from community.forum.services import posts as forum_posts
from community.forum.services import reading
from community.notifications import queries as told
from community.routing.queries.asking import names_to_ask
from tests.make import conversations as make
from tests.make import forum, routing


def persona(who):
    return db.session.get_one(Persona, who.persona_id)


def blocks(who, other, kind="block"):
    with transaction():
        blocking.keep_away(who.viewer, persona(other), kind)


def says(who, topic, body):
    with transaction():
        return forum_posts.reply(who.viewer, forum.seen(who, topic), forum.writing(body))


def shown(who, topic):
    found = forum.seen(who, topic)
    return posts_on_page(who.viewer, found, 1, own_marks(who.viewer, found))


def test_nobody_keeps_themself_or_a_former_member_away(cast):
    with pytest.raises(NotAllowed):
        blocks(cast["member"], cast["member"])
    with pytest.raises(Invalid):
        blocks(cast["member"], cast["physician"], "shun")
    with pytest.raises(NotAllowed):
        blocks(cast["visitor"], cast["physician"])


def test_whom_one_keeps_away_is_seen_by_that_name_alone(cast):
    blocks(cast["member"], cast["physician"])
    blocks(cast["physician"], cast["policy"], "mute")
    every = db.session.scalars(db.select(blocking.Distance)).all()
    for name, who in cast.items():
        seen = {row.key for row in db.session.scalars(blocking.distances_seen_by(who.viewer))}
        assert seen == {row.key for row in every if blocking.may_see_distance(who.viewer, row)}
        assert len(seen) == (name in {"member", "physician"})


def test_a_blocked_name_cannot_write_to_whom_it_is_blocked_by_nor_the_other_way(cast):
    make.lets_write(cast["physician"])
    make.lets_write(cast["member"])
    blocks(cast["physician"], cast["member"])
    assert not may_be_written_to(cast["member"].viewer, persona(cast["physician"]))
    assert not may_be_written_to(cast["physician"].viewer, persona(cast["member"]))
    with pytest.raises(Invalid):
        make.begins(cast["member"], cast["physician"])


def test_a_conversation_of_two_ends_as_if_one_had_left(cast):
    talk = make.between(cast["member"], cast["physician"])
    blocks(cast["physician"], cast["member"])
    page = talks.talk_page(cast["member"].viewer, talks.talk_seen(cast["member"].viewer, talk.key))
    assert not page.may_send
    assert page.people[1].left_on is not None
    with pytest.raises(Conflict):
        make.says(cast["member"], talk)
    assert make.bodies(cast["physician"], talk) == [make.WORDS]


def test_in_a_larger_one_the_messages_fold_and_tell_nothing(cast):
    talk = make.between(cast["member"], cast["physician"], cast["policy"])
    with transaction():
        blocking.keep_away(cast["physician"].viewer, persona(cast["member"]), "block")
    make.says(cast["member"], talk, "Once more.")
    run_waiting_jobs()
    assert [one.away for one in make.reads(cast["physician"], talk)] == ["block", "block"]
    assert [one.away for one in make.reads(cast["policy"], talk)] == ["", ""]
    assert told.unread_count(cast["policy"].viewer) == 1


@pytest.mark.parametrize("kind", ["block", "mute"])
def test_posts_fold_for_whoever_keeps_their_author_away_and_for_nobody_else(cast, kind):
    topic = forum.topic(forum.space(), cast["policy"])
    says(cast["member"], topic, "Words of the member.")
    blocks(cast["physician"], cast["member"], kind)
    assert [post.away for post in shown(cast["physician"], topic)] == ["", kind]
    for who in ("member", "policy", "visitor", "administrator"):
        assert [post.away for post in shown(cast[who], topic)] == ["", ""]


def test_a_blocked_name_is_told_of_nowhere(cast):
    topic = forum.topic(forum.space(), cast["physician"])
    with transaction():
        reading.follow_topic(cast["policy"].viewer, forum.seen(cast["policy"], topic), "watch")
    blocks(cast["physician"], cast["member"])
    blocks(cast["policy"], cast["member"], "mute")
    says(cast["member"], topic, "@Noemie Larch and @Perrine Vale, look here.")
    run_waiting_jobs()
    assert told.unread_count(cast["physician"].viewer) == 0
    assert told.unread_count(cast["policy"].viewer) == 0
    mentioned = set(db.session.scalars(db.select(Mention.persona_id)))
    assert mentioned == {cast["policy"].persona_id}  # mute hides, and no more


def test_a_blocked_name_cannot_choose_whom_it_is_blocked_by_for_its_question(cast):
    routing.can_answer(cast["physician"], by_name=True)
    topic = forum.topic(forum.space(), cast["member"])
    assert [one.name for one in names_to_ask(forum.seen(cast["member"], topic))] == ["Noemie Larch"]
    blocks(cast["physician"], cast["member"])
    assert names_to_ask(forum.seen(cast["member"], topic)) == []


def test_once_near_again_everything_is_as_before(cast):
    topic = forum.topic(forum.space(), cast["physician"])
    blocks(cast["physician"], cast["member"])
    with transaction():
        kept = db.session.scalars(blocking.distances_seen_by(cast["physician"].viewer)).one()
        blocking.let_near(cast["physician"].viewer, kept)
    says(cast["member"], topic, "Hello.")
    run_waiting_jobs()
    assert told.unread_count(cast["physician"].viewer) == 1
    make.lets_write(cast["physician"])
    assert may_be_written_to(cast["member"].viewer, persona(cast["physician"]))


def test_blocking_a_protected_name_does_nothing_to_the_public_name_of_the_same_member(cast):
    """Case 1d, both ways: who is behind a name is never told by what a block does."""
    lived, public = cast["lived"], cast["also_lived"]
    topic = forum.topic(forum.space(), cast["policy"])
    says(lived, topic, "Under a protected name.")
    says(public, topic, "Under a public name.")
    for one in (lived, public):
        make.lets_write(one)
    for blocked, other in ((lived, public), (public, lived)):
        blocks(cast["member"], blocked)
        away = {post.author: post.away for post in shown(cast["member"], topic)}
        assert away[blocked.viewer.name] == "block"
        assert away[other.viewer.name] == ""
        assert may_be_written_to(cast["member"].viewer, persona(other))
        with transaction():
            blocking.let_near_persona(cast["member"].viewer, persona(blocked))


def test_what_one_name_blocks_its_other_name_still_meets(cast):
    lived, public = cast["lived"], cast["also_lived"]
    topic = forum.topic(forum.space(), cast["policy"])
    says(cast["member"], topic, "Hello both.")
    make.lets_write(public)
    blocks(lived, cast["member"])
    assert [post.away for post in shown(lived, topic)] == ["", "block"]
    assert [post.away for post in shown(public, topic)] == ["", ""]
    assert may_be_written_to(cast["member"].viewer, persona(public))
