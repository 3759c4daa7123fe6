"""Changing one's words, with history; taking them back, with nothing left."""

from __future__ import annotations

import pytest
import sqlalchemy as sa
from sqlalchemy import func, select

from community.core.db import db, transaction
from community.core.errors import Conflict, Gone, NotAllowed, NotFound
from community.forum.models import PostSource, Reaction, Revision, Topic
from community.forum.queries.one_post import versions_of
from community.forum.queries.topics import topic_seen
from community.forum.services import posts, reactions, topics
from tests.make import forum as make


def edit(who, post, version, body):
    with transaction():
        posts.edit(who.viewer, make.seen(who, post), version, make.writing(body))


def withdraw(who, post):
    with transaction():
        posts.withdraw(who.viewer, make.seen(who, post))


def withdraw_topic(who, topic):
    with transaction():
        found = make.seen(who, topic)
        first = make.first_post(topic)
        topics.withdraw(who.viewer, found, make.seen(who, first))


@pytest.fixture
def topic(cast):
    return make.topic(make.space(), cast["member"])


def test_what_it_said_before_is_kept(cast, topic):
    post = make.post(topic, cast["physician"], "First.")
    edit(cast["physician"], post, 1, "Second.")
    assert (post.body, post.version) == ("Second.", 2)
    kept = db.session.scalars(select(Revision)).one()
    assert (kept.version, kept.body, kept.written_at) == (1, "First.", post.created_at)


def test_saving_the_same_text_is_no_change(cast, topic):
    post = make.post(topic, cast["physician"], "First.")
    edit(cast["physician"], post, 1, "First.")
    assert (post.version, post.edited_at) == (1, None)


def test_a_stale_edit_gives_both_texts(cast, topic):
    post = make.post(topic, cast["physician"], "First.")
    edit(cast["physician"], post, 1, "Second.")
    with pytest.raises(Conflict) as told:
        edit(cast["physician"], post, 1, "Mine.")
    assert (told.value.yours, told.value.theirs) == ("Mine.", "Second.")


def test_nobody_edits_the_words_of_another(cast, topic):
    post = make.post(topic, cast["physician"])
    with pytest.raises(NotAllowed):
        edit(cast["member"], post, 1, "Mine now.")


def test_withdrawing_erases_words_history_sources_and_reactions(cast, topic):
    post = make.post(topic, cast["physician"], "First.")
    edit(cast["physician"], post, 1, "Second.")
    with transaction():
        reactions.react(cast["member"].viewer, make.seen(cast["member"], post), "helpful")
    withdraw(cast["physician"], post)
    assert (post.state, post.body, post.html, post.helpful_count) == ("withdrawn", "", "", 0)
    for table in (Revision, PostSource, Reaction):
        assert db.session.scalar(select(func.count()).select_from(table)) == 0


def test_a_question_whose_only_answer_is_withdrawn_waits_again(cast, topic):
    post = make.post(topic, cast["physician"])
    withdraw(cast["physician"], post)
    found = db.session.get_one(Topic, topic.id)
    assert (found.answered_at, found.post_count, found.last_post_at) == (None, 1, found.created_at)


def test_alone_in_it_the_author_takes_the_whole_topic_away(cast, topic):
    withdraw_topic(cast["member"], topic)
    assert topic.state == "withdrawn"
    assert topic.title == ""


def test_where_everyone_could_see_it_a_withdrawn_topic_is_gone(cast, topic):
    withdraw_topic(cast["member"], topic)
    with pytest.raises(Gone):
        topic_seen(cast["visitor"].viewer, topic.key)


def test_elsewhere_it_never_was(cast):
    topic = make.topic(make.space("opioids"), cast["physician"])
    withdraw_topic(cast["physician"], topic)
    for name in ("physician", "visitor", "lived"):
        with pytest.raises(NotFound):
            topic_seen(cast[name].viewer, topic.key)


def test_once_others_have_written_their_words_stay_under_a_neutral_title(cast, topic):
    make.post(topic, cast["physician"], "My answer.")
    withdraw_topic(cast["member"], topic)
    assert topic.state == "open"
    assert topic.title == "Topic withdrawn by its author"
    assert topic.post_count == 1
    with pytest.raises(Conflict):
        withdraw_topic_again(cast["member"], topic)


def withdraw_topic_again(who, topic):
    first = make.first_post(topic)
    with transaction():
        topics.withdraw(who.viewer, make.seen(who, topic), first)


# What a topic was called


def retitle(who, topic, title, body=None, version=None):
    with transaction():
        first = make.seen(who, make.first_post(topic))
        words = make.writing(body or first.body)
        topics.change(who.viewer, first, version or first.version, topics.Heading(topic.kind, title), words)


def test_what_a_topic_was_called_before_is_kept_with_its_first_post(cast, topic):
    retitle(cast["member"], topic, "Where does one start?")
    retitle(cast["member"], topic, "Where does one start?", "Other words.")
    kept = db.session.scalars(select(Revision).order_by(Revision.version)).all()
    assert [(row.version, row.title) for row in kept] == [
        (1, "Where do you start?"),
        (2, "Where does one start?"),
    ]
    versions = versions_of(make.seen(cast["member"], make.first_post(topic)))
    titles = [version.title for version in versions]
    assert titles == ["Where does one start?", "Where does one start?", "Where do you start?"]


def test_a_reply_keeps_no_title(cast, topic):
    post = make.post(topic, cast["physician"], "First.")
    edit(cast["physician"], post, 1, "Second.")
    assert db.session.scalars(select(Revision.title)).all() == [None]
    assert [one.title for one in versions_of(make.seen(cast["member"], post))] == ["", ""]


def test_two_who_change_a_title_at_once_are_told(cast, topic):
    retitle(cast["member"], topic, "Another title")
    with pytest.raises(Conflict):
        retitle(cast["member"], topic, "Mine", version=1)


def test_the_page_of_history_shows_the_earlier_title_to_whoever_reads_the_topic(cast, topic, client):
    retitle(cast["member"], topic, "Where does one start?", "Other words.")
    address = f"/en/posts/{make.first_post(topic).key}/history"
    for who in ("member", "policy"):
        page = cast[who].signs_in(client).get(address).text
        assert "Where do you start?" in page
    topic_page = client.get(f"/en/topics/{topic.key}").text
    assert "Where do you start?" not in topic_page
    assert address in topic_page


def test_earlier_titles_are_erased_with_the_first_post_and_seen_by_nobody_else(cast, client):
    lived = make.topic(make.space("lived-experience"), cast["lived"], "A title to forget")
    retitle(cast["lived"], lived, "A calm title")
    address = f"/en/posts/{make.first_post(lived).key}/history"
    assert cast["policy"].signs_in(client).get(address).status_code == 404
    make.post(lived, cast["moderator"])
    withdraw_topic(cast["lived"], lived)
    assert db.session.scalar(select(Revision)) is None
    assert cast["lived"].signs_in(client).get(address).status_code == 404


def test_a_counter_that_another_moved_meanwhile_is_put_right(cast, topic):
    """A reply came after the topic was read and before it is counted anew: what is the same as what was
    read is written all the same."""
    make.post(topic, cast["physician"], "Two, I think.")
    with transaction() as session:
        read = session.get_one(Topic, topic.id)
        assert read.post_count == 2
        session.execute(sa.text("UPDATE topic SET post_count = 3 WHERE id = :id"), {"id": topic.id})
        posts.recount(read)
    counted = sa.text("SELECT post_count FROM topic WHERE id = :id")
    assert db.session.scalar(counted, {"id": topic.id}) == 2
