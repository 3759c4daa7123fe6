"""A document as Whoosh takes it: words already cut, filters as one list of facets."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from whoosh import fields

from community.core.calm import give_way
from community.core.regions import with_ancestors
from community.search import plan
from community.search.index import Document
from community.search.plan import index_terms
from community.search.whoosh_snapshot import ALL
from community.search.whoosh_worth import WEIGHTS

_KEYWORDS = {"scorable": True}


def schema() -> fields.Schema:
    """The fields of the index. Only classes of Whoosh: it is pickled, and ours must be free to move."""
    return fields.Schema(
        id=fields.ID(unique=True, stored=True),
        kind=fields.STORED,
        key=fields.STORED,
        group=fields.ID(sortable=True),
        title=fields.KEYWORD(**_KEYWORDS),
        context=fields.KEYWORD(**_KEYWORDS),
        body=fields.KEYWORD(**_KEYWORDS),
        facets=fields.KEYWORD,
        created=fields.NUMERIC(int, bits=64, sortable=True),
    )


def row(document: Document) -> dict[str, Any]:
    """What is kept of a document. Steps aside first while somebody is answered."""
    give_way()
    return {
        "id": document.id,
        "kind": document.kind,
        "key": document.key,
        "group": document.group,
        "title": " ".join(index_terms(document.title, document.lang)),
        "context": " ".join(index_terms(document.context, document.lang)),
        "body": " ".join(index_terms(document.body, document.lang)),
        "facets": " ".join(_facets(document)),
        "created": int(document.created_at.timestamp()),
    }


def words(of: Mapping[str, Any]) -> set[str]:
    """The words of a row that can mend a spelling."""
    return plan.spelling_words(term for name in WEIGHTS for term in of[name].split())


def _facets(document: Document) -> Iterator[str]:
    yield ALL
    yield f"space:{document.space_id}"
    yield f"topic:{document.topic_key}"
    yield f"theme:{document.theme}"
    yield f"kind:{document.topic_kind}"
    yield f"lang:{document.lang}"
    yield f"answered:{document.answered}"
    for code in with_ancestors(document.region):
        yield f"region:{code}"
