"""Small questions past the session, on connections kept at hand: of what is committed at this very moment.

On SQLite, beginning a transaction of the session and ending it costs more than all that a kept page asks.
What need not be of the same moment as anything else is therefore asked here; a page that has to be made
begins its session afterwards, and so reads what is newer, never older.

Not on PostgreSQL, not within a transaction that only tests have, and not once the session has begun to read.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from flask import current_app
from sqlalchemy.engine import Engine
from sqlalchemy.exc import OperationalError

from community.core.db import db

MOST_IDLE = 4  # connections; each keeps half a megabyte
_NAME = "connections_at_hand"


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
    idle: list[Any] = current_app.extensions.setdefault(_NAME, [])
    try:
        found = idle.pop()
    except IndexError:
        found = _opened()
    try:
        yield found
    except BaseException:
        found.close()
        raise
    if len(idle) < MOST_IDLE:
        idle.append(found)
    else:
        found.close()


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
