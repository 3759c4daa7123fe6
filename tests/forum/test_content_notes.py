"""A reader's choice of content notes: open on the page of a topic, folded everywhere else."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from community.accounts.signals import persona_left
from community.core.announce import announce
from community.core.db import db, transaction
from community.core.jobs import run_waiting_jobs
from community.forum.models import OpenNote, Post
from community.forum.services import notes
from tests.make import accounts
from tests.make import forum as make

FOLDED, OPEN = '<details class="fold">', '<details class="fold" open>'


@pytest.fixture
def topic(cast):
    made = make.topic(make.space(), cast["member"], note="death,using")
    make.post(made, cast["physician"], "Words about it.", note="death")
    with transaction():
        make.first_post(made).note = "death,using"
    return made


def choose(client, **fields):
    return accounts.send(client, "/en/reading", **fields)


def test_everything_is_folded_until_one_chooses(cast, topic, client):
    page = cast["lived"].signs_in(client).get(f"/en/topics/{topic.key}").text
    assert (page.count(FOLDED), page.count(OPEN)) == (2, 0)
    assert "checked" not in client.get("/en/reading").text


def test_what_one_chose_is_open_once_all_its_notes_are_chosen(cast, topic, client):
    cast["lived"].signs_in(client)
    assert choose(client, notes=["death"]).status_code == 303
    page = client.get(f"/en/topics/{topic.key}").text
    assert (page.count(FOLDED), page.count(OPEN)) == (1, 1)
    choose(client, notes=["death", "using"])
    page = client.get(f"/en/topics/{topic.key}").text
    assert (page.count(FOLDED), page.count(OPEN)) == (0, 2)
    assert "Content note:" in page
    choose(client)
    assert client.get(f"/en/topics/{topic.key}").text.count(OPEN) == 0


def test_the_choice_belongs_to_the_name_and_to_nobody_else(cast, topic, client, app):
    with transaction():
        notes.keep_open(cast["lived"].viewer, ["death", "using"])
    for other in ("also_lived", "physician", "visitor"):
        page = cast[other].signs_in(app.test_client()).get(f"/en/topics/{topic.key}").text
        assert (page.count(FOLDED), page.count(OPEN)) == (2, 0)


def test_lists_and_feeds_never_open(cast, topic, client):
    cast["lived"].signs_in(client)
    words = "Words about it."
    reply = db.session.scalars(select(Post.key).where(Post.body == words)).one()
    places = ["/en/latest", "/en/", "/en/spaces/public-square", "/en/bookmarks"]
    places.append("/en/spaces/public-square/feed.atom")
    accounts.send(client, f"/en/posts/{reply}/bookmark", form=f"/en/topics/{topic.key}", act="add")
    before = [client.get(place).text for place in places]
    choose(client, notes=["death", "using"])
    after = [client.get(place).text for place in places]
    assert not [page for page in (*before, *after) if words in page or OPEN in page]


def test_a_note_that_is_not_of_the_list_is_refused_and_nothing_changes(cast, client):
    cast["lived"].signs_in(client)
    choose(client, notes=["death"])
    answer = choose(client, notes=["death", "everything\x00"])
    assert answer.status_code == 422
    assert "Choose from the list" in answer.text
    assert db.session.scalars(select(OpenNote.note)).all() == ["death"]


def test_a_name_left_behind_leaves_no_choice(cast, client):
    with transaction():
        notes.keep_open(cast["lived"].viewer, ["death"])
        announce(persona_left, persona_id=cast["lived"].persona_id)
    run_waiting_jobs()
    assert db.session.scalar(select(OpenNote)) is None
