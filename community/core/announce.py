"""How a lower domain tells the upper ones that something happened.

``announce(post_created, post_id=7)`` writes one job row per receiver in the transaction of the
change: a crash after the answer loses nothing, a rollback leaves nothing. Receivers run from the
job table, at least once, and must be harmless when run twice.

A signal made with ``within=True`` (named in the present tense, ``member_exporting``) calls its
receivers at once in the same transaction; a failure there stops everything.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from community.core import jobs

Receiver = Callable[..., None]


@dataclass
class Signal:
    """One kind of announcement: its name and the plain values it carries."""

    name: str
    carries: tuple[str, ...]
    within: bool = False
    receivers: list[tuple[str, Receiver]] = field(default_factory=list)


def signal(name: str, *carries: str, within: bool = False) -> Signal:
    """Declare a signal in a domain's ``signals.py``."""
    return Signal(name, carries, within)


def receiver(heard: Signal, lane: str = "normal", together: int = 1) -> Callable[[Receiver], Receiver]:
    """Have a function of an upper domain told; its job is named after it.

    With ``together`` it is told of so many announcements at most at once, in one list (see ``jobs.job``).
    """

    def listen(function: Receiver) -> Receiver:
        name = f"{function.__module__.removeprefix('community.')}.{function.__name__}"
        if not heard.within:
            jobs.job(name, lane=lane, together=together)(function)
        heard.receivers.append((name, function))
        return function

    return listen


def announce(said: Signal, **values: Any) -> None:
    """Say that it happened. Call it inside the transaction of the change.

    :raises TypeError: the values are not those the signal declares.
    """
    if set(values) != set(said.carries):
        raise TypeError(f"{said.name} carries {said.carries}, not {tuple(values)}")
    for name, function in said.receivers:
        if said.within:
            function(**values)
        else:
            jobs.enqueue(name, **values)
