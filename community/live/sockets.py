"""The door of open pages: Socket.IO, over WebSocket only.

A page says which rooms it watches (``watch``) or no longer (``leave``) and is told ``changed``, ``bell``,
``readers`` and ``ended``. Whatever else arrives is answered with a refusal; what cannot even be read
closes that one connection.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Sequence
from typing import Any

import structlog
from flask import Flask, current_app, g, request, session
from socketio.exceptions import ConnectionRefusedError as Refused
from sqlalchemy.exc import SQLAlchemyError

from community.accounts.open_sessions import mark_here, seen_here
from community.accounts.session import begin
from community.accounts.strength import good_for, is_strong
from community.accounts.viewer import VISITOR, Viewer, viewer_of
from community.core import pings
from community.core.pings import Ping, bell_room
from community.live.channel import Channel
from community.live.delivery import Delivery
from community.live.gate import Gate
from community.live.presence import Presence
from community.live.rooms import LONGEST, rooms_seen
from community.live.seats import Seat, Seats
from community.live.wire import server_of

MOST_OF_ONE = 8  # open pages of one persona
SWEEP_SECONDS = 15.0
SHOWN = "shown"  # in the cookie of the session: its persona wants to be seen reading
NO = {"ok": False}
log = structlog.get_logger("live")


class Live:
    """Everything live of one application: its seats, the wire to them, the channel between processes."""

    def __init__(self, app: Flask) -> None:
        settings = app.extensions["settings"]
        self.app, self.most = app, settings.live_seats
        pages = app.wsgi_app
        self.socketio = server_of(app)
        app.wsgi_app = Gate(pages, app.wsgi_app, self.most, settings.base_url)  # type: ignore[method-assign]
        self.seats = Seats()
        self.delivery = Delivery(app, self.seats, self)
        self.presence = Presence(self.seats, self)
        self.channel = Channel(app, self.hear, self.chores, self.missed)
        self._swept, self._seatless = 0.0, set[str]()

    # The wire

    def tell(self, seat: Seat, event: str, ids: dict[str, Any]) -> None:
        """Put a message on its way to one page; never waits."""
        try:
            self.socketio.server.emit(event, ids, to=seat.sid)
        except Exception as problem:  # the page went at this moment
            log.info("live: not told", problem=type(problem).__name__)

    def close(self, seat: Seat) -> None:
        """End the connection of one page; never waits."""
        threading.Thread(target=self._closed, args=(seat.wire, seat.sid), daemon=True).start()

    def _closed(self, wire: str, sid: str = "") -> None:
        server = self.socketio.server
        try:
            if sid:
                server.disconnect(sid)
            server.eio.disconnect(wire)
        except Exception as problem:  # it went by itself
            log.info("live: closed already", problem=type(problem).__name__)

    # What comes over the channel

    def hear(self, said: Sequence[Ping], since: float) -> None:
        """Pings of this process or another."""
        self.delivery.hear([ping for ping in said if not self.presence.hears(ping)], since)

    def missed(self) -> None:
        """Pings may have been lost: every page looks for itself."""
        for seat in self.seats.all():
            self.tell(seat, "again", {})

    def chores(self) -> None:
        """What is done about once a second: the quarter of the hour, who reads along, the sweep."""
        self.delivery.quarter()
        if news := self.presence.news():
            self.channel.send(news)
        if time.monotonic() - self._swept >= SWEEP_SECONDS:
            self._swept = time.monotonic()
            self.sweep()

    def sweep(self) -> None:
        """Rights that end with time end here; connections that never became a page are closed."""
        self.delivery.ask_again(self.seats.all(), fresh=SWEEP_SECONDS / 2)
        seated = {seat.wire for seat in self.seats.all()}
        without = {wire for wire in list(self.socketio.server.eio.sockets) if wire not in seated}
        for wire in without & self._seatless:
            threading.Thread(target=self._closed, args=(wire,), daemon=True).start()
        self._seatless = without


def init_app(app: Flask) -> None:
    """Open the door."""
    live = Live(app)
    app.extensions["live"] = live
    for event, act in EVENTS.items():
        live.socketio.on_event(event, act)
    live.socketio.default_exception_handler = _failed
    pings.sender(_send)


def _live() -> Live:
    found: Live = current_app.extensions["live"]
    return found


def _send(said: Sequence[Ping]) -> None:
    """The pings of a commit, whichever application it was."""
    if current_app and "live" in current_app.extensions:
        _live().channel.send(said)


# What a page says: EVENTS, at the end, lists it


def _sit_down(_auth: Any = None) -> None:
    """A page opens: its seat belongs to the session and the persona of its cookie, now."""
    live = _live()
    if _seat() is not None:  # it says "connect" once more, as an event of its own
        return
    try:
        begin()
        seat = Seat(
            sid=request.sid,  # type: ignore[attr-defined]
            wire=live.socketio.server.manager.eio_sid_from_sid(request.sid, "/") or "",  # type: ignore[attr-defined]
            session=mark_here(),
            persona_id=g.viewer.persona_id,
            strong=is_strong(),
            seen=seen_here(),
            shared=not session.permanent,
            shown=bool(session.get(SHOWN)) and g.viewer.kind == "public",
        )
    except SQLAlchemyError:
        raise Refused("later") from None
    if seat.persona_id:
        seat.bell = bell_room(seat.persona_id)
    most = MOST_OF_ONE if seat.persona_id else max(live.most // 2, 1)
    if live.seats.of(seat.persona_id) >= most:
        raise Refused("full")
    live.seats.take(seat)
    live.channel.open()


def _go(_reason: Any = None) -> None:
    live = _live()
    live.seats.leave(request.sid)  # type: ignore[attr-defined]


def _watch(*said: Any) -> dict[str, bool]:
    """Into a room, if the rule says so now. One that is not seen answers like one that is not there."""
    live, seat, name = _live(), _seat(), _name(said)
    if seat is None or not name:
        return NO
    live.delivery.ask_again([seat])
    if live.seats.get(seat.sid) is None:
        return NO
    room = rooms_seen(viewer_in(seat), {name}).get(name)
    if room is None or not live.seats.enter(seat, room):
        return NO
    return {"ok": True}


def _leave(*said: Any) -> dict[str, bool]:
    """Out of a room; out of one that never was, too."""
    seat, name = _seat(), _name(said)
    if seat is None or not name:
        return NO
    _live().seats.go_out(seat, [name])
    return {"ok": True}


def _other(*_said: Any) -> dict[str, bool]:
    return NO


def _failed(problem: Exception) -> dict[str, bool]:
    log.warning("live: failed", problem=type(problem).__name__)
    return NO


def _seat() -> Seat | None:
    return _live().seats.get(request.sid)  # type: ignore[attr-defined]


def viewer_in(seat: Seat) -> Viewer:
    """Who sits there, as far as the session of that page is good for."""
    viewer = (viewer_of(seat.persona_id) if seat.persona_id else None) or VISITOR
    return good_for(viewer, strong=seat.strong)[0]


def _name(said: tuple[Any, ...]) -> str:
    """The name of a room, where one was said."""
    if len(said) != 1 or not isinstance(said[0], str) or len(said[0]) > LONGEST:
        return ""
    return said[0]


EVENTS = {"connect": _sit_down, "disconnect": _go, "watch": _watch, "leave": _leave, "*": _other}
