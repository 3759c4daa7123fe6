"""Which of the documents that were found are ranked, where they are more than ``MOST``.

As PostgreSQL's index chooses them (see ``postgres_search``): those that have most of the rarer words, the
newest that have every common word, and the newest with every word in their title; where these are few, the
newest with half of the common words or one of them. How many have which words is counted here, not estimated.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from heapq import nlargest
from itertools import accumulate

from community.search.plan import Need
from community.search.whoosh_bits import Bits, Place, as_bits, both, either, many, newest, places, without
from community.search.whoosh_parts import Part
from community.search.whoosh_worth import Worths

MOST = 500  # documents that are ranked
ENOUGH = 320  # of those that have every word: what has but one of them need not be looked at
TITLED = 120  # of those that are ranked, by their titles alone
TELLING = 2_000  # documents of the rarer words together that are compared by how many of these they have


@dataclass(frozen=True, slots=True)
class Asked:
    """A need that somebody answers: its short name, who of the seen ones does, and how much it says."""

    need: Need
    name: int
    found: Bits
    rarity: float


class Choice:
    """What to rank for one question; its needs come with the rarest first."""

    def __init__(self, parts: Sequence[Part], worths: Worths, asked: Sequence[Asked]) -> None:
        self.parts = parts
        self.worths = worths
        self.asked = asked

    def of(self, among: Bits, ranked: int = 0) -> tuple[list[Place], bool]:
        """Those of them to rank, and whether these are all.

        :param ranked: of all with most of the words take at most so many, whenever they were written.
        """
        if many(among) <= (ranked or MOST):
            return list(places(among)), True
        if ranked:
            return self._with_most_words(among, ranked), False
        return list(places(self._newest_or_rare(among))), False

    def _newest_or_rare(self, among: Bits) -> Bits:
        found = [both(one.found, among) for one in self.asked]
        telling = sum(1 for total in accumulate(map(many, found)) if total <= TELLING)
        chosen = self._with_most_of(found[:telling])
        if not (common := found[telling:]):
            return chosen
        titles = [self.worths.titled(self.parts, one.need, one.name) for one in self.asked]
        with_titles = self._and_newest(chosen, both(among, *titles), TITLED)
        if len(common) == 1:
            return either(with_titles, self._newest(common[0], max(MOST - many(chosen), TITLED)))
        if (room := MOST - many(chosen) // 2) and many(chosen) < MOST:
            with_titles = self._and_newest(with_titles, both(*common), room)
        return self._with_some_of(common, with_titles)

    def _with_some_of(self, common: Sequence[Bits], chosen: Bits) -> Bits:
        """What was found with all of several words, and where that is little, with half or one of them."""
        half = max(len(common) // 2, 2)
        if half < len(common) and many(chosen) < MOST:
            chosen = self._and_newest(chosen, both(*common[:half]), MOST - many(chosen) // 2)
        if many(chosen) < ENOUGH:
            chosen = self._and_newest(chosen, either(*common), max(MOST - many(chosen), TITLED))
        return chosen

    def _with_most_of(self, telling: Sequence[Bits]) -> Bits:
        """Those that have most of the rarer words, counted by how much each says; the newer of two alike."""
        says: defaultdict[Place, float] = defaultdict(float)
        for one, having in zip(self.asked, telling, strict=False):
            for place in places(having):
                says[place] += one.rarity
        alike: defaultdict[float, list[Place]] = defaultdict(list)
        for place, value in says.items():
            alike[value].append(place)
        chosen = [0] * len(self.parts)
        for _, found in sorted(alike.items(), reverse=True):
            if room := MOST - many(chosen):
                chosen = self._and_newest(chosen, as_bits(len(self.parts), found), room)
        return chosen

    def _and_newest(self, chosen: Bits, found: Bits, most: int) -> Bits:
        return either(chosen, self._newest(found, most))

    def _newest(self, found: Bits, most: int) -> Bits:
        if many(found) <= most:
            return found
        return as_bits(len(self.parts), newest(self.parts, found, most))

    def _with_most_words(self, among: Bits, most: int) -> list[Place]:
        """Those that have most of the words, the rarer ones first; of them those the rarest says most of."""
        chosen: list[Place] = []
        for words in range(len(self.asked), 0, -1):
            having = both(among, *(one.found for one in self.asked[:words]))
            chosen += self._says_most(places(having), most - len(chosen))
            if len(chosen) >= most:
                break
            among = without(among, having)
        return chosen

    def _says_most(self, found: Iterable[Place], room: int) -> list[Place]:
        rarest, every = self.asked[0], list(found)
        if len(every) <= room:
            return every
        worths = {
            place: self.worths.of(self.parts[place], rarest.need, rarest.name)
            for place in {place for place, _ in every}
        }
        return nlargest(room, every, key=lambda one: worths[one[0]].of(one[1]))
