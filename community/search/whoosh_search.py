"""Reading the index of the small size: what a question finds in one state of it.

Whoosh gives the postings; the scoring is ours (BM25 over fields), because its own counts how rare a
word is over every document, those that a viewer may not see included.
"""

from __future__ import annotations

import math
import threading
import time
from array import array
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from itertools import accumulate
from typing import Any

from whoosh import index

from community.search import plan, spelling
from community.search.index import Filters, Hit, Hits, Query
from community.search.plan import Alternative, Form, Need
from community.search.whoosh_parts import Kept, Part, blocks
from community.search.wordbook import Wordbook

MASKS_KEPT = 16
TRIES, PAUSE = 10, 0.05
ALL = "all"  # a term of every document
WEIGHTS = {"title": plan.TITLE, "context": plan.CONTEXT, "body": plan.BODY}


class Snapshot:
    """One reader of one generation of the index, with what is worth keeping between questions.

    For any number of threads at once: :mod:`community.search.whoosh_files` gives each its own place.
    """

    def __init__(self, opened: index.FileIndex, of: tuple[str, int], kept: Kept) -> None:
        self._kept = kept
        self._parts, segments = _open_parts(opened, kept)
        self.of = of
        self.users = 1
        self.closed = False
        self._marking = threading.Lock()
        self.masks: dict[tuple[frozenset[int], frozenset[str]], bytearray] = {}
        self.bases = [0, *accumulate(part.documents for part in self._parts)]
        self.size = self.bases.pop()
        deleted = [frozenset(segment.deleted_docs()) for segment in segments]
        readers = [part.reader for part in self._parts]
        self.leaves = list(zip(readers, self.bases, deleted, strict=True))
        self.written, self.stretch = array("q"), array("f")
        self.group: list[str] = []
        for part in self._parts:
            self.written.extend(part.written)
            self.stretch.extend(part.stretch)
            self.group.extend(part.group)

    def close(self) -> None:
        """Let the parts go."""
        self.closed = True
        self._kept.leave(self._parts)

    def rest(self) -> None:
        """Nobody reads just now."""
        for part in self._parts:
            part.storage.rest()

    def documents(self, field: str, term: str) -> Iterator[int]:
        """The numbers of the documents that have the term."""
        for leaf, base, deleted in self.leaves:
            for numbers, _ in blocks(leaf, field, term):
                yield from (base + number for number in numbers if number not in deleted)

    def counts(self, field: str, term: str) -> Iterator[tuple[int, float]]:
        """Those documents, with how often the term stands in the field; deleted ones are among them."""
        for leaf, base, _ in self.leaves:
            for numbers, often in blocks(leaf, field, term):
                yield from zip((base + number for number in numbers), often, strict=False)

    def stored(self, number: int) -> dict[str, Any]:
        """What is kept of a document."""
        place = bisect_right(self.bases, number) - 1
        reader, base, _ = self.leaves[place]
        found: dict[str, Any] = reader.stored_fields(number - base)
        return found

    def mask(self, spaces: frozenset[int], topics: frozenset[str]) -> bytearray:
        """A 1 for each document in those spaces or topics."""
        key = (spaces, topics)
        with self._marking:
            if key not in self.masks:
                if len(self.masks) >= MASKS_KEPT:
                    self.masks.pop(next(iter(self.masks)))
                self.masks[key] = self._mask(
                    [*(f"space:{space}" for space in spaces), *(f"topic:{topic}" for topic in topics)]
                )
            return self.masks[key]

    def _mask(self, facets: Iterable[str]) -> bytearray:
        mask = bytearray(self.size)
        for facet in facets:
            for number in self.documents("facets", facet):
                mask[number] = 1
        return mask


def _open_parts(opened: index.FileIndex, kept: Kept) -> tuple[list[Part], list[Any]]:
    """The parts of the index as it is now, and Whoosh's list of them."""
    for left in reversed(range(TRIES)):
        state = opened._read_toc()
        try:
            return kept.take(state.schema, state.segments), state.segments
        except OSError:  # merged into another one meanwhile
            if not left:
                raise
            time.sleep(PAUSE)
    raise AssertionError


