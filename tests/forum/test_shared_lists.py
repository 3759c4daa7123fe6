"""Lists of spaces, and home, of which many members are shown the same parts: right for each of them, and
never a moment too long.

What is written here is really committed: only then do the numbers of the database move.
"""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
import sqlalchemy as sa

from community.accounts.models import Persona
from community.core import clock
from community.core.changes import stamps
from community.core.db import db, transaction
from community.forum.models import Space, SpaceAudience, Topic
from community.forum.queries import kept_lists
from community.forum.services import reading
from tests.forum.lasting import OWN, SQLITE, UNFILLED, Looks, lasting
from tests.make import forum as make

pytestmark = pytest.mark.usefixtures("early_in_the_minute")
READER = stamps.Reader()


@pytest.fixture(scope="module")
def site(tmp_path_factory, worker_id):
    """A community that really keeps what it is sent."""
    with lasting(tmp_path_factory.mktemp("lists"), f"passerelle_lists_{worker_id}") as (app, cast):
        asked = make.topic(make.space(), cast["also_lived"], "How do I talk about it?")
        make.post(asked, cast["physician"], "Say little.")
        make.topic(make.space(), cast["physician"], "Who answers at night?")
        yield app, cast


@pytest.fixture
def cast(site):
    return site[1]


@pytest.fixture
def read(site):
    """Open the list as one of the cast."""
    looks = Looks(*site)
    return lambda who, lang="en", address="spaces/public-square": looks.at(who, lang, address)


def unread(page):
    return re.findall(r'<li class="unread">.*?<a href="/en/topics/[^"]+">([^<]+)<', page, re.DOTALL)


def the_topic(title):
    db.session.rollback()
    return db.session.scalars(sa.select(Topic).where(Topic.title == title)).one()


def change(model, where, **values):
    with transaction():
        db.session.execute(sa.update(model).where(where).values(**values))


def test_two_members_are_shown_one_list_each_with_their_own_unread_lines_by_turns(read, cast):
    topic = the_topic("How do I talk about it?")
    with transaction():
        reading.read_up_to(cast["member"].viewer, topic, 2)
    for _ in range(2):
        assert unread(read("member").said) == ["Who answers at night?"]
        assert len(unread(read("policy").said)) == 2
    for who in ("member", "policy"):
        page = read(who)
        assert page.shared is SQLITE
        assert f"You write as {cast[who].viewer.name}." in page.said
        others = {"member", "policy"} - {who}
        assert not any(cast[other].viewer.name in page.said for other in others)
        assert not UNFILLED.search(page.said)


@pytest.mark.parametrize("who", ["member", "lived", "moderator", "administrator", "social_worker"])
@pytest.mark.parametrize("lang", ["fr", "en"])
@pytest.mark.parametrize("asked", ["", "?view=unanswered&order=newest"])
def test_it_says_what_a_list_made_for_one_says(read, monkeypatch, who, lang, asked):
    address = f"spaces/public-square{asked}"
    read(who, lang, address)
    shared = read(who, lang, address).said
    monkeypatch.setattr("community.forum.views.shared_list.shared", lambda *_facts: None)
    assert OWN.sub("", shared) == OWN.sub("", read(who, lang, address).said)


@pytest.mark.parametrize("lang", ["fr", "en"])
def test_minutes_go_by_and_the_list_stays_until_a_question_waits_an_hour_more(read, monkeypatch, lang):
    topic = the_topic("Who answers at night?")
    asked = clock.now() - timedelta(hours=30, minutes=55)
    change(Topic, Topic.id == topic.id, created_at=asked, last_post_at=asked, answered_at=None)
    other = the_topic("How do I talk about it?")
    change(Topic, Topic.id == other.id, last_post_at=clock.now())
    read("policy", lang)
    for minutes, hours, stays in ((0, 30, True), (4, 30, True), (6, 31, False)):
        later = clock.now() + timedelta(minutes=minutes)
        with monkeypatch.context() as then:
            then.setattr(clock, "now", lambda later=later: later)
            page = read("member", lang)
            assert page.shared is (SQLITE and stays)
            assert {"fr": f"Attend depuis {hours}", "en": f"Waiting {hours} hours"}[lang] in page.said
            then.setattr("community.forum.views.shared_list.shared", lambda *_facts: None)
            assert OWN.sub("", page.said) == OWN.sub("", read("member", lang).said)


def test_how_closely_one_follows_a_space_is_ones_own(read, cast):
    with transaction():
        reading.follow_space(cast["member"].viewer, make.space(), "mute")
    pressed = re.compile(r'value="(\w+)" aria-pressed="true"')
    assert pressed.findall(read("member").said) == ["mute"]
    assert pressed.findall(read("policy").said) == ["normal"]
    assert unread(read("member").said) == []
    with transaction():
        reading.follow_space(cast["member"].viewer, make.space(), "normal")


