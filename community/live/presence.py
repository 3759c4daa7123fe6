"""Who reads a topic along: between public names that ask to be seen, and nowhere a space is protected.

Nobody is shown who did not say so in this session, and who is not shown sees nobody. One appears a little
after coming and stays a while after going, by a random time, so that nobody can put the going of one name
beside the coming of another. Nothing of it is stored, and nobody is ever shown typing.
"""

from __future__ import annotations

import os
import random
import time
from typing import Any

from community.core.ids import new_key
from community.core.pings import Ping
from community.live.delivery import Wire
from community.live.seats import Seats

HERE = "here"
APPEARS = (5.0, 20.0)
STAYS = (30.0, 90.0)
SAID_AGAIN = 20.0
FORGOTTEN = 45.0
_dice = random.SystemRandom()

Pair = tuple[str, str]  # a room and a persona


class Presence:
    """Who reads along, as this process knows it from its own seats and from the other processes."""

    def __init__(self, seats: Seats, wire: Wire) -> None:
        self.seats, self.wire = seats, wire
        self.process = f"{os.getpid()}-{new_key()}"
        self._from: dict[Pair, float] = {}
        self._until: dict[Pair, float] = {}
        self._said: dict[str, tuple[str, float]] = {}
        self._known: dict[tuple[str, str], tuple[frozenset[str], float]] = {}  # process and room

    def readers(self, room: str) -> set[str]:
        """The personas that are seen reading in this room."""
        now = time.monotonic()
        known = list(self._known.items())
        return {one for (_, name), (people, end) in known if name == room and end > now for one in people}

    def news(self) -> list[Ping]:
        """What this process has to say to all: who reads along here, when that changes and now and then."""
        now = time.monotonic()
        here = self._here(now)
        said = []
        for room in sorted({*here, *self._said}):
            people = ",".join(sorted(here.get(room, ())))
            before, at = self._said.get(room, ("", 0.0))
            if people != before or (people and now - at > SAID_AGAIN):
                said.append(Ping(room, HERE, {"process": self.process, "people": people}))
                self._said[room] = (people, now)
            if not people:
                self._said.pop(room, None)
        self._forget(now)
        return said

    def _here(self, now: float) -> dict[str, set[str]]:
        current = self._current()
        for pair in current:
            self._from.setdefault(pair, now + _dice.uniform(*APPEARS))
            self._until.pop(pair, None)
        for pair in [pair for pair in self._from if pair not in current]:
            if now >= self._until.setdefault(pair, now + _dice.uniform(*STAYS)):
                del self._from[pair], self._until[pair]
        here: dict[str, set[str]] = {}
        for (room, persona_id), since in self._from.items():
            if since <= now:
                here.setdefault(room, set()).add(persona_id)
        return here

    def _current(self) -> set[Pair]:
        return {
            (room.name, seat.persona_id)
            for seat in self.seats.all()
            if seat.shown and seat.persona_id
            for room in list(seat.rooms.values())
            if room.name.startswith("topic:") and not room.protected
        }

    def hears(self, ping: Ping) -> bool:
        """Take note of what a process says about its readers; False: the ping is about something else."""
        if ping.event != HERE:
            return False
        process, people = str(ping.ids.get("process")), str(ping.ids.get("people", ""))
        before = self.readers(ping.room)
        found = frozenset(one for one in people.split(",") if one)
        if found:
            self._known[process, ping.room] = (found, time.monotonic() + FORGOTTEN)
        else:
            self._known.pop((process, ping.room), None)
        if self.readers(ping.room) != before:
            self._tell(ping.room)
        return True

    def _forget(self, now: float) -> None:
        """What a process that went has said before."""
        for key in [key for key, (_, end) in self._known.items() if end <= now]:
            del self._known[key]
            self._tell(key[1])

    def _tell(self, room: str) -> None:
        ids: dict[str, Any] = {"room": room}
        for seat in self.seats.all():
            if seat.shown and room in seat.rooms:
                self.wire.tell(seat, "readers", ids)
