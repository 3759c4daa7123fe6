"""Where the counts of rate limits lie in the small size: a file beside the database, shared by its processes.

They outlive a restart, so that nobody's guesses begin anew with it. The file holds keyed hashes and
numbers, no address and no name; what has run out is dropped, and a backup does not take it along.
Nothing waits for the disk: counts that a power cut loses are counted again.
"""

from __future__ import annotations

import contextlib
import sqlite3
import threading
import time
from math import floor
from pathlib import Path

from limits.storage.base import SlidingWindowCounterSupport, Storage, TimestampedSlidingWindow

from community.core.sealing import tag

SCHEME = "counts"
PATIENCE = 0.25  # seconds; then the process counts for itself
SWEEP_EVERY = 300.0  # seconds between two looks for what has run out
_TABLE = "CREATE TABLE IF NOT EXISTS counts (key TEXT PRIMARY KEY, n INTEGER NOT NULL, until REAL NOT NULL)"
_ADD = """
INSERT INTO counts (key, n, until) VALUES (:key, :more, :until)
ON CONFLICT (key) DO UPDATE SET
  n = CASE WHEN until <= :now THEN :more ELSE n + :more END,
  until = CASE WHEN until <= :now THEN :until ELSE until END
RETURNING n
"""


class _Connection(sqlite3.Connection):
    """One of a thread, which ends with it: nobody else could close it."""

    def __del__(self) -> None:
        with contextlib.suppress(sqlite3.ProgrammingError):  # it was never opened
            self.close()


class FileCounts(Storage, SlidingWindowCounterSupport, TimestampedSlidingWindow):
    """Counters in a file of SQLite's, for the library that asks whether a limit is reached."""

    STORAGE_SCHEME = [SCHEME]

    def __init__(self, uri: str, wrap_exceptions: bool = False, *, path: str, **_options: str) -> None:
        """:param path: the file; made when something is counted first."""
        super().__init__(uri, wrap_exceptions=wrap_exceptions)
        self._path = Path(path)
        self._threads = threading.local()
        self._swept = time.time()

    @property
    def base_exceptions(self) -> type[Exception]:
        """What goes wrong when the file cannot be used."""
        return sqlite3.Error

    def _file(self) -> sqlite3.Connection:
        """The connection of this thread."""
        found: sqlite3.Connection | None = getattr(self._threads, "connection", None)
        if found is None:
            found = sqlite3.connect(
                self._path,
                timeout=PATIENCE,
                isolation_level=None,
                check_same_thread=False,  # its own thread uses it, whoever sweeps up closes it
                factory=_Connection,
            )
            found.execute("PRAGMA journal_mode = WAL")
            found.execute("PRAGMA synchronous = OFF")
            found.execute(_TABLE)
            self._threads.connection = found
        return found

    def incr(self, key: str, expiry: float, amount: int = 1) -> int:
        """Count so many more; the count is forgotten ``expiry`` seconds after its first."""
        now = time.time()
        self._sweep(now)
        values = {"key": _hashed(key), "more": amount, "until": now + expiry, "now": now}
        return int(self._file().execute(_ADD, values).fetchone()[0])

    def decr(self, key: str, amount: int = 1) -> int:
        """Take back what was counted; never below zero."""
        self._file().execute("UPDATE counts SET n = max(n - ?, 0) WHERE key = ?", (amount, _hashed(key)))
        return self.get(key)

    def get(self, key: str) -> int:
        """How many were counted."""
        return self._row(key)[0]

    def get_expiry(self, key: str) -> float:
        """When the count is forgotten, in seconds since 1970; now, when there is none."""
        return self._row(key)[1]

    def _row(self, key: str) -> tuple[int, float]:
        now = time.time()
        asked = "SELECT n, until FROM counts WHERE key = ? AND until > ?"
        row = self._file().execute(asked, (_hashed(key), now)).fetchone()
        return (int(row[0]), float(row[1])) if row else (0, now)

    def acquire_sliding_window_entry(self, key: str, limit: int, expiry: int, amount: int = 1) -> bool:
        """Count so many more if they fit into the window that ends now."""
        previous, left, current, _ = self.get_sliding_window(key, expiry)
        before = previous * left / expiry
        if amount > limit or floor(before + current) + amount > limit:
            return False
        _, now_key = self.sliding_window_keys(key, expiry, time.time())
        if floor(before + self.incr(now_key, 2 * expiry, amount)) > limit:  # somebody was faster
            self.decr(now_key, amount)
            return False
        return True

    def get_sliding_window(self, key: str, expiry: int) -> tuple[int, float, int, float]:
        """The count of the window before and its seconds left in ours, then the count and seconds of ours."""
        now = time.time()
        before, current = map(_hashed, self.sliding_window_keys(key, expiry, now))
        asked = "SELECT key, n FROM counts WHERE key IN (?, ?) AND until > ?"
        found = dict(self._file().execute(asked, (before, current, now)).fetchall())
        left = (1 - (now / expiry) % 1) * expiry
        return found.get(before, 0), left if before in found else 0.0, found.get(current, 0), left + expiry

    def clear_sliding_window(self, key: str, expiry: int) -> None:
        """Forget both windows of a key."""
        for one in self.sliding_window_keys(key, expiry, time.time()):
            self.clear(one)

    def clear(self, key: str) -> None:
        """Forget a count."""
        self._file().execute("DELETE FROM counts WHERE key = ?", (_hashed(key),))

    def reset(self) -> int | None:
        """Forget every count."""
        return self._file().execute("DELETE FROM counts").rowcount

    def check(self) -> bool:
        """Whether the file can be used."""
        with contextlib.suppress(sqlite3.Error):
            self._file().execute("SELECT 1 FROM counts LIMIT 1")
            return True
        return False

    def _sweep(self, now: float) -> None:
        """Drop, now and then, what has run out."""
        if now - self._swept < SWEEP_EVERY:
            return
        self._swept = now
        self._file().execute("DELETE FROM counts WHERE until <= ?", (now,))


def _hashed(key: str) -> str:
    """A key without the address or the name that it counts; only with the key file can it be made again."""
    return tag("limit", key).hex()[:32]
