"""The results page: what the viewer asked, answered from what the viewer may see."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar

from sqlalchemy import Select, select

from community.accounts.viewer import Viewer
from community.core import clock
from community.core.jobs import Job
from community.core.prepared import Prepared
from community.forum.models import Space
from community.search.engine import site_index
from community.search.index import Filters, Hit, Query
from community.search.sources import Found, Heard, all_sources, source

Member = TypeVar("Member")


@dataclass(frozen=True)
class Results:
    """One page of results."""

    items: Sequence[Found] = ()
    total: int = 0
    at_least: bool = False  # there are more, and these were ranked
    suggestion: str = ""
    ready: bool = True
    more: bool = field(default=False)


def results(
    viewer: Viewer, text: str, filters: Filters, page: int, size: int, spaces: Collection[Space]
) -> Results:
    """What this viewer finds. Every hit is asked of its own domain's rule before it is shown.

    :param spaces: those that the viewer sees.
    """
    index, every = site_index(), all_sources()
    heard = _heard()
    hits = index.search(
        Query(
            text=text,
            space_ids=_all(one.places(viewer, spaces) for one in every),
            topic_keys=_all(one.groups(viewer) for one in every),
            but=_all(one.changing(heard) for one in every),
            now=clock.now(),
            filters=filters,
            offset=(page - 1) * size,
            size=size,
        )
    )
    found = _found(viewer, hits.hits, hits.terms)
    items = [found[hit.kind, hit.key] for hit in hits.hits if (hit.kind, hit.key) in found]
    return Results(
        items=items,
        total=hits.total - (len(hits.hits) - len(items)),
        at_least=hits.at_least,
        suggestion=hits.suggestion,
        ready=index.ready(),
        more=page * size < hits.total,
    )


def _announced() -> Select[Any]:
    names = sorted(name for one in all_sources() for name in one.announced)
    return select(Job.name, Job.arguments).where(Job.name.in_(names))


_ANNOUNCED = Prepared(_announced)


def _heard() -> list[Heard]:
    """What changed and is not in the index yet."""
    return [Heard(name, _plain(arguments)) for name, arguments in _ANNOUNCED.rows()]


def _plain(arguments: Any) -> dict[str, Any]:
    """As some drivers read JSON and others leave it."""
    read: dict[str, Any] = arguments if isinstance(arguments, dict) else json.loads(arguments)
    return read


def _all(sets: Iterable[Collection[Member]]) -> frozenset[Member]:
    return frozenset(one for some in sets for one in some)


def _found(viewer: Viewer, hits: Iterable[Hit], terms: frozenset[str]) -> Mapping[tuple[str, str], Found]:
    """What may be shown of these, by kind and key; each kind is asked once."""
    keys: defaultdict[str, list[str]] = defaultdict(list)
    for hit in hits:
        keys[hit.kind].append(hit.key)
    return {
        (kind, key): item
        for kind, some in keys.items()
        if (of := source(kind)) is not None
        for key, item in of.shown(viewer, some, terms).items()
    }
