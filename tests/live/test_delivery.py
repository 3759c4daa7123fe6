"""What is told to whom, and when: the quarter of the hour, the rule asked once more, presence."""

from __future__ import annotations

from contextlib import suppress
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import pytest
import time_machine

from community.accounts import session as sessions
from community.accounts.members import SignIn, User
from community.accounts.viewer import VISITOR
from community.core import pings
from community.core.clock import quarter_after
from community.core.db import db, transaction
from community.core.jobs import run_waiting_jobs
from community.core.pings import Ping
from community.forum.models import TopicGuest
from community.forum.services import answers, posts, topics
from community.forum.services.topics import Heading
from community.live import presence
from community.live.rooms import rooms_seen
from community.live.seats import Seat
from tests.make import forum as make
from tests.make.forum import seen, writing
from tests.query_counter import Statements

NOON = datetime(2026, 11, 21, 12, 3, tzinfo=UTC)


@pytest.fixture
def cast(whole_cast):
    return whole_cast


@pytest.fixture
def live(app, monkeypatch):
    """The live part with its wire cut: what would be sent is noted."""
    live = app.extensions["live"]
    live.sent = []
    monkeypatch.setattr(live, "tell", lambda seat, event, ids: live.sent.append((seat.sid, event, ids)))
    monkeypatch.setattr(live, "close", lambda seat: live.sent.append((seat.sid, "closed", {})))
    live.channel.open()
    yield live
    while live.channel.turn():
        pass
    for seat in live.seats.all():
        live.seats.leave(seat.sid)


def sits(live, someone, *rooms, shown=False):
    """Somebody with an open page in these rooms."""
    seat = Seat(f"seat of {someone.name}", "wire", persona_id=someone.persona_id, shown=shown)
    seat.bell = pings.bell_room(someone.persona_id)
    live.seats.take(seat)
    for name, room in _seen(someone, rooms).items():
        assert name
        live.seats.enter(seat, room)
    return seat


def _seen(someone, rooms):
    return rooms_seen(someone.viewer, rooms)


def turns(live):
    """Everything that was said is told; what was sent since."""
    live.sent.clear()
    db.session.rollback()
    while live.channel.turn():
        pass
    return _sent(live)


def _sent(live):
    return [(sid.removeprefix("seat of "), event, ids) for sid, event, ids in live.sent]


def replies(topic, who, body="A reply."):
    with transaction():
        return posts.reply(who.viewer, seen(who, topic), writing(body))


def test_a_ping_goes_out_after_the_commit_and_not_when_it_was_rolled_back(cast, live):
    topic = make.topic(make.space(), cast["member"])
    sits(live, cast["physician"], f"topic:{topic.key}")
    turns(live)
    with suppress(ZeroDivisionError), transaction():
        posts.reply(cast["physician"].viewer, seen(cast["physician"], topic), writing())
        raise ZeroDivisionError
    assert turns(live) == []
    made = replies(topic, cast["physician"])
    room = f"topic:{topic.key}"
    assert turns(live) == [("Noemie Larch", "changed", {"room": room, "number": made.number})]


def test_a_ping_carries_ids_and_no_words(cast, live):
    topic = make.topic(make.space(), cast["member"], "A title nobody should hear")
    sits(live, cast["physician"], f"topic:{topic.key}", "space:public-square", "queue")
    turns(live)
    replies(topic, cast["physician"], "Words nobody should hear")
    told = turns(live)
    assert {ids["room"] for _, _, ids in told} == {f"topic:{topic.key}", "space:public-square", "queue"}
    assert all(ids.keys() <= {"room", "number"} for _, _, ids in told)


def test_a_new_question_and_one_that_is_closed_change_the_queue(cast, live):
    space = make.space()
    sits(live, cast["physician"], "queue")
    turns(live)
    with transaction():
        heading = Heading("question", "Where to?")
        topic = topics.start(cast["member"].viewer, make.space(), heading, writing())
    assert turns(live) == [("Noemie Larch", "changed", {"room": "queue"})]
    with transaction():
        topics.close(cast["member"].viewer, seen(cast["member"], topic))
    assert turns(live) == [("Noemie Larch", "changed", {"room": "queue"})]
    assert space.slug == "public-square"


