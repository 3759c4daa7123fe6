"""Public topics kept whole for visitors: given again while they are the same, never a moment longer."""

from __future__ import annotations

import gzip
import re
from datetime import date, timedelta

import pytest
import sqlalchemy as sa

from community.accounts.models import Credential, Persona
from community.core import clock
from community.core.db import UtcDateTime, db, transaction
from community.forum.models import Post, PostSource, Space, SpaceAudience, SpaceMember, Topic, TopicGuest
from community.forum.queries import page_version
from community.forum.queries.page_version import NOT_READ
from community.forum.services import posts as services
from tests.make import forum as make

GZIP = {"Accept-Encoding": "gzip"}


@pytest.fixture
def topic(cast):
    """A public question, with a reply of a verified physician."""
    made = make.topic(make.space(), cast["member"], "How do I talk about it?")
    make.post(made, cast["physician"], "Say little.")
    return made


@pytest.fixture
def reply(topic):
    return db.session.scalars(sa.select(Post).where(Post.topic_id == topic.id, Post.number == 2)).one()


@pytest.fixture
def read(client, app, topic):
    """Open the page as a visitor. What the page says, and whether it was kept."""

    def opened(**more):
        hits = app.extensions["cache"].hits
        answer = client.get(f"/en/topics/{topic.key}", headers={**GZIP, **more})
        body = (
            gzip.decompress(answer.data) if answer.headers.get("Content-Encoding") == "gzip" else answer.data
        )
        answer.said, answer.kept = body.decode(), app.extensions["cache"].hits > hits
        return answer

    return opened


def version_of(lang, key, page):
    """What the page is made of, in words; None where nothing is kept."""
    found = page_version.version_of(lang, key, page)
    return found and found.words


def change(row, **values):
    with transaction():
        for name, value in values.items():
            setattr(row, name, value)
        db.session.merge(row)


def test_the_second_visitor_gets_what_the_first_got(read):
    first, second = read(), read()
    assert not first.kept
    assert second.kept
    assert second.status_code == 200
    assert second.said == first.said
    for name in ("Content-Security-Policy", "Content-Type", "Vary", "Cache-Control", "X-Frame-Options"):
        assert second.headers[name] == first.headers[name]
    assert second.headers["X-Request-Id"] != first.headers["X-Request-Id"]


def test_a_browser_that_has_the_page_is_told_so(read):
    read()
    again = read(**{"If-None-Match": read().headers["ETag"]})
    assert again.status_code == 304
    assert again.data == b""
    assert again.headers["Content-Security-Policy"]


def test_nothing_kept_belongs_to_anybody(read):
    read()
    page = read()
    assert "Set-Cookie" not in page.headers
    assert "csrf_token" not in page.said
    assert 'name="idem"' not in page.said


def test_whoever_is_signed_in_gets_their_own_page(read, cast, visit, topic):
    read()
    page = visit(cast["member"]).get(f"/en/topics/{topic.key}", headers=GZIP)
    assert "ETag" not in page.headers
    assert page.headers["Cache-Control"] == "no-store"
    assert read().kept
    assert "Writing as" not in read().said


def test_a_cookie_of_any_kind_but_the_colours_is_answered_by_the_program(client, read, app):
    read()
    client.set_cookie("theme", "dark")
    assert not read().kept
    dark = read()
    assert dark.kept
    assert 'data-theme="dark"' in dark.said
    client.set_cookie("other", "1")
    assert not read().kept


def test_a_withdrawn_message_is_gone_at_the_next_request(read, cast, reply):
    assert "Say little." in read().said
    assert "Say little." in read().said
    with transaction():
        services.withdraw(cast["physician"].viewer, make.seen(cast["physician"], reply))
    assert "Say little." not in read().said


def test_a_hidden_message_is_gone_and_comes_back(read, reply):
    read()
    change(reply, state="hidden")
    assert "Say little." not in read().said
    change(reply, state="shown")
    assert "Say little." in read().said


def test_a_space_that_closes_closes_its_kept_pages(read, topic):
    read()
    with transaction():
        db.session.execute(
            sa.update(SpaceAudience)
            .where(SpaceAudience.space_id == topic.space_id, SpaceAudience.act == "see")
            .values(audience="clinician")
        )
    assert read().status_code == 404


@pytest.mark.parametrize("state", ["hidden", "withdrawn"])
def test_a_topic_that_is_taken_away_is_gone(read, topic, state):
    read()
    change(topic, state=state)
    assert read().status_code in {404, 410}


def test_an_archived_space_is_gone_with_its_topics(read, topic):
    read()
    change(db.session.get_one(Space, topic.space_id), archived=True)
    assert read().status_code == 404


def test_a_name_that_was_left_is_said_no_more(read, cast):
    assert "Noemie Larch" in read().said
    change(db.session.get_one(Persona, cast["physician"].viewer.persona_id), state="former")
    page = read().said
    assert "Noemie Larch" not in page
    assert "Former member" in page


def test_a_revoked_title_is_said_no_more(read, cast):
    assert 'class="ok-badge"' in read().said
    with transaction():
        db.session.execute(sa.update(Credential).values(state="revoked", until=clock.now()))
    assert 'class="ok-badge"' not in read().said


