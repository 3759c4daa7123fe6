"""Documents of a search index, and questions to it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import Any

from community.search.index import Document, Filters, Hits, Query, SearchIndex

NOW = datetime(2026, 11, 21, 15, tzinfo=UTC)


def document(key: str, body: str = "", **given: Any) -> Document:
    """A document that says only what a test is about."""
    values: dict[str, Any] = {
        "kind": "post",
        "key": key,
        "title": "",
        "body": body,
        "lang": "fr",
        "space_id": 1,
        "created_at": NOW - timedelta(days=30),
    }
    return Document(**{**values, **given})


def put(index: SearchIndex, documents: Iterable[Document]) -> None:
    """Put documents into an index."""
    index.replace([], documents)


def ask(index: SearchIndex, text: str, *spaces: int, **given: Any) -> Hits:
    """Ask as somebody who sees these spaces (the first one if none is named)."""
    filters = given.pop("filters", Filters())
    return index.search(Query(text, frozenset(spaces or (1,)), NOW, filters=filters, **given))


def keys(hits: Hits) -> list[str]:
    """What was found, best first."""
    return [hit.key for hit in hits.hits]
