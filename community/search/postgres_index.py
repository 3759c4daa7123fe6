"""The index of the large size: PostgreSQL full text, in a schema of its own beside the data.

The words are cut and stemmed as for Whoosh, so both engines find the same; PostgreSQL keeps them as
tsvectors (title A, context C, body D) and ranks. `ts_rank` does not know how rare a word is; that is
counted here, over the documents that the viewer sees. The tables are no part of the migrations: they
are made when first needed and can be made anew from the data.
"""

from __future__ import annotations

import math
import zlib
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY, TSQUERY, TSVECTOR, insert
from sqlalchemy.orm import Session

from community.core.regions import with_ancestors
from community.search import plan, spelling
from community.search.index import VERSION, Document, Filters, Hit, Hits, Query
from community.search.plan import Alternative, Form, Need, index_terms

SCHEMA = "search"
WEIGHTS = (0.4, 0.24, 0.4, 1.0)  # of body (D), context (C), unused (B) and title (A)
BY_LENGTH = 1  # divide by 1 + the logarithm of the length
MOST_PLACES, LAST_PLACE = 255, 16_383  # what a tsvector keeps of one word, and of a text
COLUMNS = ("id", "kind", "key", "shown_under", "created_at")
MOST_RANKED = 16  # ways to say one word that are ranked; what is found by a further one comes last
WRITING = 0x50415353  # the advisory lock: one writer of an index at a time

_Condition = sa.ColumnElement[bool]
_Number = sa.ColumnElement[float]
_Vector = sa.ColumnElement[Any]
_Asked = tuple[Need, float]  # with how rare it is


class PostgresIndex:
    """Tables in the database of `session`; writes belong to the caller's transaction."""

    def __init__(self, session: Session | Any, schema: str = SCHEMA) -> None:
        self.session = session
        self.schema = schema
        self.metadata = sa.MetaData(schema=schema)
        self.document = _document(self.metadata)
        self.word = sa.Table(
            "word",
            self.metadata,
            sa.Column("word", sa.Text, primary_key=True),
            sa.Column("near", ARRAY(sa.Text), nullable=False),
        )
        self.state = sa.Table("state", self.metadata, sa.Column("version", sa.Integer, primary_key=True))
        sa.Index("ix_search_word_near", self.word.c.near, postgresql_using="gin")

    # State

    def exists(self) -> bool:
        """Whether the tables were made."""
        return bool(sa.inspect(self.session.connection()).has_table("state", schema=self.schema))

    def ready(self) -> bool:
        """Whether the index is whole and of this version."""
        return self.exists() and self.session.scalar(sa.select(self.state.c.version)) == VERSION

    def complete(self) -> None:
        """Write down that every document was put in."""
        self._make()
        self.session.execute(insert(self.state).values(version=VERSION).on_conflict_do_nothing())

    def clear(self) -> None:
        """Start over."""
        self.session.execute(sa.schema.DropSchema(self.schema, cascade=True, if_exists=True))
        self._make()

    def _make(self) -> None:
        self.session.execute(
            sa.select(sa.func.pg_advisory_xact_lock(WRITING, zlib.crc32(self.schema.encode()) >> 1))
        )
        if not self.exists():
            self.session.execute(sa.schema.CreateSchema(self.schema, if_not_exists=True))
            self.metadata.create_all(self.session.connection())

    def size(self) -> int:
        """How many documents there are."""
        return (
            int(self.session.scalar(sa.select(sa.func.count()).select_from(self.document)) or 0)
            if self.exists()
            else 0
        )

    def tidy(self) -> bool:
        """PostgreSQL does so by itself."""
        return False

    def let_go(self) -> bool:
        """A row that was replaced is gone."""
        return False

    def ids(self) -> frozenset[str]:
        """Every document there is."""
        return (
            frozenset(self.session.scalars(sa.select(self.document.c.id))) if self.exists() else frozenset()
        )

    # Writing

    def replace(self, ids: Iterable[str], documents: Iterable[Document]) -> None:
        """Drop and put. Other writers wait until the caller's transaction ends."""
        self._make()
        if gone := set(ids):
            self.session.execute(sa.delete(self.document).where(self.document.c.id.in_(gone)))
        rows = [_row(document) for document in {one.id: one for one in documents}.values()]
        if rows:
            self._put(rows)

    def _put(self, rows: list[dict[str, Any]]) -> None:
        words = sorted(set().union(*(row.pop("words") for row in rows)))
        values: dict[str, Any] = {name: sa.bindparam(name) for name in rows[0]}
        values["tsv"] = sa.cast(sa.bindparam("tsv", type_=sa.Text), TSVECTOR)
        statement = insert(self.document).values(values)
        changed = {name: statement.excluded[name] for name in rows[0] if name != "id"}
        self.session.execute(statement.on_conflict_do_update(index_elements=["id"], set_=changed), rows)
        if words:
            near = [{"word": word, "near": sorted(spelling.near_keys(word))} for word in words]
            self.session.execute(insert(self.word).on_conflict_do_nothing(), near)

    # Reading

    def search(self, query: Query) -> Hits:
        """One page of hits; see the protocol."""
        return _Search(self, query).hits() if self.exists() else Hits()


