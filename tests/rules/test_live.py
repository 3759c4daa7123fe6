"""Every event of an open page by every one of the cast: the answers are those of ``live.txt``."""

from __future__ import annotations

from pathlib import Path

import pytest

from community.live.sockets import EVENTS
from tests import cast
from tests.rules import things
from tests.rules.place import undone

ROOMS = {"the queue": "queue", "the bell of another": "bell:" + "0" * 32, "": "", "one's own": ""}


def read():
    """The lines of the table: event, what is watched, the answer for each of the cast."""
    named, rows = {}, []
    for line in Path(__file__).with_name("live.txt").read_text("utf-8").splitlines():
        parts = [part.strip() for part in line.split("|")]
        if line.startswith("="):
            named[parts[0].removeprefix("=").strip()] = parts[1].split()
        elif line.strip() and not line.startswith("#"):
            answers = named[parts[2]] if parts[2] in named else parts[2].split()
            assert len(answers) == len(cast.NAMES), line
            rows.append((parts[0], parts[1], dict(zip(cast.NAMES, answers, strict=True))))
    return rows


ROWS = read()


def room_of(world, thing):
    """What a page calls this thing."""
    if thing in ROOMS:
        return ROOMS[thing]
    if thing not in things.THINGS:
        return thing
    values = things.values(world, thing)
    if thing.startswith("a conversation"):
        return f"conversation:{values['key']}"
    return f"space:{values['slug']}" if "slug" in values else f"topic:{values['key']}"


def answer(place, who, event, thing):
    """What one of the cast is answered."""
    live = place.app.extensions["live"]
    with undone(place.app):
        page = live.socketio.test_client(place.app, flask_test_client=place.browsers[who])
        try:
            if event == "connect":
                return page.is_connected()
            if event == "bell":
                return any(seat.bell for seat in live.seats.all())
            said = page.emit("made-up" if event == "*" else event, room_of(place.world, thing), callback=True)
            return said == {"ok": True}
        finally:
            page.disconnect()
            assert len(live.seats) == 0


def test_the_table_knows_every_event_and_no_other():
    # A page that goes is not answered.
    assert {event for event, _, _ in ROWS} - {"bell"} == set(EVENTS) - {"disconnect"}


@pytest.mark.parametrize(("event", "thing", "answers"), ROWS, ids=lambda value: str(value)[:40])
def test_each_of_the_cast_is_let_in_as_the_table_says(place, event, thing, answers):
    wrong = [
        f"{who}: {wanted} was expected"
        for who, wanted in answers.items()
        if answer(place, who, event, thing) != (wanted == "yes")
    ]
    assert not wrong, "; ".join(wrong)


def test_a_room_that_is_not_seen_answers_like_one_that_is_not_there(place):
    live = place.app.extensions["live"]
    with undone(place.app):
        page = live.socketio.test_client(place.app, flask_test_client=place.browsers["member"])
        real = page.emit("watch", room_of(place.world, "a clinical topic"), callback=True)
        none = page.emit("watch", "topic:" + "0" * 22, callback=True)
        page.disconnect()
    assert real == none == {"ok": False}
