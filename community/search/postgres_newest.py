"""The newest documents that have some words, without reading all that a common word finds.

A share of the documents tells how many there are and when they were written, and so since which day about as
many lie as are wanted. Several are asked for together, in two statements for all.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from community.search import postgres_terms as terms
from community.search.postgres_documents import COLUMNS, Documents, Words, one_after_the_other
from community.search.postgres_standing import MANY, standing

_NEWEST_FIRST = "created_at DESC, id DESC"


@dataclass(frozen=True, slots=True)
class Newest:
    """The newest that have these words: about so many, and no more."""

    words: Words
    many: int


@dataclass(frozen=True, slots=True)
class _Window:
    """What keeps of the documents with some words about as many as are wanted; without marks, all."""

    marks: Words = ()
    since: datetime | None = None


def newest(documents: Documents, asked: Sequence[Newest], *, sure: int) -> list[tuple[list[Any], bool]]:
    """What each of them finds, and whether that is all there is.

    :param sure: of a share, so many tell since when about as many lie as are wanted.
    """
    windows = _windows(documents, asked, sure)
    parts = [
        documents.found(f"{place} AS place, {COLUMNS}", *one.words, *window.marks, since=window.since)
        + f" ORDER BY {_NEWEST_FIRST} LIMIT {one.many}"
        for place, (one, window) in enumerate(zip(asked, windows, strict=True))
    ]
    found: list[list[Any]] = [[] for _ in asked]
    for row in documents.rows(one_after_the_other(parts)):
        found[row.place].append(row)
    return [
        (rows, not window.marks and len(rows) < one.many)
        for rows, one, window in zip(found, asked, windows, strict=True)
    ]


def _windows(documents: Documents, asked: Sequence[Newest], sure: int) -> list[_Window]:
    """Of each, told by the smallest share that tells enough; of what very many have, as it stands."""
    known, who = standing(), (documents.seen_alike, documents.query.filters, documents.query.now.year)
    windows = [known.get((who, one)) for one in asked]
    missing = [place for place, window in enumerate(windows) if window is None]
    if missing:
        told = _told(documents, [asked[place] for place in missing], sure)
        for place, (window, count) in zip(missing, told, strict=True):
            windows[place] = window
            if count >= MANY or not window.marks:  # all that is found is what it is, however many
                known.put((who, asked[place]), window)
    return windows


def _told(documents: Documents, asked: Sequence[Newest], sure: int) -> list[tuple[_Window, int]]:
    """The window of each as it is now, and of how many documents it is one."""
    tries = []
    for place, one in enumerate(asked):
        shares = [_sampled(documents, place, one, share, sure) for share in terms.SHARES]
        tries.append(f"{one_after_the_other(shares)} LIMIT 1")
    windows = [(_Window(), 0)] * len(asked)
    for place, share, count, times in documents.rows(one_after_the_other(tries)):
        windows[place] = (_window(documents, asked[place].many, share, count, times), count * share)
    return windows


def _sampled(documents: Documents, place: int, one: Newest, share: int, sure: int) -> str:
    """How many of a share have these words, and when the newest of them were written."""
    last = math.ceil(1.2 * one.many / share) + 1
    times = f"(array_agg(created_at ORDER BY created_at DESC))[1:{last}]"
    rows = documents.found(f"{place} AS place, {share}, count(*), {times}", *one.words, share=share)
    return f"{rows} HAVING count(*) >= {sure}"


def _window(documents: Documents, many: int, share: int, count: int, times: Sequence[datetime]) -> _Window:
    """The days since then; of one day only, a share."""
    if count * share <= 1.5 * many:
        return _Window()
    if times[0] == times[-1]:
        few = (one for one in reversed(terms.SHARES) if count * share <= 4 * many * one)
        return _Window((terms.quoted(terms.one_of(next(few, terms.SHARES[0]))),))
    return _Window((documents.days(times[-1]),), times[-1])
