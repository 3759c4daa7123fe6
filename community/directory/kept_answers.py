"""Answers of this process that hold until a document of the directory changes."""

from __future__ import annotations

import threading
from collections import OrderedDict

MOST_BYTES = 16 * 1024 * 1024


class KeptAnswers:
    """Answers by what was asked, those asked for lately; each only while the version stands still."""

    def __init__(self) -> None:
        self._kept: OrderedDict[str, tuple[str, bytes]] = OrderedDict()
        self._bytes = 0
        self._lock = threading.Lock()

    def get(self, asked: str, version: str) -> bytes | None:
        """The answer, if it still holds."""
        with self._lock:
            found = self._kept.get(asked)
            if found is None or found[0] != version:
                return None
            self._kept.move_to_end(asked)
            return found[1]

    def put(self, asked: str, version: str, answer: bytes) -> None:
        """Keep an answer; those that nobody asked for lately go first."""
        with self._lock:
            self._forget(asked)
            self._kept[asked] = (version, answer)
            self._bytes += len(answer)
            while self._bytes > MOST_BYTES:
                self._forget(next(iter(self._kept)))

    def _forget(self, asked: str) -> None:
        found = self._kept.pop(asked, None)
        if found is not None:
            self._bytes -= len(found[1])
