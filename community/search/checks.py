"""The index holds what can be found, and nothing else; and how far it is behind."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import datetime

from sqlalchemy import ColumnElement, func, or_, select

from community.core import clock
from community.core.db import db
from community.core.jobs import Job
from community.search.engine import every_index
from community.search.sources import Source, all_sources

AT_ONCE = 500
PATIENCE = 3  # looks, for what is on its way into the index while we compare
PAUSE = 2.0


def against_the_tables() -> Iterator[str]:
    """What is missing from the index or too much in it, and still so after a few seconds."""
    missing, left = _differences()
    for _ in range(PATIENCE - 1):
        if not missing and not left:
            return
        db.session.rollback()
        time.sleep(PAUSE if _waiting() else 0)
        again_missing, again_left = _differences()
        missing, left = missing & again_missing, left & again_left
    if missing:
        yield f"{len(missing)} things that can be found are in no index: flask search rebuild"
    if left:
        yield f"{len(left)} documents of the index are gone from the tables: flask search rebuild"


def _differences() -> tuple[frozenset[str], frozenset[str]]:
    known = frozenset(one for index in every_index() for one in index.ids())
    wanted = frozenset(f"{source.kind}:{key}" for source in all_sources() for key in _every_key(source))
    return wanted - known, known - wanted


def _every_key(source: Source) -> Iterator[str]:
    after = ""
    while keys := source.keys(after, AT_ONCE):
        yield from keys
        after = keys[-1]


def _waiting() -> bool:
    return bool(
        db.session.scalar(select(func.count()).select_from(Job).where(_ours(), Job.state == "waiting"))
    )


def behind() -> float:
    """For how many seconds the oldest change has been waiting to be in the index."""
    oldest: datetime | None = db.session.scalar(
        select(func.min(Job.run_at)).where(_ours(), Job.state == "waiting", Job.run_at <= clock.now())
    )
    return max((clock.now() - oldest).total_seconds(), 0.0) if oldest else 0.0


def _ours() -> ColumnElement[bool]:
    return or_(Job.name.startswith("search.index"), Job.name.startswith("search.receivers."))