def test_a_title_that_ends_by_the_calendar_is_said_no_more(read, monkeypatch):
    with transaction():
        db.session.execute(sa.update(Credential).values(until=clock.now() + timedelta(hours=3)))
    assert 'class="ok-badge"' in read().said
    later = clock.now() + timedelta(hours=4)
    monkeypatch.setattr(clock, "now", lambda: later)
    assert 'class="ok-badge"' not in read().said


def test_how_long_ago_it_was_is_said_anew_each_minute_and_later_every_five(read, monkeypatch, reply):
    began = clock.now()
    change(reply, created_at=began)
    said = []
    for minutes in (3, 4, 5, 9, 10, 12, 14, 15):
        monkeypatch.setattr(clock, "now", lambda later=began + timedelta(minutes=minutes): later)
        page = read()
        said.append((re.findall(r"(\d+) minutes ago", page.said)[-1], page.kept))
    assert said == [
        *(("3", False), ("4", False), ("5", False), ("5", True)),
        *(("10", False), ("10", True), ("10", True), ("15", False)),
    ]


def test_a_new_reply_stands_on_the_page_at_once(read, cast, topic):
    read()
    make.post(topic, cast["lived"], "I have been there.")
    assert "I have been there." in read().said


def test_nothing_of_a_protected_space_is_kept(client, cast, app, topic):
    change(db.session.get_one(Space, topic.space_id), protected=True)
    address = f"/en/topics/{topic.key}"
    assert client.get(address, headers=GZIP).status_code == 200
    assert "ETag" not in client.get(address, headers=GZIP).headers


def test_a_topic_closed_to_visitors_has_no_version(cast):
    closed = make.topic(make.space("opioids"), cast["physician"], "Fentanyl")
    assert version_of("en", closed.key, 1) is None


def test_two_pages_of_a_topic_are_two(read, client, cast, topic):
    for place in range(25):
        make.post(topic, cast["lived"], f"message {place}.")
    read()
    second = client.get(f"/en/topics/{topic.key}?page=2", headers=GZIP)
    assert "ETag" not in second.headers
    assert read().kept


def test_two_readers_of_one_topic_get_their_own_acts_and_names(cast, visit):
    topic = make.topic(make.space(), cast["member"], "How do I talk about it?")
    post = make.post(topic, cast["physician"], "Say little.")
    pages = {}
    for name in ("member", "physician", "lived", "member"):
        pages[name] = visit(cast[name]).get(f"/en/topics/{topic.key}").get_data(as_text=True)
    assert f"/posts/{post.key}/edit" in pages["physician"]
    assert f"/posts/{post.key}/edit" not in pages["member"]
    assert f"/posts/{post.key}/accept" in pages["member"]
    for name, page in pages.items():
        assert f"You write as <b>{cast[name].viewer.name}</b>" in page
        others = [cast[other].viewer.name for other in pages if other != name]
        assert not any(f"You write as <b>{other}</b>" in page for other in others)


# Whatever column changes, the version does.

OTHER = {int: 4_711, bool: True}
DECIDING = {"id", "topic_id", "space_id", "post_id", "persona_id", "author_id", "position"}
EXCEPT = {
    Post: NOT_READ | DECIDING | {"number"},
    Topic: DECIDING | {"key"},
    Space: DECIDING | {"protected", "archived"},
}


def _other(column):
    kind = column.type.python_type
    if column.key in {"state", "kind", "level", "basis"}:
        return {"state": "closed", "kind": "discussion", "level": "system", "basis": "evidence"}[column.key]
    if isinstance(column.type, UtcDateTime):
        return clock.now() + timedelta(days=9)
    if kind is str:
        return "another"[: column.type.length]
    return date(2040, 1, 1) if kind is date else OTHER[kind]


@pytest.mark.parametrize(
    ("table", "name"),
    [
        pytest.param(table, column.key, id=f"{table.__name__}.{column.key}")
        for table, but in EXCEPT.items()
        for column in table.__table__.columns
        if column.key not in but
    ],
)
def test_every_column_of_a_topic_its_space_and_its_posts_is_in_the_version(topic, reply, table, name):
    before = version_of("en", topic.key, 1)
    value = _other(table.__table__.c[name])
    if table is Post:
        value = {"state": "hidden", "superseded_by": make.first_post(topic).id}.get(name, value)
    if table is Space:
        value = {"kind": "policy", "files": False}.get(name, value)
    row_id = {Post: reply.id, Topic: topic.id, Space: topic.space_id}[table]
    with transaction():
        db.session.execute(sa.update(table).where(table.id == row_id).values({name: value}))
    after = version_of("en", topic.key, 1)
    assert after is not None
    assert after != before


def test_sources_guests_and_members_of_the_space_are_in_the_version(cast, topic, reply):
    versions = [version_of("en", topic.key, 1)]
    physician = cast["physician"].viewer.persona_id
    for row in (
        PostSource(post_id=reply.id, position=1, kind="url", ref="https://example.org", label=""),
        TopicGuest(topic_id=topic.id, persona_id=physician, invited_by=physician),
        SpaceMember(
            space_id=topic.space_id,
            persona_id=physician,
            standing="guest",
            until=clock.now() + timedelta(days=1),
        ),
    ):
        with transaction():
            db.session.add(row)
        versions.append(version_of("en", topic.key, 1))
    assert len(set(versions)) == len(versions)
