"""Reading the index of the small size: what a question finds in one state of it.

Whoosh gives the postings; the scoring is ours (BM25 over fields), because its own counts how rare a
word is over every document, those that a viewer may not see included.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from datetime import datetime
from heapq import nlargest, nsmallest
from itertools import compress
from operator import itemgetter

from community.search import plan, spelling
from community.search.index import Hit, Hits, Query
from community.search.plan import Need
from community.search.whoosh_parts import SINCE, YEAR
from community.search.whoosh_snapshot import Snapshot
from community.search.whoosh_worth import WEIGHTS, Worths
from community.search.wordbook import Wordbook

_NOTHING = 1e-9
Found = dict[int, float]  # numbers of documents, each with what it is worth


class Search:
    """One question asked of one snapshot."""

    def __init__(self, snapshot: Snapshot, wordbook: Wordbook, worths: Worths, query: Query) -> None:
        self.snapshot = snapshot
        self.wordbook = wordbook
        self.worths = worths
        worths.make_room(snapshot.size)
        self.query = query
        self.seen = self._seen()
        self.at_least = False  # not all that was found was ranked

    def _seen(self) -> bytes:
        mask = self.snapshot.mask(self.query.space_ids, self.query.topic_keys)
        if not self.query.but:
            return mask
        left = bytearray(mask)
        for one in self.query.but:
            for field, term in (("id", one), ("facets", f"topic:{one}")):
                for number in self.snapshot.documents(field, term):
                    left[number] = 0
        return bytes(left)

    def hits(self) -> Hits:
        needs = plan.needs_of(self.query.text)
        if not needs:
            kept = self._kept(compress(range(len(self.seen)), self.seen))
            return self._page(dict.fromkeys(kept, 0.0), frozenset(), "")
        found, suggestion = self._corrected(needs)
        scores = self._scores([documents for _, documents in found])
        return self._page(scores, plan.marks(need for need, _ in found), suggestion)

    # What each word finds

    def _corrected(self, needs: Iterable[Need]) -> tuple[list[tuple[Need, Found]], str]:
        """Each need with what it finds; one that finds nothing is tried as a misspelling."""
        found: list[tuple[Need, Found]] = []
        meant: dict[str, str] = {}
        for need in needs:
            documents = self._answering(need)
            if not documents and (words := self._meant(need.word)):
                meant[need.word] = words[0]
                need = plan.corrected(need, words)
                documents = self._answering(need)
            found.append((need, documents))
        return found, spelling.rewritten(self.query.text, meant) if meant else ""

    def _answering(self, need: Need) -> Found:
        """The seen documents that answer it, each with how well. Deleted ones are seen by nobody."""
        name = self.worths.named(need)
        found: Found = {}
        for part, base, _ in self.snapshot.leaves:
            worth = self.worths.of(part, need, name)
            if worth.numbers:
                seen = self.seen[base : base + part.documents]
                pairs = zip(map(base.__add__, worth.numbers), worth.values, strict=True)
                found.update(compress(pairs, map(seen.__getitem__, worth.numbers)))
        return found

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

    def _scores(self, found: Iterable[Found]) -> Found:
        """BM25 over the needs. Documents that answer too little of the question are left out."""
        total = self.seen.count(1)
        asked = [(_rarity(total, len(documents)), documents) for documents in found if documents]
        asked.sort(key=itemgetter(0), reverse=True)
        whole = sum(rarity for rarity, _ in asked)
        least = whole * plan.least_answered(len(asked)) - _NOTHING
        # Whoever has none of the rarest words cannot answer enough with all of the others.
        rest, enough = whole, 0
        while rest >= least and enough < len(asked):
            rest -= asked[enough][0]
            enough += 1
        scores, answered = self._summed(asked, enough)
        most = max(answered.values(), default=0.0)
        if most < least:  # nobody answers so much: those that answer most are shown
            if enough < len(asked):
                scores, answered = self._summed(asked, len(asked))
                most = max(answered.values(), default=0.0)
            least = min(least, most - _NOTHING)
        now = 2.0 ** ((SINCE - self.query.now.timestamp()) / YEAR)
        fresh = self.snapshot.fresh
        return {
            number: score * (1 + plan.RECENT_BONUS * min(1.0, fresh[number] * now))
            for number, score in scores.items()
            if answered[number] >= least
        }

    def _summed(self, asked: Sequence[tuple[float, Found]], first: int) -> tuple[Found, Found]:
        """Of the documents that have one of the first words, the score and how much they answer."""
        numbers: set[int] = set().union(*(documents for _, documents in asked[:first]))
        scores = dict.fromkeys(self._ranked(asked, self._kept(numbers)), 0.0)
        answered = dict(scores)
        for rarity, documents in asked:
            both = scores.keys() & documents.keys() if len(documents) < len(scores) else scores
            for number in both:
                if worth := documents.get(number):
                    scores[number] += rarity * worth
                    answered[number] += rarity
        return scores, answered

    def _ranked(self, asked: Sequence[tuple[float, Found]], numbers: Iterable[int]) -> Iterable[int]:
        """Of more than are wanted, those that have most of the words, the rarer ones first."""
        if not self.query.ranked or len(left := set(numbers)) <= self.query.ranked:
            return numbers
        self.at_least = True
        chosen: set[int] = set()
        for words in range(len(asked), 0, -1):
            having = left.intersection(*(documents.keys() for _, documents in asked[:words]))
            room = self.query.ranked - len(chosen)
            if len(having) > room:  # those to which the rarest of the words is worth most
                having = set(nlargest(room, sorted(having), key=asked[0][1].__getitem__))
            chosen |= having
            left -= having
            if len(chosen) >= self.query.ranked:
                break
        return chosen

    def _kept(self, numbers: Iterable[int]) -> Iterable[int]:
        """Those of them that pass the filters."""
        for name, value in self.query.filters.facets():
            mask = self.snapshot.having(frozenset({f"{name}:{value}"}))
            numbers = [number for number in numbers if mask[number]]
        after, before = _seconds(self.query.filters.after), _seconds(self.query.filters.before)
        written = self.snapshot.written
        if after is not None:
            numbers = [number for number in numbers if written[number] >= after]
        if before is not None:
            numbers = [number for number in numbers if written[number] < before]
        return numbers

    def _page(self, scores: Found, terms: frozenset[str], suggestion: str) -> Hits:
        group, written = self.snapshot.group, self.snapshot.written
        best: dict[str, int] = {}
        for number, score in scores.items():
            found = best.setdefault(group[number], number)
            if found != number and (
                scores[found] < score or (scores[found] == score and self._before(found, number))
            ):
                best[group[number]] = number
        last = self.query.offset + self.query.size
        ordered = nsmallest(last, best.items(), lambda pair: (-scores[pair[1]], -written[pair[1]], pair[0]))
        return Hits(
            hits=tuple(self._hit(number, scores[number]) for _, number in ordered[self.query.offset :]),
            total=len(best),
            at_least=self.at_least,
            terms=terms,
            suggestion=suggestion,
        )

    def _before(self, one: int, other: int) -> bool:
        """Of two of the same score, whether the second is shown."""
        written = self.snapshot.written
        if written[one] != written[other]:
            return written[one] < written[other]
        # Equal ones are told apart by their ids: their places in the index depend on others.
        return bool(self.snapshot.stored(one)["id"] < self.snapshot.stored(other)["id"])

    def _hit(self, number: int, score: float) -> Hit:
        stored = self.snapshot.stored(number)
        return Hit(stored["kind"], stored["key"], self.snapshot.group[number], score)


def _rarity(total: int, having: int) -> float:
    """How much a word says that so many of all have."""
    return math.log(1 + (total - having + 0.5) / (having + 0.5))


def _seconds(moment: datetime | None) -> int | None:
    return None if moment is None else int(moment.timestamp())
