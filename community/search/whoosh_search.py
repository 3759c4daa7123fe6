"""Reading the index of the small size: what a question finds in one state of it.

Whoosh gives the postings; the scoring is ours (BM25 over fields), because its own counts how rare a
word is over every document, those that a viewer may not see included. What each word finds is compared as
bits (see ``whoosh_bits``), all of it; what is read and weighed are at most so many documents
(see ``whoosh_chosen``).
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from itertools import groupby
from operator import itemgetter
from typing import NamedTuple

from community.search import plan, spelling, whoosh_chosen
from community.search.index import Hit, Hits, Query
from community.search.plan import Need
from community.search.whoosh_bits import Bits, Place, both, either, many, newest, without
from community.search.whoosh_chosen import Asked, Choice
from community.search.whoosh_parts import YEAR, Part
from community.search.whoosh_snapshot import Snapshot
from community.search.whoosh_worth import WEIGHTS, Worths
from community.search.wordbook import Wordbook

_NOTHING = 1e-9


class _Found(NamedTuple):
    """A document that is ranked, when it was written and under what it is shown."""

    place: Place
    score: float
    answered: float
    written: int
    group: str


class Search:
    """One question asked of one snapshot."""

    def __init__(self, snapshot: Snapshot, wordbook: Wordbook, worths: Worths, query: Query) -> None:
        self.snapshot = snapshot
        self.wordbook = wordbook
        self.worths = worths
        worths.make_room(snapshot.size)
        self.query = query
        self.now = query.now.timestamp()
        self.seen = self._seen()

    def _seen(self) -> Bits:
        seen = self.snapshot.mask(self.query.space_ids, self.query.topic_keys)
        return without(seen, self.snapshot.named(self.query.but)) if self.query.but else seen

    def hits(self) -> Hits:
        """One page of what is found."""
        needs = plan.needs_of(self.query.text)
        if not needs:
            return self._everything()
        found, suggestion = self._corrected(needs)
        ranked, whole = self._ranked(self._asked(found))
        return self._page(ranked, whole, plan.marks(need for need, _ in found), suggestion)

    def _everything(self) -> Hits:
        """Without words: the newest, as many as the page needs."""
        kept = self._kept(self.seen)
        wanted, every = self.query.offset + self.query.size, many(kept)
        most = max(whoosh_chosen.MOST, 12 * wanted)
        while True:
            found = [self._weighed_one(place, 0.0, 0.0) for place in newest(self.snapshot.parts, kept, most)]
            if most >= every or len({one.group for one in found}) >= wanted:
                return self._page(found, most >= every, frozenset(), "")
            most *= 4  # of some topics there is much that is new

    # What each word finds

    def _corrected(self, needs: Iterable[Need]) -> tuple[list[tuple[Need, Bits]], str]:
        """Each need with what it finds; one that finds nothing is tried as a misspelling."""
        found: list[tuple[Need, Bits]] = []
        meant: dict[str, str] = {}
        for need in needs:
            documents = self._answering(need)
            if not any(documents) and (words := self._meant(need.word)):
                meant[need.word] = words[0]
                need = plan.corrected(need, words)
                documents = self._answering(need)
            found.append((need, documents))
        return found, spelling.rewritten(self.query.text, meant) if meant else ""

    def _answering(self, need: Need) -> Bits:
        """The seen documents that answer it. Deleted ones are seen by nobody."""
        answering = self.worths.answering(self.snapshot.parts, need, self.worths.named(need))
        return both(answering, self.seen)

    def _meant(self, word: str) -> list[str]:
        """Words seen in visible documents that a word found nowhere may be a misspelling of."""
        if not spelling.can_be_corrected(word):
            return []
        known = sorted(self.wordbook.near(word))
        counted = ((one, self._seen_with(plan.written_term(one))) for one in known)
        return spelling.likeliest(word, spelling.shown_forms(counted))

    def _seen_with(self, term: str) -> int:
        having = (self._bits_of(part, term) for part in self.snapshot.parts)
        return many(one & seen for one, seen in zip(having, self.seen, strict=True))

    @staticmethod
    def _bits_of(part: Part, term: str) -> int:
        found = 0
        for field in WEIGHTS:
            found |= part.bits(field, term)
        return found

    # From words to what is ranked

    def _asked(self, found: Iterable[tuple[Need, Bits]]) -> list[Asked]:
        """The needs that somebody answers, the rarest first."""
        total = many(self.seen)
        asked = [
            Asked(need, self.worths.named(need), documents, _rarity(total, many(documents)))
            for need, documents in found
            if any(documents)
        ]
        return sorted(asked, key=lambda one: one.rarity, reverse=True)

    def _ranked(self, asked: Sequence[Asked]) -> tuple[list[_Found], bool]:
        """What answers enough of the question, by BM25 over the needs; and whether all of it is ranked."""
        whole = sum(one.rarity for one in asked)
        least = whole * plan.least_answered(len(asked)) - _NOTHING
        # Whoever has none of the rarest words cannot answer enough with all of the others.
        rest, enough = whole, 0
        while rest >= least and enough < len(asked):
            rest -= asked[enough].rarity
            enough += 1
        found, every = self._weighed(asked, enough)
        most = max((one.answered for one in found), default=0.0)
        if most < least:  # nobody answers so much: those that answer most are shown
            if enough < len(asked):
                found, every = self._weighed(asked, len(asked))
                most = max((one.answered for one in found), default=0.0)
            least = min(least, most - _NOTHING)
        return [one for one in found if one.answered >= least], every

    def _weighed(self, asked: Sequence[Asked], first: int) -> tuple[list[_Found], bool]:
        """Of the documents that have one of the first words those to rank, and whether that is all."""
        if not asked:
            return [], True
        parts, among = self.snapshot.parts, self._kept(either(*(one.found for one in asked[:first])))
        chosen, every = Choice(parts, self.worths, asked).of(among, self.query.ranked)
        found: list[_Found] = []
        for place, in_part in groupby(sorted(chosen), itemgetter(0)):
            found += self._weighed_in(place, [number for _, number in in_part], asked)
        return found, every

    def _weighed_in(self, place: int, numbers: Sequence[int], asked: Sequence[Asked]) -> Iterator[_Found]:
        """These documents of one part. Only what answers there is worked out."""
        part = self.snapshot.parts[place]
        wanted = sum(1 << number for number in numbers)
        here = [
            (one.rarity, self.worths.of(part, one.need, one.name))
            for one in asked
            if one.found[place] & wanted
        ]
        for number in numbers:
            score = answered = 0.0
            for rarity, worth in here:
                if value := worth.of(number):
                    score += rarity * value
                    answered += rarity
            yield self._weighed_one((place, number), score, answered)

    def _weighed_one(self, place: Place, score: float, answered: float) -> _Found:
        part, number = self.snapshot.parts[place[0]], place[1]
        written = part.written[number]
        years = max(0.0, (self.now - written) / YEAR)
        fresh = 1 + plan.RECENT_BONUS * 0.5**years
        return _Found(place, score * fresh, answered, written, part.group[number])

    def _kept(self, found: Bits) -> Bits:
        """Those of them that pass the filters."""
        for name, value in self.query.filters.facets():
            found = both(found, self.snapshot.having(frozenset({f"{name}:{value}"})))
        after, before = _seconds(self.query.filters.after), _seconds(self.query.filters.before)
        if after is None and before is None:
            return found
        return both(found, [part.written_in(after, before) for part in self.snapshot.parts])

    # From what is ranked to hits

    def _page(self, found: Iterable[_Found], whole: bool, terms: frozenset[str], suggestion: str) -> Hits:
        best: dict[str, _Found] = {}
        for one in found:
            known = best.setdefault(one.group, one)
            if known is not one and self._before(known, one):
                best[one.group] = one
        ordered = sorted(best.values(), key=lambda one: (-one.score, -one.written, one.group))
        shown = ordered[self.query.offset : self.query.offset + self.query.size]
        return Hits(
            hits=tuple(self._hit(one) for one in shown),
            total=len(best),
            at_least=not whole,
            terms=terms,
            suggestion=suggestion,
        )

    def _before(self, one: _Found, other: _Found) -> bool:
        """Of two of one group, whether the second is shown."""
        if (one.score, one.written) != (other.score, other.written):
            return (one.score, one.written) < (other.score, other.written)
        # Equal ones are told apart by their ids: their places in the index depend on others.
        return self._id_of(one) < self._id_of(other)

    def _id_of(self, one: _Found) -> str:
        return self.snapshot.parts[one.place[0]].id_of(one.place[1])

    def _hit(self, one: _Found) -> Hit:
        part, number = self.snapshot.parts[one.place[0]], one.place[1]
        stored = part.reader.stored_fields(number)
        return Hit(stored["kind"], stored["key"], one.group, one.score)


def _rarity(total: int, having: int) -> float:
    """How much a word says that so many of all have."""
    return math.log(1 + (total - having + 0.5) / (having + 0.5))


def _seconds(moment: datetime | None) -> int | None:
    return None if moment is None else int(moment.timestamp())
