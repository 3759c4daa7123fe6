"""Others' pages while a crowd holds the door: slow senders, slow readers, and sockets left open.

A slow client sends or reads a few bytes a second, as a telephone in a tunnel does, or somebody who wants
the site to stop. How long everybody else waits for a page is measured before and during it, in turns, so
that whatever else the machine does meanwhile meets both alike.
"""

from __future__ import annotations

import contextlib
import selectors
import socket
import statistics
import threading
import time
from dataclasses import dataclass, field

from tests.soak.browser import Browser, NoAnswer
from tests.soak.gauge import Gauge
from tests.soak.site import Siege
from tests.soak.storm import Report

PAGES = ("/en/", "/fr/spaces/public-square", "/en/search?q=naloxone")
MOST = 2.0  # times the median of a quiet site
LONGEST = 60.0  # seconds for the pages of a turn
STEP = 0.5  # seconds between two bytes of a slow client
LIVE = "/socket.io/?EIO=4&transport=websocket"
# What each sort of slow client sends at once, and what it goes on with: a head or a form that never ends, a
# page that nobody reads to its end, a form in pieces, one that asks before it is sent, one that stands behind
# another request, and a file as large as members may send.
_FORM = b"POST /en/sign-in HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/x-www-form-urlencoded\r\n"
_FILES = b"POST /en/spaces/public-square/new HTTP/1.1\r\nHost: localhost\r\nCookie: session=x\r\n"
_PARTS = b"Content-Length: 5000000\r\nContent-Type: multipart/form-data; boundary=b\r\n\r\n--b\r\n"
_PING = b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n"
SLOW = (
    (b"GET /en/ HTTP/1.1\r\nHost: localhost\r\n", b"X-Slow: " + b"x" * 4000),
    (_FORM + b"Content-Length: 100000\r\n\r\nemail=", b"x" * 4000),
    (b"GET /en/components HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n", b""),
    (_FORM + b"Transfer-Encoding: chunked\r\n\r\n1000\r\nemail=", b"x" * 4000),
    (_FORM + b"Content-Length: 100000\r\nExpect: 100-continue\r\n\r\nemail=", b"x" * 4000),
    (_PING + _FORM + b"Content-Length: 0000000000100000\r\n\r\nemail=", b"x" * 4000),
    (_FILES + _PARTS, b"x" * 4000),
)


@dataclass(frozen=True)
class Size:
    """How many hold the door, and for how long others' pages are measured."""

    slow: int = 200
    sockets: int = 500
    turns: int = 3
    pages: int = 60  # a turn


@dataclass
class Holder:
    """A connection that goes on for ever: what it has still to send, and what it has read."""

    sock: socket.socket
    left: bytes
    reads: bool
    got: bytes = b""


@dataclass
class Hold:
    """Slow clients and open sockets of one moment, kept by a thread until the block ends."""

    site: Siege
    size: Size
    holders: list[Holder] = field(default_factory=list)
    stop: threading.Event = field(default_factory=threading.Event)

    def __enter__(self) -> Hold:
        for number in range(self.size.slow):
            first, left = SLOW[number % len(SLOW)]
            self._open(left, reads=not left, first=first)
        for _ in range(self.size.sockets):
            self._open(b"", reads=True, first=_live(self.site), small=False)
        self.thread = threading.Thread(target=self._keep)
        self.thread.start()
        time.sleep(1.0)
        return self

    def __exit__(self, *_problem: object) -> None:
        self.stop.set()
        self.thread.join()
        for holder in self.holders:
            holder.sock.close()

    def _open(self, left: bytes, reads: bool, first: bytes, small: bool = True) -> None:
        sock = socket.socket()
        if reads and small:  # so that the answer does not fit into what the system keeps for the reader
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 2048)
        try:
            sock.connect(("127.0.0.1", self.site.port))
            sock.sendall(first)
        except OSError:
            sock.close()
            return
        sock.setblocking(False)
        self.holders.append(Holder(sock, left, reads))

    def _keep(self) -> None:
        while not self.stop.wait(STEP):
            for holder in self.holders:
                with contextlib.suppress(OSError):
                    if holder.left:
                        holder.sock.send(holder.left[:1])
                        holder.left = holder.left[1:] or b"x"
                    elif len(holder.got) < 16:
                        holder.got += holder.sock.recv(16 - len(holder.got))
                    else:
                        holder.sock.recv(16)

    @property
    def sockets(self) -> int:
        """How many sockets the site has let in."""
        return sum(holder.got.startswith(b"HTTP/1.1 101") for holder in self.holders)

    @property
    def held(self) -> int:
        """How many slow clients the site has not sent away."""
        return sum(_is_open(holder.sock) for holder in self.holders[: self.size.slow])


