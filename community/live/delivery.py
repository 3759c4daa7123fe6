"""Telling the pages in a room, after the rule was asked once more for each of them.

A page that lost its right gets nothing: it is let out of the room, or its connection is closed. What
happens in a protected space is told on the quarter of the hour, so that nobody learns the minute.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any, Protocol

import structlog
from flask import Flask
from sqlalchemy.exc import SQLAlchemyError

from community.accounts.idleness import idle_since
from community.accounts.open_sessions import still_open
from community.accounts.strength import good_for
from community.accounts.viewer import VISITOR, Viewer, viewer_of
from community.core import clock
from community.core.pings import Ping
from community.live.rooms import QUEUE, Room, rooms_seen
from community.live.seats import Seat, Seats

# What was asked half a second ago still holds: a right ends within a second.
FRESH_SECONDS = 0.5
AGAIN = "again"  # somebody may have lost a right: ask the rule for everybody
log = structlog.get_logger("live")


class Wire(Protocol):
    """What delivery needs of Socket.IO."""

    def tell(self, seat: Seat, event: str, ids: dict[str, Any]) -> None:
        """Put a message on its way to one page; never waits."""

    def close(self, seat: Seat) -> None:
        """End the connection of one page; never waits."""


class Delivery:
    """Takes pings, from this process or another, and tells the seats of this one."""

    def __init__(self, app: Flask, seats: Seats, wire: Wire) -> None:
        self.app, self.seats, self.wire = app, seats, wire
        self._held: dict[tuple[str, str, str], datetime] = {}
        self._turn = threading.Lock()

    def hear(self, pings: Sequence[Ping], since: float) -> None:
        """Tell everybody whom these pings concern, now or on the quarter of the hour.

        :param since: when they came (``time.monotonic``): who was asked about later need not be again.
        """
        with self._turn:
            if any(ping.event == AGAIN for ping in pings):
                self.ask_again([seat for seat in self.seats.all() if seat.asked_at <= since])
            for ping in pings:
                if ping.event != AGAIN:
                    self._told(ping, hold=True)

    def quarter(self) -> None:
        """Tell what was held back for this quarter of the hour; called every now and then."""
        with self._turn:
            now = clock.now()
            for room, event, space in [held for held, at in self._held.items() if at <= now]:
                del self._held[room, event, space]
                self._told(Ping(room, event, space=space), hold=False)

    def _told(self, ping: Ping, *, hold: bool) -> None:
        there = [(seat, room) for seat in self.seats.all() for room in _rooms_of(seat, ping)]
        late = [pair for pair in there if ping.coarse or _protected(pair[1], ping)]
        if hold and late:
            # Without its ids: how much there was to tell is not told either.
            self._held.setdefault((ping.room, ping.event, ping.space), clock.quarter_after(clock.now()))
            there = [pair for pair in there if pair not in late]
        if not there:
            return
        self.ask_again([seat for seat, _ in there], fresh=FRESH_SECONDS)
        for seat, room in there:
            if room.name == seat.bell or room.name in seat.rooms:
                self.wire.tell(seat, ping.event, _ids(room, ping))

    # The rule, once more

    def ask_again(self, seats: Iterable[Seat], *, fresh: float = 0.0) -> None:
        """Ask the rule for these seats; let those out that it no longer admits."""
        seats = [seat for seat in seats if time.monotonic() - seat.asked_at >= fresh]
        if not seats:
            return
        try:
            with self.app.app_context():
                self._ask(seats)
        except SQLAlchemyError as problem:
            # Nobody can say who may hear it: nobody does. The pages ask again when it is back.
            log.warning("live: database away", problem=type(problem).__name__)
            for seat in seats:
                self._end(seat)

    def _ask(self, seats: list[Seat]) -> None:
        asked_at = time.monotonic()
        open_now = still_open({seat.session for seat in seats if seat.session})
        by_persona: dict[tuple[str | None, bool], list[Seat]] = {}
        for seat in seats:
            if seat.session and seat.session not in open_now:
                self._end(seat)
            else:
                by_persona.setdefault((seat.persona_id, seat.strong), []).append(seat)
        for (persona_id, strong), theirs in by_persona.items():
            viewer = viewer_of(persona_id) if persona_id else VISITOR
            viewer = viewer and good_for(viewer, strong=strong)[0]
            idle = [seat for seat in theirs if viewer and _lies_idle(seat, viewer, open_now)]
            for seat in idle:
                self._let_go(seat)
            self._ask_for(viewer, [seat for seat in theirs if seat not in idle], asked_at)

    def _ask_for(self, viewer: Viewer | None, seats: list[Seat], asked_at: float) -> None:
        """All seats of one persona: two statements, however many rooms."""
        if viewer is None:
            for seat in seats:
                self._end(seat)
            return
        asked = {name for seat in seats for name in list(seat.rooms)}
        seen = rooms_seen(viewer, asked)
        for seat in seats:
            seat.asked_at = asked_at
            for name in self.seats.keep(seat, seen, asked):
                self.wire.tell(seat, "ended", {"room": name})

    def _end(self, seat: Seat, event: str = "ended") -> None:
        self.seats.leave(seat.sid)
        seat.rooms.clear()
        seat.bell = ""
        self.wire.tell(seat, event, {"room": "*"} if event == "ended" else {})
        self.wire.close(seat)

    def _let_go(self, seat: Seat) -> None:
        """The page looks for itself: its owner may be busy in another one, which only their cookie knows."""
        self._end(seat, AGAIN)


def _lies_idle(seat: Seat, viewer: Viewer, open_now: dict[str, int | None]) -> bool:
    """Whether a cookie as old as that of this page would open nothing any more."""
    return bool(seat.session) and idle_since(
        seat.seen, open_now.get(seat.session), viewer, shared=seat.shared
    )


def _rooms_of(seat: Seat, ping: Ping) -> list[Room]:
    """The rooms by which a ping reaches a seat: its own, the queue for a space in it, the bell."""
    if seat.bell and ping.room == seat.bell:
        return [Room(seat.bell)]
    rooms = list(seat.rooms.values())
    return [
        room
        for room in rooms
        if room.name == ping.room
        or (room.name == QUEUE and ping.room.startswith("space:") and ping.space in room.spaces)
    ]


def _protected(room: Room, ping: Ping) -> bool:
    return room.spaces.get(ping.space, False) if ping.space else room.protected


def _ids(room: Room, ping: Ping) -> dict[str, Any]:
    return {} if ping.event == "bell" else {"room": room.name, **(ping.ids if room.name != QUEUE else {})}
