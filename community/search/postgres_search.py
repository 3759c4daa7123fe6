"""One question to the index of the large size: what is found, how many, and the best of it.

Every statement starts from what the viewer sees, and none reads what a common word finds among a million
messages. How often a word is seen is counted over one document of 256, of 64 or of 16 where it is common, and
over all where it is not. Ranked are at most ``MOST``: all that was found if it is not more; else those
that have most of the rarer words, the newest that have every word, and the newest with every word in their
title. Then the number of results is a least one, and the page says so.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import compress
from operator import mul
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY, TSQUERY, aggregate_order_by
from sqlalchemy.orm import Session

from community.search import plan, spelling
from community.search import postgres_terms as terms
from community.search.index import Filters, Hit, Hits, Query
from community.search.plan import Need
from community.search.postgres_terms import Weighing, one_need

MOST = 400  # documents that are ranked
ENOUGH = 250  # of those that have every word: what has but one of them need not be looked at
TITLED = 100  # of those that are ranked, by their titles alone
TELLING = 3_000  # documents of the rarer words together that are compared by how many of these they have
SURE = 64  # counted in a share, so many say how many there are in all
FEW = 8  # spaces: so few are found by their marks, more are told by their numbers
YEAR_AHEAD = 1  # a clock may have jumped

_Condition = sa.ColumnElement[bool]
_Query = Sequence[str]  # tsqueries, all of which hold; none: everything


def in_a_share(share: sa.ColumnElement[int]) -> _Condition:
    """Whether a document is one of sixteen, those that have an index of their own. Said with the number
    itself, so that the database knows this index will do."""
    return share >= sa.literal_column(str(terms.SHARES[-1]))


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

    def __init__(self, session: Session | Any, document: sa.Table, word: sa.Table, query: Query) -> None:
        self.session = session
        self.table = document.c
        self.word = word.c
        self.query = query
        self.places = [
            *(terms.in_space(space) for space in sorted(query.space_ids)),
            *(terms.in_topic(topic) for topic in sorted(query.topic_keys)),
        ]
        self.narrowed = tuple(terms.narrowed(query.filters))

    def hits(self) -> Hits:
        """One page of what is found."""
        if not self.places:
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

    def _everything(self) -> Hits:
        """Without words: the newest, as many as the page needs."""
        many = max(MOST, 12 * (self.query.offset + self.query.size))
        rows, whole = self._newest((), many)
        found = [_Found(0.0, -row.created_at.timestamp(), row.shown_under, row) for row in rows]
        return self._page(found, whole)

    # What one sees

    def _seen(self) -> _Condition:
        """The rule, asked of every row whatever the marks say."""
        spaces = sa.cast(sorted(self.query.space_ids), ARRAY(sa.Integer))
        seen = self.table.space_id == sa.any_(spaces)
        if self.query.topic_keys:
            seen = sa.or_(seen, self.table.topic_key.in_(sorted(self.query.topic_keys)))
        if not self.query.but:
            return seen
        but = sorted(self.query.but)
        return sa.and_(seen, self.table.id.not_in(but), self.table.topic_key.not_in(but))

    def _filtered(self) -> Iterator[_Condition]:
        wanted: Filters = self.query.filters
        if wanted.after is not None:
            yield self.table.created_at >= wanted.after
        if wanted.before is not None:
            yield self.table.created_at < wanted.before

    def _where(self, *words: str, share: int = 1, filtered: bool = True) -> Iterator[_Condition]:
        """What has all these words, seen. Each is asked by itself: the index weighs them quicker."""
        wanted = list(words)
        if share > 1:
            yield in_a_share(self.table.share)
            wanted.append(terms.quoted(terms.one_of(share)))
        if filtered:
            yield from self._filtered()
            wanted += [terms.quoted(mark) for mark in self.narrowed]
            if self.query.filters.after is not None:
                wanted.append(self._days(self.query.filters.after))
        if len(self.places) <= FEW or not wanted:
            wanted.append(terms.any_of(self.places))
        for one in wanted:
            yield self.table.tsv.op("@@")(sa.cast(sa.literal(one, sa.Text), TSQUERY))
        yield self._seen()

    def _days(self, first: datetime) -> str:
        """The marks of the days since then."""
        last = self.query.now.date()
        return terms.any_of(terms.since(first.date(), last.replace(year=last.year + YEAR_AHEAD, day=1)))

    # How often each word is seen

    def _counts(self, queries: Sequence[_Query]) -> list[float]:
        """How many documents answer each: counted, or for what is common estimated from a share."""
        counts = [0.0] * len(queries)
        left = list(range(len(queries)))
        for share in (*terms.SHARES, 1):
            if not left:
                break
            for place, counted in zip(
                left, self._counted([queries[place] for place in left], share), strict=True
            ):
                counts[place] = float(counted * share)
            left = [place for place in left if counts[place] < SURE * share]
        return counts

    def _counted(self, queries: Sequence[_Query], share: int) -> list[int]:
        each = [
            sa.select(sa.func.count())
            .where(*self._where(*one, share=share, filtered=False))
            .scalar_subquery()
            for one in queries
        ]
        return list(self.session.execute(sa.select(*each)).one())

    def _mended(self, needs: Sequence[Need], counts: list[float]) -> tuple[list[Need], list[float], str]:
        """The needs with their counts, and the question with its misspellings mended."""
        known, meant = list(needs), {}
        for place, need in enumerate(needs):
            if counts[place] == 0 and (words := self._meant(need.word)):
                meant[need.word] = words[0]
                known[place] = plan.corrected(need, words)
                (counts[place],) = self._counts([(one_need(known[place]),)])
        return known, counts, spelling.rewritten(self.query.text, meant) if meant else ""

    def _meant(self, word: str) -> list[str]:
        """Words seen in visible documents that a word found nowhere may be a misspelling of."""
        if not spelling.can_be_corrected(word):
            return []
        keys = sa.cast(sorted(spelling.asked_keys(word)), ARRAY(sa.Text))
        known = self.session.scalars(sa.select(self.word.word).where(self.word.near.overlap(keys))).all()
        counts = self._counts([(terms.quoted(plan.written_term(one)),) for one in known])
        seen = ((one, int(count)) for one, count in zip(known, counts, strict=True))
        return spelling.likeliest(word, spelling.shown_forms(seen))

    # What is ranked

    def _gathered(self, asked: Sequence[_Asked]) -> tuple[Iterable[Any], bool]:
        """The documents to rank, and whether that is all there are."""
        ordered = sorted(asked, key=lambda one: one.count)
        if sum(one.count for one in ordered) <= MOST:
            return self._rows(" | ".join(one.query for one in ordered)), True
        telling = [one for place, one in enumerate(ordered) if _sum(ordered[: place + 1]) <= TELLING]
        found = self._with_most_of(telling) if telling else []
        common = [one.query for one in ordered[len(telling) :]]
        every = len(found) < MOST
        if not common:
            return found, every
        for together in dict.fromkeys((len(common), max(len(common) // 2, min(2, len(common))))):
            if len(common) > 1 and len(found) < MOST:
                found += self._newest(common[:together], MOST - len(found) // 2)[0]
        whole = False
        if len(common) == 1 or len(found) < ENOUGH:
            rest, whole = self._newest([" | ".join(common)], max(MOST - len(found), TITLED))
            found += rest
        if not whole:
            found += self._newest([terms.in_title(one.need) for one in asked], TITLED)[0]
        return {row.id: row for row in found}.values(), every and whole

    def _columns(self) -> list[sa.ColumnElement[Any]]:
        names = ("id", "kind", "key", "shown_under", "created_at", "worth")
        return [self.table[name] for name in names]

    def _rows(self, words: str) -> list[Any]:
        return list(self.session.execute(sa.select(*self._columns()).where(*self._where(words))))

    def _with_most_of(self, telling: Sequence[_Asked]) -> list[Any]:
        """Those that have most of these words, counted by how much each says."""
        having = [
            sa.select(self.table.id, self.table.created_at, sa.literal(one.rarity).label("rarity")).where(
                *self._where(one.query)
            )
            for one in telling
        ]
        each = sa.union_all(*having).subquery()
        said = sa.func.sum(each.c.rarity)
        order = (said.desc(), sa.func.max(each.c.created_at).desc(), each.c.id.desc())
        best = sa.select(each.c.id).group_by(each.c.id).order_by(*order).limit(MOST).subquery()
        return list(self.session.execute(sa.select(*self._columns()).where(self.table.id == best.c.id)))

    def _newest(self, words: _Query, many: int) -> tuple[list[Any], bool]:
        """The newest that have these words; about so many, and no more. Whether that is all there are."""
        marks, also = self._window(words, many)
        rows = sa.select(*self._columns()).where(*self._where(*words, *marks), *also)
        newest = rows.order_by(self.table.created_at.desc(), self.table.id.desc()).limit(many)
        found = list(self.session.execute(newest))
        return found, not marks and len(found) < many

    def _window(self, words: _Query, many: int) -> tuple[tuple[str, ...], tuple[_Condition, ...]]:
        """What keeps about so many, told by a share: the days since then; of one day only, a share."""
        for share in terms.SHARES:
            last = math.ceil(1.2 * many / share) + 1
            count, times = self._sampled(words, share, last)
            if count < SURE:
                continue
            if count * share <= 1.5 * many:
                break
            if times[0] == times[-1]:
                few = (one for one in reversed(terms.SHARES) if count * share <= 4 * many * one)
                return (terms.quoted(terms.one_of(next(few, terms.SHARES[0]))),), ()
            return (self._days(times[-1]),), (self.table.created_at >= times[-1],)
        return (), ()

    def _sampled(self, words: _Query, share: int, last: int) -> tuple[int, list[datetime]]:
        """How many of a share have these words, and when the newest of them were written."""
        times = sa.func.array_agg(aggregate_order_by(self.table.created_at, self.table.created_at.desc()))
        columns = (sa.func.count(), sa.type_coerce(times, ARRAY(sa.DateTime(timezone=True)))[1:last])
        rows = sa.select(*columns).where(*self._where(*words, share=share))
        count, newest = self.session.execute(rows).one()
        return count, newest

    # From documents to hits

    def _weighed(self, asked: Sequence[_Asked], rows: Iterable[Any]) -> list[_Found]:
        """What answers enough of the question, with how well."""
        weighing = Weighing([one.need for one in asked])
        rarities = [one.rarity for one in asked]
        now = self.query.now.timestamp()
        found: list[tuple[float, _Found]] = []
        for row in rows:
            worths = weighing.of(row.worth)
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


def _rarity(total: float, having: float) -> float:
    """How much a word says that so many of all have."""
    return math.log(1 + (max(total - having, 0.0) + 0.5) / (having + 0.5))


def _sum(some: Iterable[_Asked]) -> float:
    return sum(one.count for one in some)
