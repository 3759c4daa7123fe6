"""Which index this instance has: Whoosh beside SQLite, PostgreSQL's own with PostgreSQL."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from community.core.db import db, transaction
from community.core.store import settings
from community.search.index import SearchIndex
from community.search.postgres_index import SCHEMA, PostgresIndex
from community.search.whoosh_index import WhooshIndex

FOLDER = "index"
# Kinds that have an index of their own: a hundred thousand services that are brought in at once must
# neither keep a new post waiting for the writer nor be looked through by who searches the talk.
APART = {"service": "services"}
_TRIAL = "search_trial"
_opened: dict[Path, WhooshIndex] = {}


def site_index() -> SearchIndex:
    """The index of the site. Writes to PostgreSQL's belong to the open transaction."""
    return _index("")


def index_for(kind: str) -> SearchIndex:
    """The index in which things of this kind are."""
    return _index(APART.get(kind, ""))


def every_index() -> tuple[SearchIndex, ...]:
    """The index of the site, then those of kinds that have one of their own."""
    return tuple(_index(name) for name in ("", *APART.values()))


def _index(name: str) -> SearchIndex:
    if not settings().sqlite:
        return PostgresIndex(db.session, schema=f"{SCHEMA}_{name}" if name else SCHEMA)
    folder = settings().instance_dir / (f"{FOLDER}-{name}" if name else FOLDER)
    if folder not in _opened:
        _opened[folder] = WhooshIndex(folder)
    return _opened[folder]


@contextmanager
def writing() -> Iterator[None]:
    """Around a call that writes the index: a transaction where it lives in the database.

    None for Whoosh: it would keep people from writing to SQLite while words are cut.
    """
    if settings().sqlite:
        yield
        return
    with transaction():
        yield


@contextmanager
def trial_index() -> Iterator[SearchIndex]:
    """An empty index of the same make, gone when the block ends."""
    if settings().sqlite:
        with tempfile.TemporaryDirectory(prefix="passerelle-search-") as folder:
            yield WhooshIndex(Path(folder) / FOLDER)
        return
    trial = PostgresIndex(db.session, schema=_TRIAL)
    try:
        yield trial
    finally:
        db.session.rollback()