def test_a_protected_space_is_told_on_the_quarter_of_the_hour(cast, live):
    topic = make.topic(make.space("lived-experience"), cast["lived"])
    sits(live, cast["moderator"], f"topic:{topic.key}", "queue")
    turns(live)
    with time_machine.travel(NOON, tick=False) as clock:
        replies(topic, cast["lived"])
        replies(topic, cast["lived"])
        assert turns(live) == []
        clock.move_to(NOON.replace(minute=14, second=59))
        live.delivery.quarter()
        assert live.sent == []
        clock.move_to(NOON.replace(minute=15))
        live.delivery.quarter()
    rooms = sorted(ids["room"] for _, _, ids in live.sent)
    assert rooms == ["queue", f"topic:{topic.key}"]
    assert all("number" not in ids for _, _, ids in live.sent)  # how much there was is not told


def test_what_a_protected_name_writes_in_the_open_is_told_on_the_quarter_too(cast, live):
    topic = make.topic(make.space(), cast["member"])
    sits(live, cast["member"], f"topic:{topic.key}", "space:public-square")
    turns(live)
    with time_machine.travel(NOON, tick=False) as clock:
        replies(topic, cast["lived"])
        run_waiting_jobs()
        assert turns(live) == []
        clock.move_to(NOON.replace(minute=15))
        live.delivery.quarter()
        assert {event for _, event, _ in live.sent} == {"changed", "bell"}
        assert all("number" not in ids for _, _, ids in live.sent)
        live.sent.clear()
        replies(topic, cast["physician"])
        assert turns(live)  # others are told at once, as before


def test_what_a_protected_name_does_in_the_open_is_told_on_the_quarter_of_the_hour(cast, live):
    topic = make.topic(make.space(), cast["lived"])
    answer = make.post(topic, cast["physician"])
    sits(live, cast["member"], f"topic:{topic.key}", "space:public-square", "queue")
    sits(live, cast["physician"])
    turns(live)
    with time_machine.travel(NOON, tick=False) as clock:
        made = replies(topic, cast["lived"])
        assert turns(live) == []
        for act in (
            lambda mine: posts.withdraw(mine, seen(cast["lived"], made)),
            lambda mine: answers.accept(mine, seen(cast["lived"], answer)),
            lambda mine: topics.close(mine, seen(cast["lived"], topic)),
            lambda mine: topics.start(mine, make.space(), Heading("question", "Where to?"), writing()),
        ):
            with transaction():
                act(cast["lived"].viewer)
            run_waiting_jobs()
            assert turns(live) == []
        clock.move_to(NOON.replace(minute=15))
        live.delivery.quarter()
    told = {(who, event, ids.get("room")) for who, event, ids in _sent(live)}
    rooms = (f"topic:{topic.key}", "space:public-square", "queue")
    assert told == {("Robin Tallgrass", "changed", room) for room in rooms} | {("Noemie Larch", "bell", None)}
    assert all("number" not in ids for _, _, ids in live.sent)


def test_the_bell_of_a_protected_space_rings_on_the_quarter_too(cast, live):
    protected = make.topic(make.space("lived-experience"), cast["lived"])
    square = make.topic(make.space(), cast["lived"])
    sits(live, cast["lived"])
    with time_machine.travel(NOON, tick=False) as clock:
        replies(protected, cast["moderator"])
        run_waiting_jobs()
        assert turns(live) == []
        replies(square, cast["physician"])
        run_waiting_jobs()
        assert [event for _, event, _ in turns(live)] == ["bell"]
        clock.move_to(NOON.replace(minute=15))
        live.sent.clear()
        live.delivery.quarter()
    assert [event for _, event, _ in live.sent] == ["bell"]


