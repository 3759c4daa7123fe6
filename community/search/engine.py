"""Which index this instance has: Whoosh beside SQLite, PostgreSQL's own with PostgreSQL.

Only the one that is used is read: the other would take a megabyte of each process.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from flask import current_app, g, request
from sqlalchemy import func, select

from community.core.db import db, transaction
from community.core.store import settings
from community.search.index import SearchIndex

if TYPE_CHECKING:
    from community.search.whoosh_index import WhooshIndex

SCHEMA = "search"
FOLDER = "index"
# Kinds that have an index of their own: a hundred thousand services that are brought in at once must
# neither keep a new post waiting for the writer nor be looked through by who searches the talk.
APART = {"service": "services"}
_TRIAL = "search_trial"
_SEEN = "search_schemas"
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
        from community.search.postgres_index import PostgresIndex

        return PostgresIndex(db.session, schema=_schema(name), there=lambda: _there()[_schema(name)])
    folder = settings().instance_dir / (f"{FOLDER}-{name}" if name else FOLDER)
    return _opened.get(folder) or _opened.setdefault(folder, _whoosh(folder, apart=bool(name)))


def _whoosh(folder: Path, *, apart: bool = False) -> WhooshIndex:
    from community.search.whoosh_index import WhooshIndex
    from community.search.whoosh_merging import LARGEST_APART, LARGEST_MERGED

    return WhooshIndex(folder, LARGEST_APART if apart else LARGEST_MERGED)


def _schema(name: str) -> str:
    return f"{SCHEMA}_{name}" if name else SCHEMA


def _there() -> dict[str, bool]:
    """Which of the schemas there are. Once all were seen they stay; until then a page asks once for all."""
    known = current_app.extensions.get(_SEEN) or (g.get(_SEEN) if request else None)
    return known or _look_for_schemas()


def _look_for_schemas() -> dict[str, bool]:
    names = [_schema(name) for name in ("", *APART.values())]
    asked = [func.to_regclass(f"{name}.state").is_not(None) for name in names]
    found: dict[str, bool] = dict(zip(names, db.session.execute(select(*asked)).one(), strict=True))
    if request and request.method == "GET":
        setattr(g, _SEEN, found)
        if all(found.values()):
            current_app.extensions[_SEEN] = found
    return found


def forget() -> None:
    """Look again which schemas there are: a test takes back those that it made."""
    current_app.extensions.pop(_SEEN, None)


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
            yield _whoosh(Path(folder) / FOLDER)
        return
    from community.search.postgres_index import PostgresIndex

    trial = PostgresIndex(db.session, schema=_TRIAL)
    try:
        yield trial
    finally:
        db.session.rollback()