def _is_open(sock: socket.socket) -> bool:
    with selectors.DefaultSelector() as selector:
        selector.register(sock, selectors.EVENT_READ)
        if not selector.select(0):
            return True
    try:
        return bool(sock.recv(1, socket.MSG_PEEK))
    except OSError:
        return False


def _live(site: Siege) -> bytes:
    """What a browser sends to keep a page up to date while it is open."""
    lines = (
        f"GET {LIVE} HTTP/1.1",
        f"Host: 127.0.0.1:{site.port}",
        f"Origin: {site.address}",
        "Upgrade: websocket",
        "Connection: Upgrade",
        "Sec-WebSocket-Version: 13",
        "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
    )
    return "\r\n".join((*lines, "", "")).encode()


class Crowd:
    """Pages of a quiet site and of a crowded one, in turns."""

    def __init__(self, site: Siege, size: Size) -> None:
        self.site, self.size, self.gauge = site, size, Gauge()
        self.quiet: list[float] = []
        self.crowded: list[float] = []
        self.asked = 0

    def run(self) -> Report:
        """The two medians; more than twice is a violation, and so is a page that did not come."""
        held, sockets = [], []
        self._ask(10)  # the first ones find nothing in any cache
        for _ in range(self.size.turns):
            self.quiet += self._ask(self.size.pages)
            with Hold(self.site, self.size) as hold:
                self.crowded += self._ask(self.size.pages)
                held.append(hold.held)
                sockets.append(hold.sockets)
            time.sleep(0.5)
        report = Report(rounds=self.size.turns)
        report.violations += [f"{count} times {fault}" for fault, count in self.gauge.faults.items()]
        if self.gauge.lost or self.gauge.unmet:
            report.violations.append(f"{self.gauge.lost + self.gauge.unmet} pages did not come")
        if self.ratio > MOST:
            report.violations.append(f"others wait {self.ratio:.1f} times as long")
        report.figures = {
            "slow clients, held to the end": f"{self.size.slow}, {min(held)}",
            "sockets asked for, let in": f"{self.size.sockets}, {min(sockets)}",
            "median of others, quiet (ms)": f"{_median(self.quiet):.0f}",
            "median of others, crowded (ms)": f"{_median(self.crowded):.0f}",
            "times": f"{self.ratio:.2f}",
            "slowest, quiet / crowded (ms)": f"{_most(self.quiet):.0f} / {_most(self.crowded):.0f}",
        }
        return report

    @property
    def ratio(self) -> float:
        """How much longer others wait."""
        return _median(self.crowded) / max(_median(self.quiet), 0.1)

    def _ask(self, many: int) -> list[float]:
        """So many pages, one after the other, by visitors from many addresses; milliseconds each."""
        taken: list[float] = []
        end = time.monotonic() + LONGEST
        for number in range(many):
            if time.monotonic() > end:
                break
            self.asked += 1
            address = f"10.220.{self.asked // 250 % 250}.{self.asked % 250}"
            started = time.monotonic()
            with contextlib.suppress(NoAnswer):
                Browser(self.site.port, address, self.gauge).get(PAGES[number % len(PAGES)])
                taken.append((time.monotonic() - started) * 1000)
        return taken


def _median(taken: list[float]) -> float:
    return statistics.median(taken) if taken else float("inf")


def _most(taken: list[float]) -> float:
    return max(taken, default=float("inf"))
