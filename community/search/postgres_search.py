"""One question to the index of the large size: what is found, how many, and the best of it.

Every statement starts from what the viewer sees, and none reads what a common word finds among a million
messages. How often a word is seen is counted over one document of 256, of 64 or of 16 where it is common, and
over all where it is not. Ranked are at most ``MOST``: all that was found if it is not more; else those
that have most of the rarer words, the newest that have every word, and the newest with every word in their
title. Then the number of results is a least one, and the page says so.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import compress
from operator import mul
from typing import Any, NamedTuple

from sqlalchemy.orm import Session

from community.search import plan, spelling
from community.search import postgres_terms as terms
from community.search.index import Hit, Hits, Query
from community.search.plan import Need
from community.search.postgres_documents import COLUMNS, Documents, Words, one_after_the_other
from community.search.postgres_newest import Newest, newest
from community.search.postgres_standing import MANY, standing
from community.search.postgres_terms import one_need, weighing_of

MOST = 250  # documents that are ranked
ENOUGH = 160  # of those that have every word: what has but one of them need not be looked at
TITLED = 60  # of those that are ranked, by their titles alone
TELLING = 1_000  # documents of the rarer words together that are compared by how many of these they have
SURE = 64  # counted in a share, so many say how many there are in all
TELLS = 24  # … and so many, since about which day the newest lie that are wanted


@dataclass(frozen=True, slots=True)
class _Asked:
    """A need that somebody answers; how many do, and how much it says."""

    need: Need
    count: float
    rarity: float

    @property
    def query(self) -> str:
        """As a tsquery."""
        return one_need(self.need)


class _Found(NamedTuple):
    """A document that was found. In this order the best comes first; of two alike, the newer."""

    worse: float
    older: float
    group: str
    row: Any


class Search:
    """One question."""

    def __init__(self, session: Session | Any, schema: str, query: Query) -> None:
        self.documents = Documents(session, f"{schema}.document", query)
        self.schema = schema
        self.query = query
        self.version: int | None = None  # of the index, where the question made it be read

    def hits(self) -> Hits:
        """One page of what is found."""
        if not self.documents.places:
            return Hits()
        needs = plan.needs_of(self.query.text)
        if not needs:
            return self._everything()
        total, *counts = self._counts([(), *((one_need(need),) for need in needs)])
        known, counts, suggestion = self._mended(needs, counts)
        asked = [
            _Asked(need, count, _rarity(total, count))
            for need, count in zip(known, counts, strict=True)
            if count
        ]
        marks = plan.marks(known)
        if not asked:
            return Hits(terms=marks)
        rows, whole = self._gathered(asked)
        return replace(self._page(self._weighed(asked, rows), whole), terms=marks, suggestion=suggestion)

    def read_version(self) -> int | None:
        """Of the index, asked by itself: what was known of the words left nothing to ask it with."""
        rows = self.documents.rows(f"SELECT version FROM {self.schema}.state")  # noqa: S608
        return max((int(row[0]) for row in rows), default=None)

    def _everything(self) -> Hits:
        """Without words: the newest, as many as the page needs."""
        many = max(MOST, 12 * (self.query.offset + self.query.size))
        ((rows, whole),) = self._newest(Newest((), many))
        found = [_Found(0.0, -row.created_at.timestamp(), row.shown_under, row) for row in rows]
        return self._page(found, whole)

    # How often each word is seen

    def _counts(self, queries: Sequence[Words]) -> list[float]:
        """How many documents answer each: counted, or for what is common estimated from a share.

        In one statement: the database counts more of them only where a share told too little. What was
        told of a common one stands for a while.
        """
        known, seen = standing(), self.documents.seen_alike
        told = {one: count for one in queries if (count := known.get((seen, "count", one))) is not None}
        if missing := [one for one in dict.fromkeys(queries) if one not in told]:
            for one, count in zip(missing, self._counted_now(missing), strict=True):
                told[one] = count
                if count >= MANY:
                    known.put((seen, "count", one), count)
        return [told[one] for one in queries]

    def _counted_now(self, queries: Sequence[Words]) -> list[float]:
        shares = (*terms.SHARES, 1)
        each = [", ".join(self._counted(one, share) for share in shares) for one in queries]
        version = f"(SELECT max(version) FROM {self.schema}.state)"  # noqa: S608
        (row,) = self.documents.rows(f"SELECT {', '.join([version, *(f'coalesce({one})' for one in each)])}")
        self.version = row[0]
        return [float(count) for count in row[1:]]

    def _counted(self, words: Words, share: int) -> str:
        if share == 1 and not words:
            return self.documents.how_many()
        rows = self.documents.found(f"count(*) * {share}", *words, share=share, filtered=False)
        return f"({rows}{f' HAVING count(*) >= {SURE}' if share > 1 else ''})"

    def _mended(self, needs: Sequence[Need], counts: list[float]) -> tuple[list[Need], list[float], str]:
        """The needs with their counts, and the question with its misspellings mended."""
        unseen = [place for place, count in enumerate(counts) if count == 0]
        meant = self._meant({needs[place].word for place in unseen})
        mended = [place for place in unseen if meant.get(needs[place].word)]
        if not mended:
            return list(needs), counts, ""
        known, counts = list(needs), list(counts)
        for place in mended:
            known[place] = plan.corrected(needs[place], meant[needs[place].word])
        again = self._counts([(one_need(known[place]),) for place in mended])
        for place, count in zip(mended, again, strict=True):
            counts[place] = count
        likeliest = {needs[place].word: meant[needs[place].word][0] for place in mended}
        return known, counts, spelling.rewritten(self.query.text, likeliest)

    def _meant(self, words: Iterable[str]) -> dict[str, list[str]]:
        """Of words found nowhere, the words seen in visible documents that each may be a misspelling of."""
        asked = {word: spelling.asked_keys(word) for word in words if spelling.can_be_corrected(word)}
        near = self._near(frozenset().union(*asked.values()))
        if not near:
            return {}
        counts = self._counts([(terms.quoted(plan.written_term(one)),) for one in near])
        seen = {one: int(count) for one, count in zip(near, counts, strict=True)}
        return {
            word: spelling.likeliest(
                word, spelling.shown_forms((one, seen[one]) for one in near if keys & near[one])
            )
            for word, keys in asked.items()
        }

    def _near(self, keys: Collection[str]) -> dict[str, frozenset[str]]:
        """The known words that are kept under one of these keys, each with all of its own."""
        if not keys:
            return {}
        asked = self.documents.value(sorted(keys), "text[]")
        rows = self.documents.rows(f"SELECT word, near FROM {self.schema}.word WHERE near && {asked}")  # noqa: S608
        return {word: frozenset(near) for word, near in rows}

    # What is ranked

    def _gathered(self, asked: Sequence[_Asked]) -> tuple[Iterable[Any], bool]:
        """The documents to rank, and whether that is all there are."""
        ordered = sorted(asked, key=lambda one: one.count)
        if sum(one.count for one in ordered) <= MOST:
            return self._rows(" | ".join(one.query for one in ordered)), True
        telling = [one for place, one in enumerate(ordered) if _sum(ordered[: place + 1]) <= TELLING]
        found = self._with_most_of(telling) if telling else []
        common = tuple(one.query for one in ordered[len(telling) :])
        every = len(found) < MOST
        if not common:
            return found, every
        titled = Newest(tuple(terms.in_title(one.need) for one in asked), TITLED)
        if len(common) == 1:
            (rest, whole), (titles, _) = self._newest(Newest(common, self._room(found)), titled)
            return _once(found, rest, titles), every and whole
        all_of_them = [Newest(common, MOST - len(found) // 2)] if len(found) < MOST else []
        for rows, _ in self._newest(*all_of_them, titled):
            found = _once(found, rows)
        return self._with_some_of(common, found, every)

    def _with_some_of(self, common: Words, found: list[Any], every: bool) -> tuple[list[Any], bool]:
        """What was found with all of several words, and where that is little, with half or one of them."""
        half, whole = max(len(common) // 2, min(2, len(common))), False
        if half < len(common) and len(found) < MOST:
            ((rows, _),) = self._newest(Newest(common[:half], MOST - len(found) // 2))
            found = _once(found, rows)
        if len(found) < ENOUGH:
            ((rows, whole),) = self._newest(Newest((" | ".join(common),), self._room(found)))
            found = _once(found, rows)
        return found, every and whole

    def _room(self, found: Sequence[Any]) -> int:
        return max(MOST - len(found), TITLED)

    def _rows(self, words: str, which: str = "") -> list[Any]:
        return self.documents.rows(self.documents.found(COLUMNS, words) + which)

    def _with_most_of(self, telling: Sequence[_Asked]) -> list[Any]:
        """Those that have most of these words, counted by how much each says; of one word, the newest."""
        if len(telling) == 1:
            return self._rows(telling[0].query, f" ORDER BY created_at DESC, id DESC LIMIT {MOST}")
        having = [
            self.documents.found(
                f"id, created_at, {self.documents.value(one.rarity, 'float8')} AS rarity", one.query
            )
            for one in telling
        ]
        names = ", ".join(f"document.{name}" for name in COLUMNS.split(", "))
        return self.documents.rows(
            f"""
            SELECT {names} FROM {self.documents.table} AS document JOIN (
              SELECT id FROM ({one_after_the_other(having)}) AS each GROUP BY id
              ORDER BY sum(rarity) DESC, max(created_at) DESC, id DESC LIMIT {MOST}
            ) AS best ON best.id = document.id"""  # noqa: S608
        )

    def _newest(self, *asked: Newest) -> list[tuple[list[Any], bool]]:
        return newest(self.documents, asked, sure=min(SURE, TELLS))

    # From documents to hits

    def _weighed(self, asked: Sequence[_Asked], rows: Iterable[Any]) -> list[_Found]:
        """What answers enough of the question, with how well."""
        weighing = weighing_of(tuple(one.need for one in asked))
        rarities = [one.rarity for one in asked]
        now = self.query.now.timestamp()
        found: list[tuple[float, _Found]] = []
        for row in rows:
            worths = weighing.known(row.id, row.worth)
            written = row.created_at.timestamp()
            days = max(0.0, (now - written) / 86_400)
            fresh = 1 + plan.RECENT_BONUS * 0.5 ** (days / plan.RECENT_DAYS)
            score = sum(map(mul, rarities, worths)) * fresh
            answered = sum(compress(rarities, worths))
            found.append((answered, _Found(-score, -written, row.shown_under, row)))
        least = plan.least_answered(len(asked)) * sum(rarities)
        most = max((answered for answered, _ in found), default=0.0)
        return [one for answered, one in found if answered >= min(least, most) - 1e-9]

    def _page(self, found: Iterable[_Found], whole: bool) -> Hits:
        """Each group once, under its best document."""
        best: dict[str, _Found] = {}
        for one in sorted(found, key=_last_of_its_group):
            best[one.group] = one
        ordered = sorted(best.values(), key=_first)
        shown = ordered[self.query.offset : self.query.offset + self.query.size]
        return Hits(
            hits=tuple(Hit(one.row.kind, one.row.key, one.group, -one.worse) for one in shown),
            total=len(best),
            at_least=not whole,
        )


def _first(one: _Found) -> tuple[float, float, str]:
    return one[:3]


def _last_of_its_group(one: _Found) -> tuple[float, float, str]:
    """The best one last; of two alike, the one with the greater id."""
    return (-one.worse, -one.older, one.row.id)


def _once(*some: Iterable[Any]) -> list[Any]:
    """Each document once, those that were found first in front."""
    found: dict[str, Any] = {}
    for rows in some:
        for row in rows:
            found.setdefault(row.id, row)
    return list(found.values())


def _rarity(total: float, having: float) -> float:
    """How much a word says that so many of all have."""
    return math.log(1 + (max(total - having, 0.0) + 0.5) / (having + 0.5))


def _sum(some: Iterable[_Asked]) -> float:
    return sum(one.count for one in some)
