"""Pages of topics that many members are shown alike: right for each of them, and never a moment too long.

What is written here is really committed: only then do the numbers of the database move.
"""

from __future__ import annotations

import re
import secrets
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
import sqlalchemy as sa

from community.accounts.models import Credential
from community.core import clock
from community.core.changes import stamps
from community.core.db import db, transaction
from community.core.pages import keeping
from community.core.pages import shared as shared_pages
from community.core.pages.joined import pack
from community.core.pages.keeping import Kept, SharedPages
from community.core.pages.sheets import Text
from community.core.pages.stand_ins import stand_in
from community.forum.models import Post, PostSource, Space, SpaceMember, Topic, TopicGuest
from community.forum.queries import page_version
from community.forum.services import posts as services
from community.forum.services import reactions
from tests.forum.lasting import OWN, SQLITE, UNFILLED, Looks, lasting
from tests.make import forum as make

pytestmark = pytest.mark.usefixtures("early_in_the_minute")
READER = stamps.Reader()


@pytest.fixture(scope="module")
def site(tmp_path_factory, worker_id):
    """A community that really keeps what it is sent."""
    with lasting(tmp_path_factory.mktemp("shared"), f"passerelle_shared_{worker_id}") as (app, cast):
        yield app, cast


@pytest.fixture
def cast(site):
    return site[1]


@pytest.fixture
def topic(cast):
    """A public question, with a reply of a verified physician."""
    made = make.topic(make.space(), cast["also_lived"], "How do I talk about it?")
    make.post(made, cast["physician"], "Say little.")
    return made


@pytest.fixture
def read(site, topic):
    """Open the page as one of the cast."""
    looks = Looks(*site)
    return lambda who, lang="en": looks.at(who, lang, f"topics/{topic.key}")


def first_reply(topic):
    db.session.rollback()
    return db.session.scalars(sa.select(Post).where(Post.topic_id == topic.id, Post.number == 2)).one()


def test_others_with_the_same_rights_are_shown_the_same_under_their_own_name(read, cast):
    first, second = read("member"), read("policy")
    assert not first.shared
    pages = {"member": first.said, "policy": second.said}
    for who, page in pages.items():
        assert f"You write as <b>{cast[who].viewer.name}</b>" in page
        assert not UNFILLED.search(page)
        assert cast[who].viewer.persona_id not in page
        for other in set(pages) - {who}:
            assert cast[other].viewer.name not in page
    assert read("member").shared is SQLITE


def test_each_look_has_a_token_and_a_form_of_its_own(read):
    looks = [re.findall(r'name="idem" value="([^"]+)"', read("member").said) for _ in range(3)]
    assert all(looks)
    assert len({key for look in looks for key in look}) == sum(map(len, looks))


@pytest.mark.parametrize("who", ["member", "lived", "moderator", "administrator", "social_worker"])
@pytest.mark.parametrize("lang", ["fr", "en"])
def test_it_says_what_a_page_made_for_one_says(read, monkeypatch, who, lang):
    read(who, lang)
    shared = read(who, lang).said
    monkeypatch.setattr("community.forum.views.topics.shared", lambda *_facts: None)
    assert OWN.sub("", shared) == OWN.sub("", read(who, lang).said)


def test_who_wrote_in_it_gets_a_page_of_their_own(read, topic):
    key = first_reply(topic).key
    assert f"/posts/{key}/edit" not in read("member").said
    own = read("physician")
    assert f"/posts/{key}/edit" in own.said
    assert not own.shared
    assert f"/posts/{key}/edit" not in read("member").said
    again = read("physician")
    assert again.shared is SQLITE  # kept, for them alone
    assert OWN.sub("", again.said) == OWN.sub("", own.said)


def test_a_mark_is_shown_to_whoever_made_it_alone(read, topic, cast):
    read("member")
    with transaction():
        reactions.react(cast["member"].viewer, make.seen(cast["member"], first_reply(topic)), "thanks")
    assert (
        read("member").said.count('aria-pressed="true"')
        == read("policy").said.count('aria-pressed="true"') + 1
    )
    assert "Thank you · 1" in read("policy").said


@pytest.mark.parametrize("act", ["withdraw", "hide", "close the space", "revoke a title", "reply"])
def test_what_changed_is_so_at_the_next_request(read, topic, cast, act):
    assert "Say little." in read("member").said
    assert read("member").shared is SQLITE
    reply = first_reply(topic)
    with transaction():
        if act == "withdraw":
            services.withdraw(cast["physician"].viewer, make.seen(cast["physician"], reply))
        elif act == "hide":
            db.session.execute(sa.update(Post).where(Post.id == reply.id).values(state="hidden"))
        elif act == "close the space":
            db.session.execute(sa.update(Space).where(Space.id == topic.space_id).values(archived=True))
        elif act == "revoke a title":
            db.session.execute(sa.update(Credential).values(state="revoked", until=clock.now()))
        else:
            make.post(topic, cast["lived"], "I have been there.")
    page = read("member")
    assert not page.shared
    if act == "close the space":
        assert page.status_code == 404
        with transaction():
            db.session.execute(sa.update(Space).where(Space.id == topic.space_id).values(archived=False))
    elif act == "reply":
        assert "I have been there." in page.said
    elif act == "revoke a title":
        assert 'class="ok-badge"' not in page.said
        with transaction():
            db.session.execute(sa.update(Credential).values(state="verified", until=None))
    else:
        assert "Say little." not in page.said