def _document(metadata: sa.MetaData) -> sa.Table:
    table = sa.Table(
        "document",
        metadata,
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("key", sa.Text, nullable=False),
        sa.Column("shown_under", sa.Text, nullable=False),
        sa.Column("space_id", sa.Integer, nullable=False, index=True),
        sa.Column("topic_key", sa.Text, nullable=False, index=True),
        sa.Column("regions", ARRAY(sa.Text), nullable=False),
        sa.Column("theme", sa.Text, nullable=False),
        sa.Column("topic_kind", sa.Text, nullable=False),
        sa.Column("lang", sa.Text, nullable=False),
        sa.Column("answered", sa.Boolean),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("tsv", TSVECTOR, nullable=False),
    )
    sa.Index("ix_search_document_tsv", table.c.tsv, postgresql_using="gin")
    return table


def _row(document: Document) -> dict[str, Any]:
    """A document as the table takes it, with the words it brings to the spelling."""
    parts = [
        (mark, list(index_terms(text, document.lang)))
        for mark, text in (("A", document.title), ("C", document.context), ("D", document.body))
    ]
    return {
        "id": document.id,
        "kind": document.kind,
        "key": document.key,
        "shown_under": document.group,
        "space_id": document.space_id,
        "topic_key": document.topic_key,
        "regions": list(with_ancestors(document.region)),
        "theme": document.theme,
        "topic_kind": document.topic_kind,
        "lang": document.lang,
        "answered": document.answered,
        "created_at": document.created_at,
        "tsv": _vector(parts),
        "words": plan.spelling_words(term for _, terms in parts for term in terms),
    }


def _vector(parts: Iterable[tuple[str, Sequence[str]]]) -> str:
    """A tsvector as text: each term with its places and what part they are in."""
    places: defaultdict[str, list[str]] = defaultdict(list)
    place = 0
    for mark, terms in parts:
        for term in terms:
            place = min(place + 1, LAST_PLACE)
            if len(places[term]) < MOST_PLACES:
                places[term].append(f"{place}{mark}")
    return " ".join(f"{_quoted(term)}:{','.join(found)}" for term, found in places.items())


def _quoted(term: str) -> str:
    return "'" + term.replace("\\", "\\\\").replace("'", "''") + "'"


def _any(terms: Iterable[str]) -> str:
    return " | ".join(_quoted(term) for term in terms)


def _tsquery(text: str) -> sa.ColumnElement[Any]:
    return sa.cast(sa.literal(text, sa.Text), TSQUERY)


def _form(form: Form) -> str:
    return f"({_any((form.exact, *form.stems))})"


def _alternative(alternative: Alternative) -> str:
    return f"({' & '.join(_form(form) for form in alternative.forms)})"


