"""What is kept of whoever reads: their rights, their bell, their home, the queue. A right that is lost, and
whatever else changed, shows at the next request; a moment later is too late.

What is written here is really committed: only then do the numbers of the database move.
"""

from __future__ import annotations

import re
import secrets
from datetime import timedelta

import pytest
import sqlalchemy as sa

from community.accounts import viewer as viewers
from community.accounts.models import Credential, Duty, PersonaGroup
from community.accounts.viewer import viewer_kept, viewer_of
from community.core import clock
from community.core.changes import numbers, stamps
from community.core.db import db, transaction
from community.forum.models import Draft, Follow, Post, Reading, SpaceMember, Topic, TopicGuest
from community.forum.queries import kept_lists
from community.forum.services import reading
from community.moderation.models import Act
from community.notifications.models import Notice
from community.routing.models import Laid
from tests.forum.lasting import OWN, SQLITE, UNFILLED, Looks, lasting
from tests.make import forum as make
from tests.make import moderation as make_moderation

pytestmark = pytest.mark.usefixtures("early_in_the_minute")


@pytest.fixture(scope="module")
def site(tmp_path_factory, worker_id):
    """A community that really keeps what it is sent."""
    with lasting(tmp_path_factory.mktemp("members"), f"passerelle_members_{worker_id}") as (app, cast):
        make.topic(make.space(), cast["also_lived"], "Who is open at night?")
        make.topic(make.space("opioids"), cast["physician"], "For clinicians alone")
        yield app, cast


@pytest.fixture
def cast(site):
    return site[1]


@pytest.fixture(scope="module")
def read(site):
    """Open a page as one of the cast."""
    looks = Looks(*site)
    return lambda who, address="needs-an-answer", lang="en": looks.at(who, lang, address)


def change(what):
    with transaction():
        db.session.execute(what)


def id_of(cast, who):
    return cast[who].viewer.persona_id


# Rights


def test_a_right_that_is_given_or_taken_is_so_at_once(site, cast):
    me = id_of(cast, "member")
    assert viewer_kept(me) == viewer_of(me)
    steps = [
        sa.insert(Duty).values(
            persona_id=me, duty="moderator", scope="public-square", given_on=clock.today()
        ),
        sa.delete(Duty).where(Duty.persona_id == me),
        sa.insert(PersonaGroup).values(persona_id=me, group="lived_experience"),
        sa.delete(PersonaGroup).where(
            PersonaGroup.persona_id == me, PersonaGroup.group == "lived_experience"
        ),
        sa.insert(SpaceMember).values(space_id=make.space("opioids").id, persona_id=me, standing="keeper"),
        sa.delete(SpaceMember).where(SpaceMember.persona_id == me),
    ]
    seen = [viewer_kept(me)]
    for step in steps:
        change(step)
        seen.append(viewer_kept(me))
        assert seen[-1] == viewer_of(me)
        assert seen[-1] != seen[-2]


@pytest.mark.parametrize("what", ["title", "membership", "limit"])
def test_what_ends_by_itself_ends_at_that_moment(site, cast, monkeypatch, what):
    who = id_of(cast, "physician")
    end = clock.now() + timedelta(seconds=20)
    space = make.space("opioids").id
    if what == "title":
        before = db.session.scalar(sa.select(Credential.until).where(Credential.persona_id == who))
        change(sa.update(Credential).where(Credential.persona_id == who).values(until=end))
    elif what == "membership":
        change(sa.insert(SpaceMember).values(space_id=space, persona_id=who, standing="guest", until=end))
    else:
        post = db.session.scalars(sa.select(Post).where(Post.author_id == who).limit(1)).one()
        with transaction():
            make_moderation.act_in(make_moderation.matter_of(post), by=None, act="suspend", until=end)
    held = viewer_kept(who)
    assert held == viewer_of(who)
    now = clock.now
    monkeypatch.setattr(clock, "now", lambda: now() + timedelta(seconds=21))
    ended = viewer_kept(who)
    assert ended is not None
    assert held is not None
    assert ended == viewer_of(who)
    assert ended.audiences != held.audiences
    monkeypatch.undo()
    assert viewer_kept(who) == held  # a clock that was set back
    if what == "title":
        change(sa.update(Credential).where(Credential.persona_id == who).values(until=before))
    elif what == "membership":
        change(sa.delete(SpaceMember).where(SpaceMember.persona_id == who))
    else:
        change(sa.delete(Act).where(Act.persona_id == who))