def test_whoever_lost_the_right_hears_nothing_even_if_nobody_said_so(cast, live, monkeypatch):
    """The sweep and the notice are for closing the room; a ping asks the rule by itself."""
    topic = make.topic(make.space("committee-first-line"), cast["physician"])
    with transaction():
        guest = TopicGuest(
            topic_id=topic.id,
            persona_id=cast["member"].persona_id,
            invited_by=cast["physician"].persona_id,
        )
        db.session.add(guest)
    seat = sits(live, cast["member"], f"topic:{topic.key}")
    assert seat.rooms
    with monkeypatch.context() as silence:
        silence.setattr(pings, "note", lambda *_: None)
        with transaction():
            db.session.delete(db.session.merge(guest))
    live.sent.clear()
    room = f"topic:{topic.key}"
    live.delivery.hear([Ping(room, "changed", {"number": 2}, space="committee-first-line")], 0.0)
    assert live.sent == [(seat.sid, "ended", {"room": room})]
    assert not seat.rooms


@pytest.mark.parametrize(
    ("chosen", "shared", "stays", "goes"),
    [(None, False, 10_080, 10_081), (60, False, 60, 61), (15, True, 15, 16), (None, True, 30, 31)],
)
def test_the_page_of_a_session_that_lies_idle_is_let_go(cast, live, chosen, shared, stays, goes):
    """By the sweep, or before anything is told; the page then asks with the cookie its browser has by now."""
    topic = make.topic(make.space(), cast["member"])
    someone = cast["physician"]
    with time_machine.travel(NOON, tick=False) as clock:
        with transaction():
            db.session.get_one(User, someone.member_id).idle_minutes = chosen
            opened = sessions.new_values(someone.member_id, someone.persona_id, shared=shared)
            row = db.session.get_one(SignIn, sessions.hashed(opened[sessions.ID]))
            row.ends_at = NOON + timedelta(days=30)
        seat = sits(live, someone, f"topic:{topic.key}")
        seat.session, seat.shared = sessions.hashed(opened[sessions.ID]), shared
        seat.seen = int(NOON.timestamp()) // 60
        clock.move_to(NOON + timedelta(minutes=stays))
        live.sweep()
        assert turns(live) == []
        assert seat.rooms
        clock.move_to(NOON + timedelta(minutes=goes))
        seat.asked_at = 0.0
        replies(topic, cast["member"])
        assert turns(live) == [(someone.name, "again", {}), (someone.name, "closed", {})]
        assert not seat.rooms
        assert not seat.bell
        assert live.seats.get(seat.sid) is None


def test_a_visitor_lies_idle_for_ever(cast, live):
    topic = make.topic(make.space(), cast["member"])
    seat = sits(live, SimpleNamespace(name="nobody", persona_id="", viewer=VISITOR), f"topic:{topic.key}")
    seat.persona_id, seat.bell = None, ""
    live.sweep()
    assert live.seats.get(seat.sid) is seat


def test_the_quarter_after_a_moment():
    assert quarter_after(NOON) == NOON.replace(minute=15)
    assert quarter_after(NOON.replace(minute=15)) == NOON.replace(minute=30)
    assert quarter_after(NOON.replace(minute=59)) == NOON.replace(hour=13, minute=0)


# Presence


@pytest.fixture
def moment(monkeypatch):
    """A clock that moves when told."""
    now = [1000.0]
    monkeypatch.setattr(presence, "time", SimpleNamespace(monotonic=lambda: now[0]))
    return now


def presence_of(live, room):
    """Who is seen reading the room now."""
    for said in live.presence.news():
        live.presence.hears(said)
    return live.presence.readers(room)


def test_public_names_that_ask_for_it_are_seen_and_nobody_else(cast, live, moment):
    topic = make.topic(make.space(), cast["member"])
    room = f"topic:{topic.key}"
    sits(live, cast["physician"], room, shown=True)
    sits(live, cast["policy"], room)
    assert presence_of(live, room) == set()  # not at once
    moment[0] += presence.APPEARS[1]
    assert presence_of(live, room) == {cast["physician"].persona_id}


def test_nobody_is_seen_in_a_protected_space(cast, live, moment):
    topic = make.topic(make.space("lived-experience"), cast["lived"])
    sits(live, cast["moderator"], f"topic:{topic.key}", shown=True)
    presence_of(live, f"topic:{topic.key}")
    moment[0] += 1000
    assert presence_of(live, f"topic:{topic.key}") == set()


