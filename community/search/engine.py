"""Which index this instance has: Whoosh beside SQLite, PostgreSQL's own with PostgreSQL."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from community.core.db import db, transaction
from community.core.store import settings
from community.search.index import SearchIndex
from community.search.postgres_index import PostgresIndex
from community.search.whoosh_index import WhooshIndex

FOLDER = "index"
_TRIAL = "search_trial"
_opened: dict[Path, WhooshIndex] = {}


def site_index() -> SearchIndex:
    """The index of the site. Writes to PostgreSQL's belong to the open transaction."""
    if not settings().sqlite:
        return PostgresIndex(db.session)
    folder = settings().instance_dir / FOLDER
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
