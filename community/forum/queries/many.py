"""Figures of very many questions, as they were up to ten minutes ago.

The median of what a quarter of a year brought a large community is read from tens of thousands of rows, and
one more answer does not move it. Where few are counted, the figure is of this moment: there one counts.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable
from datetime import datetime, timedelta
from typing import TypeVar

from community.core import clock
from community.core.changes.kept_answers import kept

MANY = 1_000  # questions that were counted
STANDS = timedelta(minutes=10)
Figure = TypeVar("Figure")


def stands_where_many(key: Hashable, ask: Callable[[], Figure], counted: Callable[[Figure], int]) -> Figure:
    """What is asked now, or what was told of many within the last ten minutes.

    :param key: what is asked, and everything of who asks that it depends on (see ``kept_lists.alike``).
    :param ask: gives values, no rows of a session.
    :param counted: how many questions a figure was made from.
    """

    def until(figure: Figure) -> datetime:
        return clock.now() + (STANDS if counted(figure) > MANY else timedelta())

    return kept(("many", key), (), ask, until, timeless=True)