class Search:
    """One question asked of one snapshot."""

    def __init__(self, snapshot: Snapshot, wordbook: Wordbook, query: Query) -> None:
        self.snapshot = snapshot
        self.wordbook = wordbook
        self.query = query
        self.seen = self._seen()

    def _seen(self) -> bytearray:
        mask = self.snapshot.mask(self.query.space_ids, self.query.topic_keys)
        if not self.query.but:
            return mask
        mask = bytearray(mask)
        for one in self.query.but:
            for field, term in (("id", one), ("facets", f"topic:{one}")):
                for number in self.snapshot.documents(field, term):
                    mask[number] = 0
        return mask

    def hits(self) -> Hits:
        needs = plan.needs_of(self.query.text)
        if not needs:
            return self._page(dict.fromkeys(self._kept(range(len(self.seen))), 0.0), frozenset(), "")
        found, suggestion = self._corrected(needs)
        scores = self._scores(found)
        return self._page(scores, plan.marks(need for need, _ in found), suggestion)

    # What each word finds

    def _corrected(self, needs: Iterable[Need]) -> tuple[list[tuple[Need, dict[int, float]]], str]:
        """Each need with what it finds; one that finds nothing is tried as a misspelling."""
        found: list[tuple[Need, dict[int, float]]] = []
        meant: dict[str, str] = {}
        for need in needs:
            documents = self._answering(need)
            if not documents and (words := self._meant(need.word)):
                meant[need.word] = words[0]
                need = plan.corrected(need, words)
                documents = self._answering(need)
            found.append((need, documents))
        return found, spelling.rewritten(self.query.text, meant) if meant else ""

    def _answering(self, need: Need) -> dict[int, float]:
        best: dict[int, float] = {}
        for alternative in need.alternatives:
            for number, worth in self._satisfying(alternative).items():
                if worth > best.get(number, 0.0):
                    best[number] = worth
        return best

    def _satisfying(self, alternative: Alternative) -> dict[int, float]:
        """The documents that have all the words, with how much they say of the rarest said one."""
        worth: dict[int, float] = {}
        for place, form in enumerate(alternative.forms):
            found = self._having(form)
            if place == 0:
                worth = found
            else:
                worth = {
                    number: min(value, found[number]) for number, value in worth.items() if number in found
                }
            if not worth:
                return {}
        return {number: value * alternative.weight for number, value in worth.items()}

    def _having(self, form: Form) -> dict[int, float]:
        """The seen documents that have the word, with BM25's share of how often and where."""
        often: defaultdict[int, float] = defaultdict(float)
        for field, weight in WEIGHTS.items():
            stretch = self.snapshot.stretch if field == "body" else None
            for number, count in self._counts(field, form).items():
                often[number] += weight * count / (stretch[number] if stretch else 1.0)
        return {number: value / (value + plan.K1) for number, value in often.items()}

    def _counts(self, field: str, form: Form) -> dict[int, float]:
        counts: dict[int, float] = {}
        seen = self.seen
        for term, weight in ((form.exact, 1.0), *((stem, plan.STEM_WEIGHT) for stem in form.stems)):
            for number, count in self.snapshot.counts(field, term):
                # Deleted documents are seen by nobody.
                if seen[number] and count * weight > counts.get(number, 0.0):
                    counts[number] = count * weight
        return counts

    def _meant(self, word: str) -> list[str]:
        """Words seen in visible documents that a word found nowhere may be a misspelling of."""
        if not spelling.can_be_corrected(word):
            return []
        known = sorted(self.wordbook.near(word))
        counted = ((one, self._seen_with(plan.written_term(one))) for one in known)
        return spelling.likeliest(word, spelling.shown_forms(counted))

    def _seen_with(self, term: str) -> int:
        numbers = {
            number
            for field in WEIGHTS
            for number in self.snapshot.documents(field, term)
            if self.seen[number]
        }
        return len(numbers)

    # From words to hits

    def _scores(self, found: Iterable[tuple[Need, dict[int, float]]]) -> dict[int, float]:
        """BM25 over the needs. Documents that answer too little of the question are left out."""
        total = sum(self.seen)
        scores: defaultdict[int, float] = defaultdict(float)
        answered: defaultdict[int, float] = defaultdict(float)
        whole, needs = 0.0, 0
        for _need, documents in found:
            rarity = math.log(1 + (total - len(documents) + 0.5) / (len(documents) + 0.5))
            for number, worth in documents.items():
                scores[number] += rarity * worth
                answered[number] += rarity
            if documents:
                whole, needs = whole + rarity, needs + 1
        kept = self._kept(scores)
        most = max((answered[number] for number in kept), default=0.0)
        least = min(whole * plan.least_answered(needs), most) - 1e-9
        return {
            number: scores[number] * self._freshness(number) for number in kept if answered[number] >= least
        }

    def _freshness(self, number: int) -> float:
        days = max(0.0, self.query.now.timestamp() - self.snapshot.written[number]) / 86_400
        return 1 + plan.RECENT_BONUS * float(0.5 ** (days / plan.RECENT_DAYS))

    def _kept(self, numbers: Iterable[int]) -> list[int]:
        """Those of them that are seen and pass the filters."""
        masks = [self.seen, *(self._having_facet(facet) for facet in _wanted(self.query.filters))]
        after, before = _seconds(self.query.filters.after), _seconds(self.query.filters.before)
        kept = [number for number in numbers if all(mask[number] for mask in masks)]
        if after is not None:
            kept = [number for number in kept if self.snapshot.written[number] >= after]
        if before is not None:
            kept = [number for number in kept if self.snapshot.written[number] < before]
        return kept

    def _having_facet(self, facet: str) -> bytearray:
        mask = bytearray(len(self.seen))
        for number in self.snapshot.documents("facets", facet):
            mask[number] = 1
        return mask

    def _page(self, scores: Mapping[int, float], terms: frozenset[str], suggestion: str) -> Hits:
        best: dict[str, tuple[float, int, int]] = {}
        group, written = self.snapshot.group, self.snapshot.written
        for number, score in scores.items():
            rank = (score, written[number], number)
            found = best.get(group[number])
            if found is None or self._before(found, rank):
                best[group[number]] = rank
        ordered = sorted(best.items(), key=lambda pair: (-pair[1][0], -pair[1][1], pair[0]))
        page = ordered[self.query.offset : self.query.offset + self.query.size]
        return Hits(
            hits=tuple(self._hit(number, score) for _, (score, _, number) in page),
            total=len(best),
            terms=terms,
            suggestion=suggestion,
        )

    def _before(self, one: tuple[float, int, int], other: tuple[float, int, int]) -> bool:
        if one[:2] != other[:2]:
            return one[:2] < other[:2]
        # Equal ones are told apart by their ids: their places in the index depend on others.
        return bool(self.snapshot.stored(one[2])["id"] < self.snapshot.stored(other[2])["id"])

    def _hit(self, number: int, score: float) -> Hit:
        stored = self.snapshot.stored(number)
        return Hit(stored["kind"], stored["key"], self.snapshot.group[number], score)


def _wanted(filters: Filters) -> Iterator[str]:
    if filters.space_id is not None:
        yield f"space:{filters.space_id}"
    if filters.region:
        yield f"region:{filters.region}"
    if filters.theme:
        yield f"theme:{filters.theme}"
    if filters.topic_kind:
        yield f"kind:{filters.topic_kind}"
    if filters.lang:
        yield f"lang:{filters.lang}"
    if filters.answered is not None:
        yield f"answered:{filters.answered}"


def _seconds(moment: datetime | None) -> int | None:
    return None if moment is None else int(moment.timestamp())
