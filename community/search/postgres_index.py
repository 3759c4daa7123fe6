"""The index of the large size: PostgreSQL full text, in a schema of its own beside the data.

The words are cut and stemmed as for Whoosh, so both engines find the same; PostgreSQL finds the documents by
them (see :mod:`community.search.postgres_terms`), and what was found is weighed here, so that both engines
rank alike. The tables are no part of the migrations: they are made when first needed and can be made anew
from the data.
"""

from __future__ import annotations

import zlib
from collections.abc import Callable, Iterable
from functools import lru_cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY, TSVECTOR, insert
from sqlalchemy.orm import Session

from community.core.regions import with_ancestors
from community.search import plan, spelling
from community.search.index import VERSION, Document, Hits, Query
from community.search.postgres_documents import ONE_OF_SIXTEEN
from community.search.postgres_search import Search
from community.search.postgres_terms import parts_of, share_of, terms_of, worth_of

WRITING = 0x50415353  # the advisory lock: one writer of an index at a time
_NAMES = ("id", "kind", "key", "shown_under", "topic_key", "theme", "topic_kind", "lang")


class PostgresIndex:
    """Tables in the database of `session`; writes belong to the caller's transaction."""

    def __init__(self, session: Session | Any, schema: str, there: Callable[[], bool] | None = None) -> None:
        """:param there: whether the tables were made, for those that search; asked when it is not given."""
        self.session = session
        self.schema = schema
        self._there = there or self.exists
        self._version: int | None = None  # as last read
        self.metadata, self.document, self.word, self.state = _tables(schema)

    # State

    def exists(self) -> bool:
        """Whether the tables were made."""
        found = sa.func.to_regclass(self.state.fullname).is_not(None)
        return bool(self.session.scalar(sa.select(found)))

    def ready(self) -> bool:
        """Whether the index is whole and of this version."""
        if self._version is None and self.exists():
            self._version = self.session.scalar(sa.select(self.state.c.version))
        return self._version == VERSION

    def complete(self) -> None:
        """Write down that every document was put in."""
        self._make()
        self.session.execute(insert(self.state).values(version=VERSION).on_conflict_do_nothing())

    def clear(self) -> None:
        """Start over."""
        self._version = None
        self.session.execute(sa.schema.DropSchema(self.schema, cascade=True, if_exists=True))
        self._make()

    def _make(self) -> None:
        self.session.execute(
            sa.select(sa.func.pg_advisory_xact_lock(WRITING, zlib.crc32(self.schema.encode()) >> 1))
        )
        if not self.exists():
            self.session.execute(sa.schema.CreateSchema(self.schema, if_not_exists=True))
            self.metadata.create_all(self.session.connection())
            self._lay_out()

    def _lay_out(self) -> None:
        """What is read of each document that is ranked lies beside its facts, its words apart. Names are not
        packed away either: of a long document they went first, and each comparison of two fetched both."""
        kept = {"worth": "MAIN", **dict.fromkeys(_NAMES, "PLAIN")}
        each = ", ".join(f"ALTER COLUMN {name} SET STORAGE {how}" for name, how in kept.items())
        self.session.execute(sa.text(f"ALTER TABLE {self.document.fullname} {each}"))

    def size(self) -> int:
        """How many documents there are."""
        return (
            int(self.session.scalar(sa.select(sa.func.count()).select_from(self.document)) or 0)
            if self.exists()
            else 0
        )

    def tidy(self) -> bool:
        """PostgreSQL does so by itself; only a table that was made before is to keep names in place, too."""
        packed = "SELECT 1 FROM pg_attribute WHERE attname = 'id' AND attstorage <> 'p' AND attrelid = "
        if self.session.scalar(sa.text(f"{packed}to_regclass(:name)"), {"name": self.document.fullname}):
            self._lay_out()
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
        values["tsv"] = sa.func.array_to_tsvector(sa.cast(sa.bindparam("tsv"), ARRAY(sa.Text)))
        statement = insert(self.document).values(values)
        changed = {name: statement.excluded[name] for name in rows[0] if name != "id"}
        self.session.execute(statement.on_conflict_do_update(index_elements=["id"], set_=changed), rows)
        if words:
            near = [{"word": word, "near": sorted(spelling.near_keys(word))} for word in words]
            self.session.execute(insert(self.word).on_conflict_do_nothing(), near)

    # Reading

    def search(self, query: Query) -> Hits:
        """One page of hits; see the protocol."""
        if not self._there():
            return Hits()
        search = Search(self.session, self.schema, query)
        hits = search.hits()
        self._version = search.version or search.read_version()
        return hits


@lru_cache
def _tables(schema: str) -> tuple[sa.MetaData, sa.Table, sa.Table, sa.Table]:
    """All of an index; then its documents, the words its spelling knows, and of which version it is."""
    metadata = sa.MetaData(schema=schema)
    document = _document(metadata)
    word = sa.Table(
        "word",
        metadata,
        sa.Column("word", sa.Text, primary_key=True),
        sa.Column("near", ARRAY(sa.Text), nullable=False),
    )
    sa.Index("ix_search_word_near", word.c.near, postgresql_using="gin")
    state = sa.Table("state", metadata, sa.Column("version", sa.Integer, primary_key=True))
    return metadata, document, word, state


def _document(metadata: sa.MetaData) -> sa.Table:
    table = sa.Table(
        "document",
        metadata,
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("key", sa.Text, nullable=False),
        sa.Column("shown_under", sa.Text, nullable=False),
        sa.Column("space_id", sa.Integer, nullable=False),
        sa.Column("topic_key", sa.Text, nullable=False),
        sa.Column("regions", ARRAY(sa.Text), nullable=False),
        sa.Column("theme", sa.Text, nullable=False),
        sa.Column("topic_kind", sa.Text, nullable=False),
        sa.Column("lang", sa.Text, nullable=False),
        sa.Column("answered", sa.Boolean),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("share", sa.SmallInteger, nullable=False),
        sa.Column("worth", sa.LargeBinary, nullable=False),
        sa.Column("tsv", TSVECTOR, nullable=False),
        postgresql_with={"toast_tuple_target": 512},
    )
    # What is new goes to its place at once: a list of it beside would be read whole at each search.
    how: dict[str, Any] = {"postgresql_using": "gin", "postgresql_with": {"fastupdate": "off"}}
    sa.Index("ix_search_document_tsv", table.c.tsv, **how)
    # To count what is common, a sixteenth of the documents is enough.
    sa.Index("ix_search_document_share", table.c.tsv, postgresql_where=sa.text(ONE_OF_SIXTEEN), **how)
    return table


def _row(document: Document) -> dict[str, Any]:
    """A document as the table takes it, with the words it brings to the spelling."""
    parts = parts_of(document)
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
        "share": share_of(document.id),
        "worth": worth_of(parts),
        "tsv": terms_of(document, parts),
        "words": plan.spelling_words(term for terms in parts for term in terms),
    }
