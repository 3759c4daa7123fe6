"""The way of a ping: from a commit in any process to the pages open in every process.

One thread a process does all of it, so that no request waits. Without Redis it tells the pages of this
process. With Redis it publishes, and each process that has pages open listens; while Redis is away the
pages of this process are still told, and once it is back every page is asked to look for itself.
"""

from __future__ import annotations

import atexit
import json
import os
import queue
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict
from typing import Any

import structlog
from flask import Flask

from community.core.pings import Ping
from community.core.redis import ask
from community.core.sealing import tag

LOOK_SECONDS = 1.0
LISTEN_SECONDS = 5.0
WAITING = 10_000  # pings that nobody had time for; more are let go
log = structlog.get_logger("live")


def packed(ping: Ping) -> str:
    """A ping as other processes read it."""
    return json.dumps(asdict(ping))


def unpacked(said: Any) -> Ping | None:
    """What another process said; None for what is none of ours."""
    try:
        found = json.loads(said)
        ping = Ping(**found)
    except (TypeError, ValueError):
        return None
    words: tuple[object, ...] = (ping.room, ping.event, ping.space)
    ids: object = ping.ids
    return ping if all(isinstance(word, str) for word in words) and isinstance(ids, dict) else None


class Channel:
    """The pings of one process.

    :param hear: tells the pages of this process.
    :param chores: called about once a second, between pings; also when there are none.
    :param missed: called when pings of other processes may have been lost.
    """

    def __init__(
        self,
        app: Flask,
        hear: Callable[[Sequence[Ping], float], None],
        chores: Callable[[], None],
        missed: Callable[[], None],
    ) -> None:
        self.app, self._hear, self._chores, self._missed = app, hear, chores, missed
        self.url: str = app.extensions["settings"].redis_url
        self.by_hand = app.testing  # a test takes each turn itself
        self._queue: queue.Queue[tuple[str, Sequence[Ping], float]] = queue.Queue(WAITING)
        self._lock = threading.Lock()
        self._threads: dict[str, tuple[int, threading.Thread]] = {}

    def send(self, pings: Sequence[Ping]) -> None:
        """Put pings on their way; comes back at once, whatever happens to them."""
        if not self.url and "listen" not in self._threads:
            return  # no page was ever open in this process, and no other process can be told
        self._put("out", pings)

    def open(self) -> None:
        """The first page of this process: from now on it listens."""
        self._run("work", self._work)
        self._run("listen", self._listen)

    def turn(self, wait: float = 0.0) -> bool:
        """Take the next pings and tell or publish them. False: there were none."""
        try:
            way, pings, since = self._queue.get(timeout=wait) if wait else self._queue.get_nowait()
        except queue.Empty:
            return False
        try:
            if way == "in" or not self._published(pings):
                self._hear(pings, since)
        finally:
            self._queue.task_done()
        return True

    # Inside

    def _put(self, way: str, pings: Sequence[Ping]) -> None:
        try:
            self._queue.put_nowait((way, pings, time.monotonic()))
        except queue.Full:
            return
        self._run("work", self._work)

    def _run(self, name: str, work: Callable[[], None]) -> None:
        """Start a thread of this process once; a process made by fork has none of its parent's."""
        with self._lock:
            there = self._threads.get(name)
            if there is not None and there[0] == os.getpid():
                return
            thread = threading.Thread(target=work, name=f"live-{name}", daemon=True)
            self._threads[name] = (os.getpid(), thread)
            if self.by_hand or (name == "listen" and not self.url):
                return
            if name == "work":
                atexit.register(self._last_words)
            thread.start()

    def _last_words(self) -> None:
        """A command that ends at once has half a second to tell what it changed."""
        end = time.monotonic() + 0.5
        while self._queue.unfinished_tasks and time.monotonic() < end:
            time.sleep(0.01)

    def _work(self) -> None:
        looked = 0.0
        while True:
            try:
                self.turn(LOOK_SECONDS)
                if time.monotonic() - looked >= LOOK_SECONDS:
                    looked = time.monotonic()
                    self._chores()
            except Exception as problem:  # this thread is the only one: it goes on whatever happens
                log.error("live: a turn failed", problem=type(problem).__name__)

    def _name(self) -> str:
        return "passerelle:pings:" + tag("pings").hex()[:16]

    def _published(self, pings: Sequence[Ping]) -> bool:
        """Whether Redis took them, to give them to every process, this one too."""
        if not self.url:
            return False
        with self.app.app_context():
            name, said = self._name(), json.dumps([packed(ping) for ping in pings])
            return ask(lambda server: server.publish(name, said) is not None, False)

    def _listen(self) -> None:
        from redis.exceptions import RedisError

        first = True
        while True:
            try:
                self._subscribed(first)
            except RedisError as problem:
                log.warning("live: redis away", problem=type(problem).__name__)
            except Exception as problem:
                log.error("live: listening failed", problem=type(problem).__name__)
            first = False
            time.sleep(LOOK_SECONDS)

    def _subscribed(self, first: bool) -> None:
        """Hear what other processes say, for as long as Redis is there. :raises RedisError: it went."""
        from redis import Redis

        server = Redis.from_url(self.url, socket_connect_timeout=1.0, health_check_interval=10)
        with self.app.app_context():
            name = self._name()
        with server.pubsub(ignore_subscribe_messages=True) as heard:  # type: ignore[no-untyped-call]
            heard.subscribe(name)
            if not first:
                self._missed()
            while True:
                said = heard.get_message(timeout=LISTEN_SECONDS)
                if said is not None:
                    self._put("in", self._read(said.get("data")))

    def _read(self, said: Any) -> list[Ping]:
        try:
            several = json.loads(said)
        except (TypeError, ValueError):
            return []
        found = [unpacked(one) for one in several] if isinstance(several, list) else []
        return [ping for ping in found if ping is not None]
