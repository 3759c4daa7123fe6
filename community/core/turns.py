"""Waiting in the order in which one came, for something that one thread at a time may have. Pure."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager


class Turns:
    """One thread at a time; whoever leaves hands over to whoever has waited longest.

    Python's own locks wake anybody, and a thread that runs at the right moment overtakes them all.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._taken = False
        self._waiting: deque[threading.Event] = deque()

    @contextmanager
    def turn(self, patience: float) -> Iterator[bool]:
        """Wait for one's turn, at most so many seconds; gives whether it came. The block runs anyway."""
        mine = self._take(patience)
        try:
            yield mine
        finally:
            if mine:
                self._hand_over()

    def _take(self, patience: float) -> bool:
        with self._lock:
            if not self._taken:
                self._taken = True
                return True
            called = threading.Event()
            self._waiting.append(called)
        if called.wait(patience):
            return True
        with self._lock:
            if called.is_set():  # at the last moment
                return True
            self._waiting.remove(called)
            return False

    def _hand_over(self) -> None:
        with self._lock:
            if self._waiting:
                self._waiting.popleft().set()
            else:
                self._taken = False
