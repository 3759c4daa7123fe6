"""Bytes kept for a while under a key: in this process, or in Redis where processes share one.

What is kept is never made wrong by a change: whoever puts it in names, within the key, the version of
what it was made from, and asks for the version of now. So nothing has to be deleted, and losing
everything costs time only. A lost Redis never breaks a page.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from typing import TYPE_CHECKING, Protocol

from flask import Flask, current_app

from community.core import redis

if TYPE_CHECKING:
    from redis import Redis

MOST_BYTES = 12 * 1024 * 1024  # of a process; a public topic takes about 8 kB
KEPT_SECONDS = 3_600  # in Redis, which drops what nobody asks for


class Cache(Protocol):
    """Both places. ``hits`` and ``misses`` count the questions of this process."""

    hits: int
    misses: int

    def get(self, key: str) -> bytes | None:
        """What was put under this key, if it is still there."""

    def put(self, key: str, value: bytes) -> None:
        """Keep it; something that was not asked for lately may have to go."""

    def forget_all(self) -> None:
        """Keep nothing of what was put."""


class InProcess:
    """The least recently used goes first once the bytes are too many."""

    def __init__(self, most_bytes: int = MOST_BYTES) -> None:
        self.hits = self.misses = 0
        self.most_bytes, self.bytes = most_bytes, 0
        self._kept: OrderedDict[str, bytes] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, key: str) -> bytes | None:
        """See :class:`Cache`."""
        with self._lock:
            value = self._kept.get(key)
            if value is None:
                self.misses += 1
                return None
            self.hits += 1
            self._kept.move_to_end(key)
            return value

    def put(self, key: str, value: bytes) -> None:
        """See :class:`Cache`. What is larger than an eighth of the room is not kept."""
        if len(value) > self.most_bytes // 8:
            return
        with self._lock:
            self._forget(key)
            self._kept[key] = value
            self.bytes += len(key) + len(value)
            while self.bytes > self.most_bytes:
                self._forget(next(iter(self._kept)))

    def forget_all(self) -> None:
        """See :class:`Cache`. Other processes keep theirs."""
        with self._lock:
            self._kept.clear()
            self.bytes = 0

    def _forget(self, key: str) -> None:
        value = self._kept.pop(key, None)
        if value is not None:
            self.bytes -= len(key) + len(value)


class InRedis:
    """What all processes share."""

    def __init__(self) -> None:
        self.hits = self.misses = 0

    def get(self, key: str) -> bytes | None:
        """See :class:`Cache`. Nothing, while Redis is away."""
        value = redis.ask(lambda server: server.get(f"kept:{key}"), None)
        found = value if isinstance(value, bytes) else None
        self.hits, self.misses = self.hits + (found is not None), self.misses + (found is None)
        return found

    def put(self, key: str, value: bytes) -> None:
        """See :class:`Cache`."""
        redis.ask(lambda server: server.set(f"kept:{key}", value, ex=KEPT_SECONDS), None)

    def forget_all(self) -> None:
        """See :class:`Cache`. What is still there while Redis is away goes within the hour."""
        redis.ask(_forget_kept, 0)


def _forget_kept(server: Redis) -> int:
    return sum(int(server.delete(key)) for key in server.scan_iter("kept:*", 1000))


def init_app(app: Flask) -> None:
    """Choose the place: Redis where one is set."""
    app.extensions["cache"] = InRedis() if app.extensions["settings"].redis_url else InProcess()


def cache() -> Cache:
    """The cache of this site."""
    found: Cache = current_app.extensions["cache"]
    return found


def get(key: str) -> bytes | None:
    """What was put under this key, if it is still there."""
    return cache().get(key)


def put(key: str, value: bytes) -> None:
    """Keep it for a while."""
    cache().put(key, value)
