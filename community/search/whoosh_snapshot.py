"""One state of a Whoosh index, open for as long as questions are asked of it."""

from __future__ import annotations

import time
from bisect import bisect_right
from collections import OrderedDict
from collections.abc import Iterable, Iterator
from contextlib import suppress
from itertools import accumulate
from typing import Any, TypeVar

from whoosh import index

from community.search.index import Hits, Query
from community.search.whoosh_bits import Bits, without
from community.search.whoosh_parts import Kept, Part, bits_of

MASKS_KEPT = 16
ANSWERS_KEPT = 128
TRIES, PAUSE = 10, 0.05
ALL = "all"  # a term of every document
Key = TypeVar("Key")
Value = TypeVar("Value")


class Snapshot:
    """One reader of one generation of the index, with what is worth keeping between questions.

    For any number of threads at once: :mod:`community.search.whoosh_files` gives each its own place.
    """

    def __init__(self, opened: index.FileIndex, of: tuple[str, int], kept: Kept) -> None:
        self._kept = kept
        self.parts, segments = _open_parts(opened, kept)
        self.of = of
        self.users = 1
        self.closed = False
        self.masks: OrderedDict[tuple[frozenset[int], frozenset[str]], Bits] = OrderedDict()
        self.answers: OrderedDict[Query, Hits] = OrderedDict()
        self.bases = [0, *accumulate(part.documents for part in self.parts)]
        self.size = self.bases.pop()
        gone = [frozenset(segment.deleted_docs()) for segment in segments]
        self.leaves = list(zip(self.parts, self.bases, gone, strict=True))
        self.deleted = [
            bits_of(part.documents, [deleted] if deleted else []) for part, _, deleted in self.leaves
        ]

    def close(self) -> None:
        """Let the parts go."""
        self.closed = True
        self._kept.leave(self.parts)

    def rest(self) -> None:
        """Nobody reads just now."""
        for part in self.parts:
            part.storage.rest()

    def documents(self, field: str, term: str) -> Iterator[int]:
        """The numbers of the documents that have the term."""
        for part, base, deleted in self.leaves:
            for numbers, _ in part.postings(field, term):
                yield from (base + number for number in numbers if number not in deleted)

    def counts(self, field: str, term: str) -> Iterator[tuple[int, float]]:
        """Those documents, with how often the term stands in the field; deleted ones are among them."""
        for part, base, _ in self.leaves:
            for numbers, often in part.postings(field, term):
                yield from zip((base + number for number in numbers), often, strict=False)

    def stored(self, number: int) -> dict[str, Any]:
        """What is kept of a document."""
        place = bisect_right(self.bases, number) - 1
        part, base, _ = self.leaves[place]
        found: dict[str, Any] = part.reader.stored_fields(number - base)
        return found

    def mask(self, spaces: frozenset[int], topics: frozenset[str]) -> Bits:
        """The documents in those spaces or topics."""
        found = self.masks.get((spaces, topics))
        if found is None:
            facets = frozenset(
                [*(f"space:{space}" for space in spaces), *(f"topic:{topic}" for topic in topics)]
            )
            found = keep(self.masks, (spaces, topics), self.having(facets), MASKS_KEPT)
        return found

    def having(self, facets: frozenset[str]) -> Bits:
        """The documents that have one of these facets."""
        return without([part.mask(facets) for part in self.parts], self.deleted)

    def named(self, names: Iterable[str]) -> Bits:
        """The documents with these ids, and those of these topics."""
        asked = [(hash(one), one) for one in sorted(names)]
        return [
            bits_of(part.documents, [part.numbers_of(asked)]) | part.standing_in(asked) for part in self.parts
        ]


def keep(kept: OrderedDict[Key, Value], key: Key, value: Value, most: int) -> Value:
    """Put it in; what was put in first goes when there are too many."""
    kept[key] = value
    if len(kept) > most:
        with suppress(KeyError):  # another thread was faster
            kept.popitem(last=False)
    return value


def _open_parts(opened: index.FileIndex, kept: Kept) -> tuple[list[Part], list[Any]]:
    """The parts of the index as it is now, and Whoosh's list of them."""
    for left in reversed(range(TRIES)):
        try:
            state = opened._read_toc()
            return kept.take(state.schema, state.segments), state.segments
        except (index.EmptyIndexError, OSError):  # the list was replaced, or a part merged into another one
            if not left:
                raise
            time.sleep(PAUSE)
    raise AssertionError
