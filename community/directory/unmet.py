"""Searches that found nothing where somebody looked, counted in this process until an hour's are written.

What is counted is a province and a need, nothing else: no words, no place finer than that, no moment, no
address. A neighbourhood counts once a day for each, under a hash that dies with the process, so that neither
one who tries again nor a program that tries everything fills the figures. What a process counted since it
last wrote is lost when it is killed.
"""

from __future__ import annotations

import threading
from collections import Counter
from typing import Protocol

from limits import parse
from limits.strategies import FixedWindowRateLimiter

from community.core.passing_limits import Memory, neighbourhood
from community.directory.finding.wanted import Wanted

Place = tuple[str, str]  # a province ("--": none was named) and a need ("": in words alone)
_ONCE, _MOST = parse("1/day"), parse("40/day")
_lock = threading.Lock()
_waiting: Counter[Place] = Counter()
_counted = FixedWindowRateLimiter(Memory())


class Answered(Protocol):
    """What a search found."""

    @property
    def total(self) -> int:
        """How many."""

    @property
    def elsewhere(self) -> str:
        """The region they are of, when the one asked has none."""


def note(asked: Wanted, answer: Answered, by_a_person: bool) -> bool:
    """Count a search, if it found nothing where it looked. Returns whether it was counted."""
    if not by_a_person or asked.page > 1 or (answer.total and not answer.elsewhere):
        return False
    region, who = asked.region[:2] or "--", neighbourhood()
    new = [
        (region, need)
        for need in sorted(asked.need) or [""]
        if _counted.hit(_ONCE, region, need, who) and _counted.hit(_MOST, "all", who)
    ]
    with _lock:
        _waiting.update(new)
    return bool(new)


def taken() -> Counter[Place]:
    """What was counted and not written yet; from now on it counts from nothing."""
    with _lock:
        found = Counter(_waiting)
        _waiting.clear()
    return found


def put_back(counts: Counter[Place]) -> None:
    """Count these again: they could not be written."""
    with _lock:
        _waiting.update(counts)


def forget() -> None:
    """Count from the start: for tests."""
    taken()
    storage: Memory = _counted.storage  # type: ignore[assignment]
    storage.reset()