def test_who_goes_is_seen_for_a_while(cast, live, moment):
    topic = make.topic(make.space(), cast["member"])
    room = f"topic:{topic.key}"
    seat = sits(live, cast["physician"], room, shown=True)
    presence_of(live, room)
    moment[0] += presence.APPEARS[1]
    presence_of(live, room)
    live.seats.leave(seat.sid)
    assert presence_of(live, room) == {cast["physician"].persona_id}
    moment[0] += presence.STAYS[0] - 1
    assert presence_of(live, room) == {cast["physician"].persona_id}
    moment[0] += presence.STAYS[1]
    assert presence_of(live, room) == set()


def test_what_is_told_of_readers_names_nobody(cast, live, moment):
    topic = make.topic(make.space(), cast["member"])
    room = f"topic:{topic.key}"
    sits(live, cast["physician"], room, shown=True)
    sits(live, cast["policy"], room, shown=True)
    sits(live, cast["member"], room)
    presence_of(live, room)
    moment[0] += presence.APPEARS[1]
    live.sent.clear()
    presence_of(live, room)
    assert {(sid, event, ids["room"]) for sid, event, ids in live.sent} == {
        ("seat of Noemie Larch", "readers", room),
        ("seat of Perrine Vale", "readers", room),
    }
    assert all(ids.keys() == {"room"} for _, _, ids in live.sent)


# What the pages ask


def test_readers_are_named_only_to_who_is_seen(cast, live, app, moment, client, monkeypatch):
    topic = make.topic(make.space(), cast["member"])
    room = f"topic:{topic.key}"
    sits(live, cast["physician"], room, shown=True)
    presence_of(live, room)
    moment[0] += presence.APPEARS[1]
    presence_of(live, room)
    cast["policy"].signs_in(client)
    address = f"/en/topics/{topic.key}/readers"
    assert client.get(address).text.strip() == ""
    monkeypatch.setitem(app.config, "WTF_CSRF_ENABLED", False)
    assert client.post("/en/shown", data={"shown": "yes"}).status_code == 303
    assert client.get(address).text.strip() == "Noemie Larch reads this too."
    client.post("/en/shown", data={"shown": "no"})
    assert client.get(address).text.strip() == ""


def test_a_protected_name_cannot_be_seen(cast, app, client, monkeypatch):
    monkeypatch.setitem(app.config, "WTF_CSRF_ENABLED", False)
    cast["lived"].signs_in(client)
    assert client.post("/en/shown", data={"shown": "yes"}).status_code == 403


def test_the_replies_after_a_number_are_those_of_the_page(cast, client):
    topic = make.topic(make.space(), cast["member"])
    make.post(topic, cast["physician"], "Second words.")
    make.post(topic, cast["physician"], "Hidden words.", hidden=True)
    make.post(topic, cast["physician"], "Fourth words.")
    page = client.get(f"/en/topics/{topic.key}/new?after=1").text
    assert "Second words." in page
    assert "Fourth words." in page
    assert "Hidden words." not in page
    assert "2 new replies: show them" in page
    assert 'data-last="4"' in page
    assert "new repl" not in client.get(f"/en/topics/{topic.key}/new?after=4").text
    assert client.get(f"/en/topics/{topic.key}/new?after=x").status_code == 404


def test_twenty_new_replies_cost_as_many_statements_as_three(cast, client):
    few, many = (make.topic(make.space(), cast["member"]) for _ in range(2))
    for topic, number in ((few, 3), (many, 20)):
        for _ in range(number):
            make.post(topic, cast["physician"])
    costs = []
    for topic in (few, many):
        with Statements().recorded() as sent:
            client.get(f"/en/topics/{topic.key}/new?after=1")
        costs.append(len(sent.words))
    assert costs[0] == costs[1]


def test_how_many_wait_is_said_in_the_words_of_the_place(cast, client):
    make.topic(make.space(), cast["member"])
    assert client.get("/en/waiting?place=queue").text == "1 question waits"
    assert client.get("/fr/waiting?place=home").text == "Toute la file"
    assert client.get("/en/waiting?place=elsewhere").status_code == 404
