"""What the writers met: how many answers of which kind, how long they took, and every fault among them."""

from __future__ import annotations

import threading
import time
from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

EXPECTED = frozenset({200, 204, 302, 303})
# Refusals that say when to come back: a limit, a database that takes nothing for a moment.
LATER = frozenset({429, 503})


@dataclass
class Gauge:
    """Counts of one soak; shared by all its threads."""

    statuses: Counter[int] = field(default_factory=Counter)
    acts: Counter[str] = field(default_factory=Counter)
    faults: Counter[str] = field(default_factory=Counter)
    seconds: list[float] = field(default_factory=list)
    lost: int = 0
    unmet: int = 0
    _calm_since: float = 0.0
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def answered(
        self, what: str, status: int, headers: Mapping[str, str], sent_at: float, also: Collection[int]
    ) -> None:
        """Count an answer; one that nobody should have met is a fault."""
        with self._lock:
            self.statuses[status] += 1
            if sent_at > self._calm_since:
                self.seconds.append(time.monotonic() - sent_at)
        if status in LATER:
            if not headers.get("retry-after"):
                self.fault(f"{what}: {status} without saying when to come back")
        elif status not in EXPECTED and status not in also:
            self.fault(f"{what}: {status}")

    def unanswered(self, sent: bool) -> None:
        """Count a request that met nobody, or whose connection was cut before the answer."""
        with self._lock:
            self.lost += sent
            self.unmet += not sent

    def disturbed(self) -> None:
        """A server is about to be killed: what is asked from now on may have to wait for the next one."""
        self._calm_since = float("inf")

    def calm(self) -> None:
        """It is back: only what is asked from now on tells how fast it answers."""
        self._calm_since = time.monotonic()

    def did(self, act: str) -> None:
        """Count something a person did."""
        with self._lock:
            self.acts[act] += 1

    def fault(self, words: str) -> None:
        """Keep a fault, and how often it was met."""
        with self._lock:
            self.faults[words] += 1

    def slowest(self, share: float) -> float:
        """The time within which this share of the answers came, while nothing was killed."""
        with self._lock:
            ordered = sorted(self.seconds)
        return ordered[min(len(ordered) - 1, int(len(ordered) * share))] if ordered else 0.0
