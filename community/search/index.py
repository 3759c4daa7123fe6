"""What a search index is, whichever engine stands behind it: documents in, a question, hits out.

Neither engine lets what a viewer may not see change anything: how rare a word is, how many
documents there are, what a misspelt word may be, the order and the total come only from the
documents of the spaces and topics named in the question.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

PAGE_SIZE = 20
DEEPEST = 200  # a page further down is refused: better words find more than paging
VERSION = 3  # rises when the same document would be indexed otherwise; an older index is built anew


@dataclass(frozen=True, slots=True)
class Document:
    """One thing that can be found. `group` (its topic, or itself) shows once in the results.

    `context` helps to find it but is not its own text: the topic's title, for a reply. `space_id` is
    the space it stands in, or its shelf (see `shelves`).
    """

    kind: str
    key: str
    title: str
    body: str
    lang: str
    space_id: int
    created_at: datetime
    topic_key: str = ""
    context: str = ""
    region: str = ""
    theme: str = ""
    topic_kind: str = ""
    answered: bool | None = None

    @property
    def id(self) -> str:
        """What tells it from every other document of the index."""
        return f"{self.kind}:{self.key}"

    @property
    def group(self) -> str:
        """What it is shown under."""
        return self.topic_key or self.key


@dataclass(frozen=True, slots=True)
class Filters:
    """What the results are narrowed to; an empty value narrows nothing. Dates: from, and before."""

    space_id: int | None = None
    region: str = ""
    theme: str = ""
    topic_kind: str = ""
    lang: str = ""
    answered: bool | None = None
    after: datetime | None = None
    before: datetime | None = None

    def facets(self) -> Iterator[tuple[str, object]]:
        """What was chosen, but for times: of what, and which. An engine writes both in its own way."""
        if self.space_id is not None:
            yield "space", self.space_id
        for name, value in (
            ("region", self.region),
            ("theme", self.theme),
            ("kind", self.topic_kind),
            ("lang", self.lang),
        ):
            if value:
                yield name, value
        if self.answered is not None:
            yield "answered", self.answered


@dataclass(frozen=True, slots=True)
class Query:
    """A question by somebody who sees these spaces, and these topics by invitation.

    `but` are topics and documents (by id) whose change is not in the index yet: they are left out.
    """

    text: str
    space_ids: frozenset[int]
    now: datetime
    topic_keys: frozenset[str] = frozenset()
    but: frozenset[str] = frozenset()
    filters: Filters = field(default_factory=Filters)
    offset: int = 0
    size: int = PAGE_SIZE
    ranked: int = 0  # documents at most, those with most of the words; 0: as the engine has it


@dataclass(frozen=True, slots=True)
class Hit:
    """The best document of one group."""

    kind: str
    key: str
    group: str
    score: float


@dataclass(frozen=True, slots=True)
class Hits:
    """One page of results, best first. `terms` are what to mark in extracts (see `extracts`).

    `at_least`: more than `total` was found, and only so much of it was ranked (see
    `postgres_search` and `Query.ranked`).
    """

    hits: tuple[Hit, ...] = ()
    total: int = 0
    at_least: bool = False
    terms: frozenset[str] = frozenset()
    suggestion: str = ""


class SearchIndex(Protocol):
    """Both engines."""

    def ready(self) -> bool:
        """Whether every document was once put in since the index was made or changed version."""

    def replace(self, ids: Iterable[str], documents: Iterable[Document]) -> None:
        """Forget these ids, put these documents, at once; found by the next `search`.

        The documents are asked for only once no other writer is at work: read from the data then,
        they cannot put back what a later change took away.
        """

    def tidy(self) -> bool:
        """Put a little of the store in better order for reading, if there is any need; whether there was."""

    def let_go(self) -> bool:
        """Write one part anew without what was replaced in it, if there is one; whether there was."""

    def ids(self) -> frozenset[str]:
        """Every document there is."""

    def clear(self) -> None:
        """Start over with an empty index that is not ready."""

    def complete(self) -> None:
        """Say that every document was put in: `ready` from now on."""

    def search(self, query: Query) -> Hits:
        """Look up. Any text is a question; an empty one gives everything, newest first."""

    def size(self) -> int:
        """How many documents there are."""