def test_whoever_does_not_see_it_is_shown_nothing_of_it(site, cast):
    app, _ = site
    closed = make.topic(make.space("opioids"), cast["physician"], "Fentanyl")
    address = f"/en/topics/{closed.key}"
    for who, status in (("physician", 200), ("social_worker", 404), ("member", 404), ("lived", 404)):
        assert cast[who].signs_in(app.test_client()).get(address).status_code == status


def test_the_bell_is_each_readers_own(site, read, cast):
    from community.notifications.models import Notice

    read("member")
    with transaction():
        db.session.add(
            Notice(
                persona_id=cast["member"].viewer.persona_id,
                kind="returned",
                event=secrets.token_hex(11),
                about="x",
                at=clock.now(),
                told="site",
            )
        )
    assert "unread: 1" in read("member").said
    assert "unread: 1" not in read("policy").said


# The numbers


@pytest.mark.skipif(not SQLITE, reason="PostgreSQL asks the rows, see community/core/changes/stamps.py")
def test_every_change_of_a_row_moves_a_number_of_the_page(topic, cast):
    reply = first_reply(topic).id
    physician = cast["physician"].viewer.persona_id
    seen = [page_version.head_of(READER, topic.key)]

    def changed(what):
        with transaction():
            db.session.execute(what)
        seen.append(page_version.head_of(READER, topic.key))

    changed(sa.update(Post).where(Post.id == reply).values(basis="evidence"))
    changed(sa.update(Topic).where(Topic.id == topic.id).values(level="system"))
    changed(
        sa.insert(PostSource).values(post_id=reply, position=1, kind="url", ref="https://a.example", label="")
    )
    changed(sa.delete(PostSource).where(PostSource.post_id == reply))
    changed(sa.insert(TopicGuest).values(topic_id=topic.id, persona_id=physician, invited_by=physician))
    changed(sa.delete(TopicGuest).where(TopicGuest.topic_id == topic.id))
    changed(sa.insert(SpaceMember).values(space_id=topic.space_id, persona_id=physician, standing="member"))
    changed(sa.delete(SpaceMember).where(SpaceMember.space_id == topic.space_id))
    changed(sa.update(Credential).values(jurisdiction="qc"))
    changed(sa.update(Space).where(Space.id == topic.space_id).values(position=77))
    changed(sa.delete(Post).where(Post.id == reply))
    numbers = [head.numbers for head in seen if head]
    assert len(numbers) == len(seen)
    assert len(set(numbers)) == len(numbers)


@pytest.mark.skipif(not SQLITE, reason="PostgreSQL asks the rows")
def test_without_its_triggers_nothing_is_taken_on_trust(topic):
    assert page_version.head_of(READER, topic.key) is not None
    with db.engine.begin() as connection:
        stamps.drop(connection)
    db.session.rollback()  # it still saw them
    assert page_version.head_of(READER, topic.key) is None
    with db.engine.begin() as connection:
        stamps.make(connection)
    db.session.rollback()
    assert page_version.head_of(READER, topic.key) is not None


def test_the_most_recently_read_stay_when_there_are_too_many(monkeypatch):
    monkeypatch.setattr(keeping, "MOST_BYTES", 40_000)
    kept = SharedPages()
    later = clock.ago(days=-1)
    for number in range(20):
        kept.put(number, Kept((1,), later, [Text("", pack(secrets.token_hex(10_000)))]))
        kept.get(0, (1,))
    assert kept.bytes <= 40_000
    assert kept.get(0, (1,))
    assert kept.get(1, (1,)) is None
    assert kept.get(0, (2,)) is None


def test_one_makes_a_page_and_whoever_comes_meanwhile_is_given_the_same():
    made: list[str] = []
    kept, begun, all_came = SharedPages(), threading.Event(), threading.Barrier(4)

    def make():
        begun.set()
        all_came.wait(60)
        made.append("once")
        return Kept((1,), clock.ago(days=-1), [Text("a page")])

    def ask():
        return kept.found_or_made("key", (1,), make)

    def come():
        all_came.wait(60)
        return ask()

    with ThreadPoolExecutor(4) as others:
        first = others.submit(ask)
        assert begun.wait(60)
        found = [others.submit(come) for _ in range(3)]
        assert all(one.result() is first.result() for one in found)
    assert len(made) == 1


@pytest.mark.parametrize("lang", ["fr", "en"])
def test_minutes_go_by_and_the_page_stays(read, monkeypatch, topic, lang):
    with transaction():
        db.session.execute(sa.update(Post).where(Post.topic_id == topic.id).values(created_at=clock.now()))
    read("policy", lang)
    for minutes, said in (
        (0, {"fr": "à l’instant", "en": "just now"}),
        (12, {"fr": r"10\sminutes", "en": "10 minutes ago"}),
    ):
        later = clock.now() + timedelta(minutes=minutes)
        with monkeypatch.context() as then:
            then.setattr(clock, "now", lambda later=later: later)
            page = read("member", lang)
            assert re.search(rf"<time [^>]*>[^<]*{said[lang]}[^<]*</time>", page.said)
            assert page.shared is SQLITE
            then.setattr("community.forum.views.shared_topic.shared", lambda *_facts: None)
            assert OWN.sub("", page.said) == OWN.sub("", read("member", lang).said)


def test_nothing_stands_in_the_stand_in_but_rights(cast, topic):
    one, other = (
        stand_in(cast[who].viewer, ("everyone", "member"), "public-square") for who in ("member", "policy")
    )
    assert one.name == other.name != cast["member"].viewer.name
    assert one.persona_id == other.persona_id == shared_pages.NOBODY
    assert one.audiences == {"everyone", "member"}