@pytest.mark.skipif(not SQLITE, reason="PostgreSQL asks the rows, see community/core/changes/stamps.py")
def test_a_viewer_is_read_once_while_nothing_changes(site, cast, monkeypatch):
    who = id_of(cast, "policy")
    held = viewer_kept(who)
    monkeypatch.setattr(viewers, "_read", lambda _id: pytest.fail("read again"))
    assert viewer_kept(who) is held


# Numbers


@pytest.mark.skipif(not SQLITE, reason="PostgreSQL asks the rows")
def test_the_number_of_a_reader_moves_with_each_row_of_theirs(site, cast):
    me = id_of(cast, "member")
    topic = db.session.scalars(sa.select(Topic).where(Topic.title == "Who is open at night?")).one()
    key, author = topic.id, topic.author_id
    moved = [
        sa.insert(Follow).values(persona_id=me, target=f"topic:{key}", level="watch"),
        sa.update(Follow).where(Follow.persona_id == me).values(level="mute"),
        sa.delete(Follow).where(Follow.persona_id == me),
        sa.insert(Reading).values(persona_id=me, topic_id=key, last_number=1),
        sa.delete(Reading).where(Reading.persona_id == me),
        sa.insert(Draft).values(persona_id=me, place="space:x", sealed=b"x", saved_on=clock.today()),
        sa.delete(Draft).where(Draft.persona_id == me),
        sa.insert(TopicGuest).values(topic_id=key, persona_id=me, invited_by=author),
        sa.delete(TopicGuest).where(TopicGuest.persona_id == me),
        sa.insert(Laid).values(topic_id=key, persona_id=me, laid_on=clock.today(), why="fits"),
        sa.delete(Laid).where(Laid.persona_id == me),
        sa.update(Topic).where(Topic.id == key).values(author_id=me),
        sa.update(Post).where(Post.topic_id == key).values(author_id=me),
    ]
    found = [numbers.of(me)]
    for step in moved:
        change(step)
        found.append(numbers.of(me))
    change(sa.update(Topic).where(Topic.id == key).values(author_id=author))
    change(sa.update(Post).where(Post.topic_id == key).values(author_id=author))
    own = [one.own for one in found if one]
    assert len(set(own)) == len(found)
    assert len({one.told for one in found if one}) == 1


def told(persona_id):
    """The row of something that this name is told."""
    values = {"kind": "returned", "event": "x", "about": "", "at": clock.now(), "told": "site"}
    return sa.insert(Notice).values(id=secrets.token_hex(11), persona_id=persona_id, **values)


@pytest.mark.skipif(not SQLITE, reason="PostgreSQL asks the rows")
def test_what_somebody_is_told_moves_a_number_of_its_own_and_no_other(site, cast):
    me = id_of(cast, "member")
    found = [numbers.of(me)]
    for step in (
        told(me),
        sa.update(Notice).where(Notice.persona_id == me).values(read=True),
        sa.delete(Notice).where(Notice.persona_id == me),
    ):
        change(step)
        found.append(numbers.of(me))
    assert len({one.told for one in found if one}) == len(found)
    assert len({one._replace(told=None) for one in found if one}) == 1


@pytest.mark.skipif(not SQLITE, reason="PostgreSQL asks the rows")
def test_no_number_names_anybody(site, cast):
    me = id_of(cast, "member")
    for step in (told(me), sa.delete(Notice).where(Notice.persona_id == me)):
        change(step)
    places = db.session.scalars(sa.select(stamps.Stamp.place)).all()
    assert any(place.startswith("of:") for place in places)
    assert any(place.startswith("told:") for place in places)
    named = [who.persona_id for who in cast.values() if who.persona_id]
    assert not any(one in place for one in named for place in places)
    db.session.rollback()


def test_nothing_is_kept_of_what_may_yet_be_taken_back(site, cast):
    with transaction():
        assert numbers.of(id_of(cast, "member")) is None


# The queue


