"""What was published of figures about people, so that nobody learns from the difference of two tables. Pure.

A table is of whole months, frozen once it is out. Whoever holds two tables that share months subtracts one
from the other; so tables of the same figures never share any, and where one were proposed that does, the
ledger says why not.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date

Figures = Mapping[Hashable, int | None]  # none: hidden


@dataclass(frozen=True)
class Release:
    """A published table: its first and its last month (their first days), and its figures."""

    first: date
    last: date
    figures: Figures


def isolated(published: Figures, proposed: Figures, *, smallest: int) -> frozenset[Hashable]:
    """Which figures, subtracted from each other, would tell about fewer than ``smallest``; 0 tells, too."""
    return frozenset(
        name
        for name, count in proposed.items()
        if count is not None
        and (before := published.get(name)) is not None
        and abs(count - before) < smallest
    )


def refusal(proposed: Release, published: Iterable[Release], *, smallest: int) -> str:
    """Why a table may not be published: "frozen" (its months are out), "isolates" (the difference with one
    that shares months tells about a few), "overlaps" (it could tell, and nothing proves that it does not);
    "" when it may.
    """
    for one in published:
        if proposed.last < one.first or one.last < proposed.first:
            continue
        if (proposed.first, proposed.last) == (one.first, one.last):
            return "frozen"
        if isolated(one.figures, proposed.figures, smallest=smallest):
            return "isolates"
        return "overlaps"
    return ""
