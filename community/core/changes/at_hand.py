"""Small questions past the session, on connections kept at hand: of what is committed at this very moment.

On SQLite, beginning a transaction of the session and ending it costs more than all that a kept page asks.
What need not be of the same moment as anything else is therefore asked here; a page that has to be made
begins its session afterwards, and so reads what is newer, never older.

Not on PostgreSQL, not within a transaction that only tests have, and not once the session has begun to read.
"""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from flask import current_app
from sqlalchemy import event
from sqlalchemy.engine import Engine
from sqlalchemy.exc import OperationalError

from community.core.db import db

MOST = 4  # connections; each keeps half a megabyte, and reads the whole schema when it is opened (2 ms)
PATIENCE = 0.05  # seconds for one of them to be free: a question takes less than a thousandth of that
_NAME = "connections_at_hand"


class _AtHand:
    """Those of one process, and how many more may ask at once."""

    def __init__(self) -> None:
        self.idle: list[Any] = []
        self.free = threading.Semaphore(MOST)

    def close(self, _engine: object = None) -> None:
        """Let go of those that nobody uses."""
        while self.idle:
            self.idle.pop().close()

    def __del__(self) -> None:
        # They go with the application that had them; Python says so of what nobody closed.
        self.close()


def of_sqlite() -> bool:
    """Whether this is SQLite, as everybody sees it."""
    engine = db.engine
    # Tests put a connection in its place, with a transaction that nobody else sees.
    return type(engine) is Engine and engine.dialect.name == "sqlite"


def may_ask() -> bool:
    """Whether nothing was read yet with which an answer from here might disagree."""
    return of_sqlite() and not (db.session.registry.has() and db.session().in_transaction())


@contextmanager
def connection() -> Iterator[Any]:
    """A connection of SQLite's own, on which each question is of its own moment and none changes anything."""
    kept: _AtHand = current_app.extensions.get(_NAME) or _kept()
    stays = kept.free.acquire(timeout=PATIENCE)  # else one is opened for this question alone
    found: Any = None
    try:
        found = _idle(kept) or _opened()
        yield found
    except BaseException:
        if found is not None:
            found.close()
        raise
    else:
        if stays:
            kept.idle.append(found)
        else:
            found.close()
    finally:
        if stays:
            kept.free.release()


def _kept() -> _AtHand:
    kept: _AtHand = current_app.extensions.setdefault(_NAME, _AtHand())
    event.listen(db.engine, "engine_disposed", kept.close)  # they were taken from it
    return kept


def _idle(kept: _AtHand) -> Any:
    try:
        return kept.idle.pop()
    except IndexError:
        return None


def _opened() -> Any:
    taken = db.engine.raw_connection()
    found = taken.dbapi_connection
    taken.detach()  # it never goes back, so that its transactions are nobody else's
    assert found is not None  # noqa: S101 - it was just opened
    found.execute("PRAGMA query_only=1")
    return found


def ask(statement: str, values: Sequence[Any]) -> Sequence[Sequence[Any]]:
    """The rows of a statement. :raises OperationalError: as SQLAlchemy says it, for whoever answers to it."""
    try:
        with connection() as asked:
            found: Sequence[Sequence[Any]] = asked.execute(statement, values).fetchall()
            return found
    except sqlite3.OperationalError as problem:
        raise OperationalError(statement, None, problem) from problem