def _need(need: Need) -> str:
    return " | ".join(_alternative(one) for one in need.alternatives)


def _has(tsv: _Vector, needs: Iterable[Need]) -> _Condition:
    """Whether the text has what answers one of the needs."""
    return tsv.op("@@")(_tsquery(" | ".join(f"({_need(need)})" for need in needs)))


def _rank(tsv: _Vector, terms: Sequence[str]) -> _Number:
    """`ts_rank` of any of the terms; it divides by their number, which says nothing here."""
    weights = sa.cast(list(WEIGHTS), ARRAY(sa.REAL))
    return len(terms) * sa.func.ts_rank(weights, tsv, _tsquery(_any(terms)), BY_LENGTH)


class _Search:
    """One question. Every statement starts from what the viewer sees."""

    def __init__(self, index: PostgresIndex, query: Query) -> None:
        self.index = index
        self.session = index.session
        self.query = query
        self.table = index.document.c

    def _seen(self) -> _Condition:
        seen = sa.or_(
            self.table.space_id.in_(self.query.space_ids), self.table.topic_key.in_(self.query.topic_keys)
        )
        if not self.query.but:
            return seen
        return sa.and_(
            seen, self.table.id.not_in(self.query.but), self.table.topic_key.not_in(self.query.but)
        )

    def hits(self) -> Hits:
        needs = plan.needs_of(self.query.text)
        if not needs:
            return self._page([])
        known, counts, suggestion = self._counted(needs)
        rarities = self._rarities(counts)
        asked = [(need, rarity) for need, rarity, count in zip(known, rarities, counts, strict=True) if count]
        terms = plan.marks(known)
        if not asked:
            return Hits(terms=terms)
        return replace(self._page(asked), terms=terms, suggestion=suggestion)

    # How often each word is seen

    def _counted(self, needs: Sequence[Need]) -> tuple[list[Need], list[int], str]:
        """The needs, how many visible documents answer each, and the question with misspellings mended."""
        counts = self._counts([_need(need) for need in needs])
        known, meant = list(needs), {}
        for place, need in enumerate(needs):
            if counts[place] == 0 and (words := self._meant(need.word)):
                meant[need.word] = words[0]
                known[place] = plan.corrected(need, words)
                (counts[place],) = self._counts([_need(known[place])])
        return known, counts, spelling.rewritten(self.query.text, meant) if meant else ""

    def _counts(self, queries: Sequence[str]) -> list[int]:
        if not queries:
            return []
        columns = [sa.func.count().filter(self.table.tsv.op("@@")(_tsquery(one))) for one in queries]
        anything = self.table.tsv.op("@@")(_tsquery(" | ".join(f"({one})" for one in queries)))
        return list(self.session.execute(sa.select(*columns).where(self._seen(), anything)).one())

    def _rarities(self, counts: Sequence[int]) -> list[float]:
        total = self.session.scalar(
            sa.select(sa.func.count()).select_from(self.index.document).where(self._seen())
        )
        return [math.log(1 + ((total or 0) - count + 0.5) / (count + 0.5)) for count in counts]

    def _meant(self, word: str) -> list[str]:
        """Words seen in visible documents that a word found nowhere may be a misspelling of."""
        if not spelling.can_be_corrected(word):
            return []
        keys = sa.cast(sorted(spelling.asked_keys(word)), ARRAY(sa.Text))
        known = self.session.scalars(
            sa.select(self.index.word.c.word).where(self.index.word.c.near.overlap(keys))
        ).all()
        terms = [plan.written_term(one) for one in known]
        counts = self._counts([_quoted(term) for term in terms])
        return spelling.likeliest(word, spelling.shown_forms(zip(known, counts, strict=True)))

    # What a document is worth

    def _worth(self, need: Need, tsv: _Vector) -> _Number:
        """The best of what the word itself and the words that stand for it are worth."""
        ranks = [self._worth_of(one, tsv) for one in need.alternatives[:MOST_RANKED]]
        return sa.case((_has(tsv, [need]), sa.func.greatest(*ranks, 0.0)), else_=0.0)

    def _worth_of(self, alternative: Alternative, tsv: _Vector) -> _Number:
        """Nothing unless each of its words is there: then what the least said one is worth."""
        ranks = [
            sa.func.greatest(_rank(tsv, [form.exact]), plan.STEM_WEIGHT * _rank(tsv, form.stems))
            for form in alternative.forms
        ]
        return alternative.weight * sa.func.least(*ranks)

    # From documents to hits

    def _filtered(self) -> Iterator[_Condition]:
        wanted: Filters = self.query.filters
        for column, value in (
            (self.table.space_id, wanted.space_id),
            (self.table.theme, wanted.theme or None),
            (self.table.topic_kind, wanted.topic_kind or None),
            (self.table.lang, wanted.lang or None),
            (self.table.answered, wanted.answered),
        ):
            if value is not None:
                yield column == value
        if wanted.region:
            yield self.table.regions.contains([wanted.region])
        if wanted.after is not None:
            yield self.table.created_at >= wanted.after
        if wanted.before is not None:
            yield self.table.created_at < wanted.before

    def _page(self, asked: Sequence[_Asked]) -> Hits:
        found = self._found(asked)
        least = plan.least_answered(len(asked)) * sum(rarity for _, rarity in asked)
        most = sa.select(sa.func.max(found.c.answered)).scalar_subquery()
        order = (found.c.score.desc(), found.c.created_at.desc(), found.c.id.desc())
        place = sa.func.row_number().over(partition_by=found.c.shown_under, order_by=order)
        enough = found.c.answered >= sa.func.least(least, most) - 1e-9
        ranked = sa.select(found, place.label("place")).where(enough).subquery()
        best = sa.select(ranked).where(ranked.c.place == 1).cte("best").prefix_with("MATERIALIZED")
        total = sa.select(sa.func.count()).select_from(best).scalar_subquery()
        page = (
            sa.select(best.c.kind, best.c.key, best.c.shown_under, best.c.score, total)
            .order_by(best.c.score.desc(), best.c.created_at.desc(), best.c.shown_under)
            .limit(self.query.size)
            .offset(self.query.offset)
        )
        rows = self.session.execute(page).all()
        count = rows[0][-1] if rows else self.session.scalar(sa.select(total)) or 0
        return Hits(
            tuple(Hit(kind, key, group, float(score)) for kind, key, group, score, _ in rows), int(count)
        )

    def _found(self, asked: Sequence[_Asked]) -> sa.CTE:
        """What answers, with how well and how much of the question."""
        matched = self._matched([need for need, _ in asked]).c
        days = sa.func.greatest(0, sa.extract("epoch", self.query.now - matched.created_at) / 86_400)
        fresh = 1 + plan.RECENT_BONUS * sa.func.power(0.5, days / plan.RECENT_DAYS)
        zero: _Number = sa.literal(0.0)
        score = sum((rarity * self._worth(need, matched.tsv) for need, rarity in asked), start=zero)
        answered = sum(
            (sa.case((_has(matched.tsv, [need]), rarity), else_=0.0) for need, rarity in asked), start=zero
        )
        columns = [matched[name] for name in COLUMNS]
        return sa.select(*columns, (score * fresh).label("score"), answered.label("answered")).cte("found")

    def _matched(self, needs: Sequence[Need]) -> sa.CTE:
        """The documents that have any of the words. The vectors are joined to nothing: that reads and
        unpacks each once, not again for every word that is ranked."""
        columns = [self.table[name] for name in COLUMNS]
        unpacked = self.table.tsv.op("||")(sa.cast("", TSVECTOR)).label("tsv")
        rows = sa.select(*columns, unpacked).where(self._seen(), *self._filtered())
        if needs:
            rows = rows.where(_has(self.table.tsv, needs))
        return rows.cte("matched").prefix_with("MATERIALIZED")