def test_what_waits_for_a_moderator_is_shown_to_its_author_alone(read):
    change(Topic, Topic.title == "Who answers at night?", state="hidden", held=True)
    assert "Who answers at night?" in read("physician").said
    assert "Who answers at night?" not in read("member").said
    assert "Who answers at night?" not in read("policy").said
    change(Topic, Topic.title == "Who answers at night?", state="open", held=False)
    assert "Who answers at night?" in read("member").said


def test_a_right_that_ends_ends_at_the_next_request(read):
    assert read("member").status_code == 200
    space = make.space()
    of_members = sa.and_(SpaceAudience.space_id == space.id, SpaceAudience.act == "see")
    change(SpaceAudience, of_members, audience="clinician")
    assert read("member").status_code == 404
    assert read("physician").status_code == 200
    change(SpaceAudience, of_members, audience="everyone")
    assert read("member").status_code == 200


def test_each_province_has_its_own_lines_on_the_same_list(read, cast):
    ids = {who: cast[who].viewer.persona_id for who in ("member", "policy")}
    change(Persona, Persona.id == ids["member"], region="qc")
    change(Persona, Persona.id == ids["policy"], region="bc")
    read("policy")
    lines = {who: set(re.findall(r'href="tel:([^"]+)"', read(who).said)) for who in ids}
    assert lines["member"] != lines["policy"]


def numbers_of(space):
    """The numbers that the list of a space is kept under."""
    found = kept_lists.head_of(READER, space.slug)
    assert found
    return found.numbers


@pytest.mark.skipif(not SQLITE, reason="PostgreSQL asks the rows, see community/core/changes/stamps.py")
def test_every_change_of_a_topic_moves_the_number_of_its_space(cast):
    topic, space = the_topic("Who answers at night?"), make.space()
    other = make.space("opioids")
    numbers = [numbers_of(space)]
    for values in (
        {"title": "Who answers at dawn?"},
        {"post_count": 7},
        {"accepted_count": 1},
        {"space_id": other.id},
        {"space_id": space.id},
    ):
        change(Topic, Topic.id == topic.id, **values)
        numbers.append(numbers_of(space))
    change(Space, Space.id == space.id, position=78)
    numbers.append(numbers_of(space))
    assert len(set(numbers)) == len(numbers)


# Home


@pytest.mark.parametrize("who", ["member", "physician", "moderator", "administrator", "lived"])
@pytest.mark.parametrize("lang", ["fr", "en"])
def test_a_home_put_together_says_what_one_made_for_one_says(read, monkeypatch, who, lang):
    read(who, lang, "")
    shared = read(who, lang, "").said
    assert not UNFILLED.search(shared)
    monkeypatch.setattr("community.core.pages.stand_ins.asks_nothing_of_its_own", lambda _also: False)
    assert _words(shared) == _words(read(who, lang, "").said)


def _words(page):
    return re.sub(r"\s+", " ", OWN.sub("", page))


def test_each_is_greeted_by_name_and_told_of_their_own_questions_by_turns(read, cast):
    read("member", address="")
    make.post(the_topic("How do I talk about it?"), cast["lived"], "I have been there.")
    pages = {who: read(who, address="").said for who in ("also_lived", "member", "policy", "also_lived")}
    for who, page in pages.items():
        assert f"Hello, {cast[who].viewer.name}" in page
        others = [cast[other].viewer.name for other in set(pages) - {who}]
        assert not any(f"Hello, {name}" in page or f"<b>{name}</b>" in page for name in others)
    assert "new replies to your question" in pages["also_lived"]
    assert "to your question" not in pages["member"]


def test_what_is_asked_answered_hidden_and_closed_is_so_on_the_next_home(read, cast):
    asked = make.topic(make.space(), cast["policy"], "Is there a bed tonight?")
    assert "Is there a bed tonight?" in read("member", address="").said
    change(Topic, Topic.id == asked.id, state="hidden")
    assert "Is there a bed tonight?" not in read("member", address="").said
    change(Topic, Topic.id == asked.id, state="open")
    assert "Is there a bed tonight?" in read("member", address="").said
    change(SpaceAudience, SpaceAudience.space_id == asked.space_id, audience="clinician")
    assert "Is there a bed tonight?" not in read("member", address="").said
    change(SpaceAudience, SpaceAudience.space_id == asked.space_id, audience="everyone")
    topic = the_topic("Is there a bed tonight?")
    with transaction():
        reading.follow_topic(cast["member"].viewer, topic, "mute")
    assert "Is there a bed tonight?" not in read("member", address="").said
    assert "Is there a bed tonight?" in read("lived", address="").said


@pytest.mark.skipif(not SQLITE, reason="PostgreSQL asks the rows")
def test_what_is_read_and_the_numbers_it_is_kept_under_are_of_one_moment(cast):
    db.session.rollback()
    space = make.space()
    db.session.execute(sa.text("SELECT 1 FROM topic")).all()  # from here on the session sees this moment
    before = numbers_of(space)
    with db.engine.begin() as other:
        other.execute(sa.update(Topic).where(Topic.space_id == space.id).values(level="system"))
    assert numbers_of(space) == before
    db.session.rollback()
    assert numbers_of(space) != before
