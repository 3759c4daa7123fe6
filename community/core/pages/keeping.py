"""What a process keeps of pages that many members are shown alike: those nobody asked for lately go first."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import Flask, current_app

from community.core import clock
from community.core.pages.sheets import Sheet, size_of

MOST_BYTES = 16 * 1024 * 1024  # of a process; a page takes about 10 kB
PATIENCE = 2.0  # seconds for somebody else who makes the same page
_DOORS = 64
Numbers = tuple[object, ...]


@dataclass(frozen=True)
class Kept:
    """A page while these numbers stand still, until then at the latest."""

    numbers: Numbers
    until: datetime
    sheet: Sheet
    about: Any = None  # what has to be known of it to fill its places

    @property
    def size(self) -> int:
        """Bytes that it takes, about."""
        return size_of(self.sheet)


class SharedPages:
    """The pages of one process, and the parts that stand in the places of all of them."""

    def __init__(self) -> None:
        self.hits = self.misses = self.bytes = 0
        self.parts: dict[Hashable, Sheet] = {}
        self._kept: OrderedDict[Hashable, Kept] = OrderedDict()
        self._lock = threading.Lock()
        # Reentrant: a page may hold a part that is kept as well, and stand behind the same door.
        self._doors = [threading.RLock() for _ in range(_DOORS)]

    def found_or_made(self, key: Hashable, numbers: Numbers, make: Callable[[], Kept]) -> Kept:
        """The page kept under this key, or what is made now; whoever comes meanwhile waits for that one."""
        found = self.get(key, numbers)
        if found is not None:
            return found
        with self._alone(key):
            # Somebody may have made it meanwhile, and have left before we came to the door.
            if (found := self._standing(key, numbers)) is not None:
                return found
            made = make()
            self.put(key, made)
            return made

    @contextmanager
    def _alone(self, key: Hashable) -> Iterator[None]:
        """Nobody else makes one meanwhile; patience lost, both do."""
        door = self._doors[hash(key) % _DOORS]
        mine = door.acquire(timeout=PATIENCE)
        try:
            yield
        finally:
            if mine:
                door.release()

    def get(self, key: Hashable, numbers: Numbers) -> Kept | None:
        """The page kept under this key, if it still holds; its places are open."""
        found = self._standing(key, numbers)
        with self._lock:
            self.hits += found is not None
            self.misses += found is None
        return found

    def _standing(self, key: Hashable, numbers: Numbers) -> Kept | None:
        with self._lock:
            found = self._kept.get(key)
            if found is None or found.numbers != numbers or found.until <= clock.now():
                return None
            self._kept.move_to_end(key)
            return found

    def put(self, key: Hashable, kept: Kept) -> None:
        """Keep a page."""
        with self._lock:
            self._forget(key)
            self._kept[key] = kept
            self.bytes += kept.size
            while self.bytes > MOST_BYTES:
                self._forget(next(iter(self._kept)))

    def _forget(self, key: Hashable) -> None:
        found = self._kept.pop(key, None)
        if found is not None:
            self.bytes -= found.size


def init_app(app: Flask) -> None:
    """Keep such pages in this process."""
    app.extensions["shared_pages"] = SharedPages()


def pages() -> SharedPages:
    """Those of this site."""
    found: SharedPages = current_app.extensions["shared_pages"]
    return found
