"""Answers of the database, kept in this process while the numbers of what they were read from stand still.

For what many rows have to be read for, and seldom changes: a figure, a queue. Kept under who asks, as far as
anything depends on it; without numbers (PostgreSQL) it is asked each time.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, TypeVar, cast

from flask import current_app

from community.core import clock

MOST = 4_096
_NAME = "kept_answers"
LASTS = timedelta(hours=1)  # what no clock changes
Answer = TypeVar("Answer")


@dataclass(frozen=True)
class _Kept:
    numbers: tuple[Any, ...]
    since: datetime
    until: datetime
    answer: Any


class _Answers:
    def __init__(self) -> None:
        self.kept: OrderedDict[Hashable, _Kept] = OrderedDict()
        self.lock = threading.Lock()


def kept(
    key: Hashable,
    numbers: tuple[Any, ...] | None,
    ask: Callable[[], Answer],
    until: Callable[[Answer], datetime | None] = lambda _answer: None,
    *,
    timeless: bool = False,
) -> Answer:
    """What was asked under this key within this minute while these numbers stood; else it is asked now.

    :param key: what is asked, and everything of who asks that it depends on.
    :param numbers: read before by the same session (``stamps.Reader.row_seen``).
    :param ask: gives values, no rows of a session.
    :param until: when time alone changes an answer before the minute is over.
    :param timeless: time alone changes nothing in it, so that it is kept beyond the minute.
    """
    if numbers is None:
        return ask()
    known = current_app.extensions
    answers: _Answers = known.get(_NAME) or known.setdefault(_NAME, _Answers())
    now = clock.now()
    with answers.lock:
        found = answers.kept.get(key)
        if found is not None and found.numbers == numbers and found.since <= now < found.until:
            answers.kept.move_to_end(key)
            return cast(Answer, found.answer)
    answer = ask()
    # Waits and ages are said in minutes, and some figures end with a moment.
    ends = now + LASTS if timeless else now.replace(second=0, microsecond=0) + timedelta(minutes=1)
    sooner = until(answer)
    with answers.lock:
        answers.kept[key] = _Kept(numbers, now, min(sooner, ends) if sooner else ends, answer)
        if len(answers.kept) > MOST:
            answers.kept.popitem(last=False)
    return answer
