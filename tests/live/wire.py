"""A page as the server sees it: the Socket.IO protocol by hand, over a real WebSocket.

By hand so that a test can also say what no library would: nonsense, too much, too often.
"""

from __future__ import annotations

import contextlib
import json
import time
from dataclasses import dataclass, field
from itertools import count
from typing import Any

from simple_websocket import Client, ConnectionClosed
from simple_websocket import ConnectionError as Refused


class Shut(AssertionError):
    """The server ended the connection."""


@dataclass
class Wire:
    """One connection; ``events`` is everything it was told, in order."""

    socket: Any
    events: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    answers: dict[int, Any] = field(default_factory=dict)
    numbers: Any = field(default_factory=count)
    refused: Any = None
    seated: bool = False

    def say(self, raw: str | bytes) -> None:
        """Send something as it is."""
        try:
            self.socket.send(raw)
        except ConnectionClosed:
            raise Shut from None

    def ask(self, event: str, *said: Any, seconds: float = 10) -> Any:
        """Say an event and wait for its answer."""
        number = next(self.numbers)
        self.say(f"42{number}{json.dumps([event, *said])}")
        self.listen(seconds, lambda: number in self.answers)
        return self.answers[number]

    def watch(self, room: str) -> bool:
        """Whether the room let it in."""
        return bool(self.ask("watch", room)["ok"])

    def told(self, event: str, seconds: float = 10) -> dict[str, Any]:
        """Wait until it is told this; forget it then."""
        self.listen(seconds, lambda: any(name == event for name, _ in self.events))
        found = next(one for one in self.events if one[0] == event)
        self.events.remove(found)
        return found[1]

    def hears_nothing(self, seconds: float = 1.0) -> None:
        """Nothing at all is said for a while."""
        with_nothing = len(self.events)
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            self._next(end - time.monotonic())
        assert self.events[with_nothing:] == []

    def is_shut(self, seconds: float = 20) -> bool:
        """Whether the server ends it within that time."""
        end = time.monotonic() + seconds
        try:
            while time.monotonic() < end:
                self._next(end - time.monotonic())
        except Shut:
            return True
        return False

    def listen(self, seconds: float, enough: Any) -> None:
        """Listen until it is enough. :raises AssertionError: it never was."""
        end = time.monotonic() + seconds
        while not enough():
            left = end - time.monotonic()
            assert left > 0, f"waited {seconds} s; heard {self.events}"
            self._next(left)

    def close(self) -> None:
        """Go. The library's own thread may have closed a connection that ended, a moment before."""
        with contextlib.suppress(ConnectionClosed, OSError):
            self.socket.close()

    def _next(self, seconds: float) -> None:
        try:
            said = self.socket.receive(timeout=max(seconds, 0.01))
        except ConnectionClosed:
            raise Shut from None
        if said is None:
            return
        if said == "2":
            self.say("3")
        elif said == "1" or said.startswith("41"):
            raise Shut
        elif said.startswith("40"):
            self.seated = True
        elif said.startswith("44"):
            self.refused = said[2:]
        elif said.startswith("43"):
            number, _, rest = said[2:].partition("[")
            self.answers[int(number)] = next(iter(json.loads("[" + rest)), None)
        elif said.startswith("42"):
            name, *ids = json.loads(said[2:])
            self.events.append((name, ids[0] if ids else {}))


class Careful(Client):  # type: ignore[misc]  # it comes without types
    """The library's client, which leaves nothing open when it is refused."""

    def handshake(self) -> None:
        """Ask to be let in. :raises simple_websocket.ConnectionError: it was not."""
        try:
            super().handshake()
        except OSError:
            raise Refused(0) from None
        finally:
            if not self.connected:
                self.sock.close()


def opened(address: str, *, cookie: str = "", origin: str | None = "", seat: bool = True) -> Wire:
    """Open a page's socket at a site. :param origin: empty for the site's own, None for none.

    :raises simple_websocket.ConnectionError: it was refused before it was open.
    """
    headers = {}
    if origin is not None:
        headers["Origin"] = origin or address
    if cookie:
        headers["Cookie"] = cookie
    url = address.replace("http", "ws", 1) + "/socket.io/?EIO=4&transport=websocket"
    wire = Wire(Careful.connect(url, headers=headers))
    if seat:
        wire.say("40")
        wire.listen(10, lambda: wire.seated or wire.refused is not None)
    return wire