@pytest.mark.parametrize("who", ["member", "physician", "moderator", "administrator", "also_lived"])
@pytest.mark.parametrize("lang", ["fr", "en"])
def test_a_queue_made_for_all_says_what_one_made_for_one_says(read, monkeypatch, who, lang):
    read(who, lang=lang)
    shared = read(who, lang=lang)
    assert shared.shared is SQLITE
    assert not UNFILLED.search(shared.said)
    monkeypatch.setattr("community.forum.views.shared_queue.shared", lambda _make: None)
    assert OWN.sub("", shared.said) == OWN.sub("", read(who, lang=lang).said)


def test_the_queue_holds_what_each_may_read_and_nothing_more(read, cast):
    for _ in range(2):
        assert "For clinicians alone" in read("physician").said
        for who in ("member", "policy", "lived"):
            page = read(who)
            assert "Who is open at night?" in page.said
            assert "For clinicians alone" not in page.said
            assert cast["physician"].viewer.name not in page.said


def test_who_was_invited_alone_reads_it_alone(read, cast):
    topic = db.session.scalars(sa.select(Topic).where(Topic.title == "For clinicians alone")).one()
    guest, key, author = id_of(cast, "policy"), topic.id, topic.author_id
    read("policy")
    change(sa.insert(TopicGuest).values(topic_id=key, persona_id=guest, invited_by=author))
    assert "For clinicians alone" in read("policy").said
    assert "For clinicians alone" in read("policy").said
    assert "For clinicians alone" not in read("member").said
    change(sa.delete(TopicGuest).where(TopicGuest.persona_id == guest))
    assert "For clinicians alone" not in read("policy").said


def test_what_is_read_is_read_for_its_reader_alone(read, cast):
    topic = db.session.scalars(sa.select(Topic).where(Topic.title == "Who is open at night?")).one()
    assert '<li class="unread">' in read("member").said
    with transaction():
        reading.read_up_to(cast["member"].viewer, db.session.get_one(Topic, topic.id), 1)
    assert '<li class="unread">' not in read("member").said
    assert '<li class="unread">' in read("policy").said


def test_everybody_with_the_same_rights_is_alike_and_nobody_else(site, cast):
    alike = {
        who: kept_lists.alike(cast[who].viewer).viewer for who in ("member", "policy", "physician", "lived")
    }
    if SQLITE:
        assert alike["member"] == alike["policy"]
        assert alike["member"].persona_id != id_of(cast, "member")
    assert alike["member"] != alike["physician"]


# Notices


def test_a_notice_is_on_the_page_at_once_and_goes_with_what_it_is_about(read, cast):
    topic = db.session.scalars(sa.select(Topic).where(Topic.title == "Who is open at night?")).one()
    post = db.session.scalars(sa.select(Post).where(Post.topic_id == topic.id)).one()
    assert "Who is open at night?" not in read("policy", "notifications").said
    told = {
        "id": secrets.token_hex(11),
        "persona_id": id_of(cast, "policy"),
        "kind": "topic",
        "event": "y",
        "about": "",
        "topic_id": topic.id,
        "post_id": post.id,
        "number": 1,
        "at": clock.now(),
        "told": "site",
    }
    change(sa.insert(Notice).values(**told))
    page = read("policy", "notifications")
    assert "Who is open at night?" in page.said
    assert "unread: 1" in page.said
    again = read("policy", "notifications")
    assert again.shared is SQLITE
    assert OWN.sub("", again.said) == OWN.sub("", page.said)
    assert "Who is open at night?" not in read("member", "notifications").said
    for values, there in (({"title": "Who is open?"}, "Who is open?"), ({"state": "hidden"}, None)):
        change(sa.update(Topic).where(Topic.id == told["topic_id"]).values(**values))
        said = read("policy", "notifications").said
        assert (there in said) if there else ("Who is open" not in said and "unread: 1" not in said)
    change(
        sa.update(Topic)
        .where(Topic.id == told["topic_id"])
        .values(state="open", title="Who is open at night?")
    )
    assert "Who is open at night?" in read("policy", "notifications").said
    tokens = [re.findall(r'name="csrf_token" value="([^"]+)"', page.said)[0] for page in (page, again)]
    assert all(tokens)
