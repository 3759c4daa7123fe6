"""A browser of few words: keeps its connections open, asks, times the answers, and does nothing else.

It must cost less than the server it measures, so it reads no more of an answer than its length.
"""

from __future__ import annotations

import contextlib
import selectors
import socket
import statistics
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

Requests = Callable[[], bytes]  # the next request, as it goes over the wire
LONGEST = 30.0  # seconds without an answer: the server hangs


class Refused(RuntimeError):
    """The site answered with something else than the page that was asked for."""


@dataclass
class Load:
    """What came of asking for a while."""

    seconds: float
    times: list[float] = field(default_factory=list)  # seconds, one an answer
    received: int = 0  # bytes of bodies
    first: bytes = b""  # one whole answer, to look at

    @property
    def rps(self) -> float:
        """Answers a second."""
        return len(self.times) / self.seconds

    @property
    def median_ms(self) -> float:
        """Half of the answers came faster."""
        return statistics.median(self.times) * 1000

    def percentile_ms(self, share: float) -> float:
        """That share of the answers came faster."""
        ordered = sorted(self.times)
        return ordered[min(int(len(ordered) * share), len(ordered) - 1)] * 1000

    @property
    def bytes(self) -> int:
        """Of one answer, on average, as transferred."""
        return round(self.received / len(self.times))


def get(path: str, host: str, cookie: str = "") -> bytes:
    """A request as a browser sends it."""
    more = f"Cookie: {cookie}\r\n" if cookie else ""
    return (
        f"GET {path} HTTP/1.1\r\nHost: {host}\r\nUser-Agent: bench\r\nAccept: text/html\r\n"
        f"Accept-Language: en\r\nAccept-Encoding: gzip, deflate, br\r\n{more}\r\n"
    ).encode()


def post(path: str, host: str, cookie: str, body: bytes) -> bytes:
    """A form as a browser sends it."""
    return (
        f"POST {path} HTTP/1.1\r\nHost: {host}\r\nUser-Agent: bench\r\nAccept: text/html\r\n"
        f"Accept-Encoding: gzip, deflate, br\r\nCookie: {cookie}\r\n"
        f"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {len(body)}\r\n\r\n"
    ).encode() + body


def ask(address: tuple[str, int], requests: Requests, *, connections: int, seconds: float) -> Load:
    """Ask over so many connections at once for so long. :raises Refused: an answer is no 200 or 303."""
    with selectors.DefaultSelector() as selector, contextlib.ExitStack() as opened:
        lines = [_Line(address, selector) for _ in range(connections)]
        for line in lines:
            opened.callback(line.close)
        return _ask(lines, selector, requests, seconds)


def _ask(
    lines: Sequence[_Line], selector: selectors.BaseSelector, requests: Requests, seconds: float
) -> Load:
    load = Load(seconds)
    began = time.perf_counter()
    until = began + seconds
    for line in lines:
        line.send(requests())
    # At least one answer, however slow: a figure there must be.
    while (now := time.perf_counter()) < until or not load.times:
        ready = selector.select(LONGEST)
        if not ready:
            raise Refused("no answer")
        for key, _ in ready:
            line = key.data
            if not line.receive():
                continue
            line.count(load)
            line.send(requests())
    load.seconds = now - began
    return load


def each(address: tuple[str, int], requests: Sequence[bytes]) -> Load:
    """Each of these once, one after the other over one connection. :raises Refused: an answer is no 200."""
    with selectors.DefaultSelector() as selector:
        line, load = _Line(address, selector), Load(0.0)
        try:
            for request in requests:
                line.send(request)
                while not line.receive():
                    pass
                line.count(load)
        finally:
            line.close()
    load.seconds = sum(load.times)
    return load


def once(address: tuple[str, int], request: bytes) -> bytes:
    """One request over a connection of its own; the whole answer."""
    with selectors.DefaultSelector() as selector:
        line = _Line(address, selector)
        line.send(request)
        while not line.receive():
            pass
        answer = bytes(line.answer)
        line.close()
    return answer


def body_of(answer: bytes) -> bytes:
    """What comes after the headers, as transferred."""
    return answer.partition(b"\r\n\r\n")[2]


def header(answer: bytes, name: str) -> str:
    """The first header of this name; "" when there is none."""
    return next(iter(headers(answer, name)), "")


def headers(answer: bytes, name: str) -> Iterator[str]:
    """Every header of this name."""
    for line in answer.partition(b"\r\n\r\n")[0].decode("latin-1").split("\r\n")[1:]:
        called, _, value = line.partition(":")
        if called.lower() == name.lower():
            yield value.strip()


class _Line:
    """One connection: a request out, its answer in."""

    def __init__(self, address: tuple[str, int], selector: selectors.BaseSelector) -> None:
        self.address, self.selector = address, selector
        self.answer = bytearray()
        self.length = -1
        self.sent = 0.0
        self._connect()

    def _connect(self) -> None:
        self.socket = socket.create_connection(self.address, timeout=LONGEST)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.selector.register(self.socket, selectors.EVENT_READ, self)

    def send(self, request: bytes) -> None:
        if self.answer[-1:] and b"connection: close" in bytes(self.answer[:600]).lower():
            self.close()
            self._connect()
        self.answer.clear()
        self.length = -1
        self.sent = time.perf_counter()
        self.socket.sendall(request)

    def receive(self) -> bool:
        """Read what came; whether the answer is whole."""
        part = self.socket.recv(262_144)
        if not part:
            raise Refused("the connection was closed")
        self.answer += part
        if self.length < 0:
            end = self.answer.find(b"\r\n\r\n")
            if end < 0:
                return False
            self.length = end + 4 + _content_length(bytes(self.answer[:end]))
        return len(self.answer) >= self.length

    def count(self, load: Load) -> None:
        load.times.append(time.perf_counter() - self.sent)
        if bytes(self.answer[9:12]) not in (b"200", b"303"):
            raise Refused(bytes(self.answer[:400]).decode("latin-1"))
        load.received += len(self.answer) - self.answer.find(b"\r\n\r\n") - 4
        load.first = load.first or bytes(self.answer)

    def close(self) -> None:
        self.selector.unregister(self.socket)
        self.socket.close()


def _content_length(head: bytes) -> int:
    lower = head.lower()
    place = lower.find(b"content-length:")
    return int(lower[place + 15 :].split(b"\r\n", 1)[0]) if place >= 0 else 0


def by_turns(choices: Sequence[bytes]) -> Requests:
    """Each request in turn, over and over."""
    place = -1

    def following() -> bytes:
        nonlocal place
        place = (place + 1) % len(choices)
        return choices[place]

    return following
