"""What somebody sees of the large index, said to PostgreSQL.

Each question brings statements of its own shape, with which SQLAlchemy would be busy for longer than the
database takes to answer them: they are put together as text. What comes from outside is always a value.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from community.search import postgres_terms as terms
from community.search.index import Query

FEW = 8  # spaces: so few are found by their marks, more are told by their numbers
SMALL = 5_000  # documents of a table that may as well be read whole
YEAR_AHEAD = 1  # a clock may have jumped
COLUMNS = "id, kind, key, shown_under, created_at, worth"  # of a document that is ranked
# Whether a document is one of those that have an index of their own. Said with the number itself, so that the
# database knows this index will do.
ONE_OF_SIXTEEN = f"share >= {terms.SHARES[-1]}"

Words = tuple[str, ...]  # tsqueries, all of which hold; none: everything


class Documents:
    """The documents of one index that whoever asks sees, and that pass the filters."""

    def __init__(self, session: Session | Any, table: str, query: Query) -> None:
        self.session = session
        self.table = table
        self.query = query
        self.places = [
            *(terms.in_space(space) for space in sorted(query.space_ids)),
            *(terms.in_topic(topic) for topic in sorted(query.topic_keys)),
        ]
        self._narrowed = [terms.quoted(mark) for mark in terms.narrowed(query.filters)]
        self._values: dict[str, Any] = {}
        self._names: dict[tuple[str, str], str] = {}
        self._seen = " AND ".join(self._rule())
        # The same for all who see the same documents; those of a moment ago (``but``) are few.
        self.seen_alike = (table, *self.places)

    def rows(self, statement: str) -> list[Any]:
        """What a statement made of these parts gives."""
        connection = self.session.connection()
        return list(connection.exec_driver_sql(statement, self._values).all())

    def value(self, value: Any, kind: str) -> str:
        """A value of this kind of the database in the text of a statement; the same one has the same name."""
        name = self._names.setdefault((repr(value), kind), f"v{len(self._names)}")
        self._values[name] = value
        return f"%({name})s::{kind}"

    # What one sees

    def _rule(self) -> Iterator[str]:
        """The rule, asked of every row whatever the marks say."""
        seen = f"space_id = ANY({self.value(sorted(self.query.space_ids), 'int[]')})"
        if self.query.topic_keys:
            topics = self.value(sorted(self.query.topic_keys), "text[]")
            seen = f"({seen} OR topic_key = ANY({topics}))"
        yield seen
        if self.query.but:
            but = self.value(sorted(self.query.but), "text[]")
            yield f"id <> ALL({but}) AND topic_key <> ALL({but})"

    def which(self, *words: str, share: int = 1, filtered: bool = True, since: datetime | None = None) -> str:
        """The condition: seen, and with all these words. Each is asked by itself: the index weighs them
        quicker."""
        wanted, also = list(words), []
        if share > 1:
            also.append(ONE_OF_SIXTEEN)
            wanted.append(terms.quoted(terms.one_of(share)))
        if filtered:
            also += self._filtered()
            wanted += self._narrowed
            if self.query.filters.after is not None:
                wanted.append(self.days(self.query.filters.after))
        if since is not None:
            also.append(f"created_at >= {self.value(since, 'timestamptz')}")
        if len(self.places) <= FEW or not wanted:
            wanted.append(terms.any_of(self.places))
        found = (f"tsv @@ {self.value(one, 'tsquery')}" for one in wanted)
        return " AND ".join([*also, *found, self._seen])

    def _filtered(self) -> Iterator[str]:
        wanted = self.query.filters
        if wanted.after is not None:
            yield f"created_at >= {self.value(wanted.after, 'timestamptz')}"
        if wanted.before is not None:
            yield f"created_at < {self.value(wanted.before, 'timestamptz')}"

    def days(self, first: datetime) -> str:
        """The marks of the days since then."""
        last = self.query.now.date()
        return terms.any_of(terms.since(first.date(), last.replace(year=last.year + YEAR_AHEAD, day=1)))

    def found(self, columns: str, *words: str, **how: Any) -> str:
        """The statement that gives these columns of what has all these words."""
        return f"SELECT {columns} FROM {self.table} WHERE {self.which(*words, **how)}"  # noqa: S608

    def how_many(self) -> str:
        """The statement that counts all that is seen. Of a small table its rows are counted: to look at the
        words of each, as many marks would have it, takes fifty times as long."""
        if len(self.places) <= FEW:
            return f"({self.found('count(*)', filtered=False)})"
        seen = f"SELECT count(*) FROM {self.table} WHERE {self._seen}"  # noqa: S608
        few = f"(SELECT count(*) FROM (SELECT 1 FROM {self.table} LIMIT {SMALL + 1}) AS first) <= {SMALL}"  # noqa: S608
        return f"(CASE WHEN {few} THEN ({seen}) ELSE ({self.found('count(*)', filtered=False)}) END)"


def one_after_the_other(parts: Sequence[str]) -> str:
    """The rows of all these statements, each asked only where those before it gave too few."""
    return " UNION ALL ".join(f"({part})" for part in parts)
