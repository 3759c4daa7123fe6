"""Who sits in this process: one seat for each open page, kept in memory and nowhere else.

A seat belongs to the session and the persona it was taken under. Its owner may be in several rooms.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Iterable
from dataclasses import dataclass, field

from community.live.rooms import Room

MOST_ROOMS = 8


@dataclass
class Seat:
    """One open page.

    :param sid: what Socket.IO calls it; ``wire`` is the connection below.
    :param session: the mark of its session; empty for a visitor.
    :param strong: whether that session was opened by more than a password; else duties wait here as well.
    :param seen: the minute (of the epoch) of its owner's last act; ``shared``: others use the device.
    :param shown: whether its persona wants to be seen reading.
    """

    sid: str
    wire: str
    session: str = ""
    persona_id: str | None = None
    strong: bool = True
    seen: int = 0
    shared: bool = False
    shown: bool = False
    bell: str = ""
    rooms: dict[str, Room] = field(default_factory=dict)
    asked_at: float = 0.0  # when the rule was asked last, for all of its rooms


@dataclass
class Bucket:
    """How often one connection may speak: so many at once, then so many a second."""

    most: float = 20.0
    a_second: float = 2.0
    left: float = 20.0
    at: float = field(default_factory=time.monotonic)

    def takes(self) -> bool:
        """Whether one more is taken now."""
        now = time.monotonic()
        self.left = min(self.most, self.left + (now - self.at) * self.a_second)
        self.at = now
        if self.left < 1:
            return False
        self.left -= 1
        return True


class Seats:
    """Every seat of this process; asked by many threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._by_sid: dict[str, Seat] = {}

    def __len__(self) -> int:
        return len(self._by_sid)

    def take(self, seat: Seat) -> None:
        """Somebody sits down."""
        with self._lock:
            self._by_sid[seat.sid] = seat

    def leave(self, sid: str) -> Seat | None:
        """Somebody goes; None when they had gone."""
        with self._lock:
            return self._by_sid.pop(sid, None)

    def get(self, sid: str) -> Seat | None:
        """The seat of this connection."""
        return self._by_sid.get(sid)

    def all(self) -> list[Seat]:
        """Every seat at this moment."""
        with self._lock:
            return list(self._by_sid.values())

    def of(self, persona_id: str | None) -> int:
        """How many seats a persona has; None counts the visitors."""
        return sum(seat.persona_id == persona_id for seat in self.all())

    def enter(self, seat: Seat, room: Room) -> bool:
        """Let a seat into a room it may see. False: it is in too many already."""
        with self._lock:
            if room.name not in seat.rooms and len(seat.rooms) >= MOST_ROOMS:
                return False
            seat.rooms[room.name] = room
            return True

    def go_out(self, seat: Seat, names: Iterable[str]) -> None:
        """Let a seat out of rooms."""
        with self._lock:
            for name in names:
                seat.rooms.pop(name, None)

    def keep(self, seat: Seat, seen: dict[str, Room], asked: set[str]) -> list[str]:
        """Keep the rooms that were seen of those asked about; return those that were lost."""
        with self._lock:
            lost = [name for name in seat.rooms if name in asked and name not in seen]
            for name in lost:
                del seat.rooms[name]
            for name in seat.rooms:
                seat.rooms[name] = seen.get(name, seat.rooms[name])
            return lost
