"""Small questions past the session, on connections kept at hand: of what is committed at this very moment.

On SQLite, beginning a transaction of the session and ending it costs more than all that a kept page asks.
What need not be of the same moment as anything else is therefore asked here; a page that has to be made
begins its session afterwards, and so reads what is newer, never older.

Not on PostgreSQL, not within a transaction that only tests have, and not once the session has begun to read.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Mapping, Sequence
from queue import Empty, SimpleQueue
from typing import Any, TypeVar

from flask import Flask, current_app
from sqlalchemy import event
from sqlalchemy.engine import Engine
from sqlalchemy.exc import DBAPIError

from community.core.db import db

MOST = 4  # connections; each keeps half a megabyte, and reads the whole schema when it is opened (2 ms)
PATIENCE = 0.05  # seconds for one of them to be free: a question takes less than a thousandth of that
_NAME = "connections_at_hand"

Found = TypeVar("Found")


class AtHand:
    """Those of one site: which nobody uses, the last used first, and how many more may ask at once."""

    def __init__(self, engines: Mapping[str | None, Engine]) -> None:
        self.engines = engines  # as they are at any moment: tests put others there
        self.idle: list[Any] = []
        # As many as may ask; a semaphore takes ten times as long.
        self.free: SimpleQueue[None] = SimpleQueue()
        for _ in range(MOST):
            self.free.put(None)

    def of_sqlite(self) -> bool:
        """Whether this is SQLite, as everybody sees it."""
        engine = self.engines[None]
        # Tests put a connection in its place, with a transaction that nobody else sees.
        return type(engine) is Engine and engine.dialect.name == "sqlite"

    def use(self, question: Callable[[Any], Found]) -> Found:
        """What a question finds on a connection of SQLite's own: of its own moment, and nothing changes.

        :raises DBAPIError: what SQLite refuses, as SQLAlchemy says it, for whoever answers to it: a full
            disk lets no connection be opened.
        """
        stays = self._may_stay()  # else one is opened for this question alone
        used: Any = None
        try:
            used = self._idle() or self._opened()
            found = question(used)
        except BaseException as problem:
            if used is not None:
                used.close()
            if isinstance(problem, sqlite3.Error):
                raise DBAPIError.instance("", None, problem, sqlite3.Error) from problem
            raise
        else:
            if stays:
                self.idle.append(used)
            else:
                used.close()
            return found
        finally:
            if stays:
                self.free.put(None)

    def close(self, _engine: object = None) -> None:
        """Let go of those that nobody uses."""
        while self.idle:
            self.idle.pop().close()

    def __del__(self) -> None:
        # They go with the application that had them; Python says so of what nobody closed.
        self.close()

    def _may_stay(self) -> bool:
        try:
            self.free.get(timeout=PATIENCE)
        except Empty:
            return False
        return True

    def _idle(self) -> Any:
        try:
            return self.idle.pop()
        except IndexError:
            return None

    def _opened(self) -> Any:
        engine = self.engines[None]
        if not event.contains(engine, "engine_disposed", self.close):
            event.listen(engine, "engine_disposed", self.close)  # they are taken from it
        taken = engine.raw_connection()
        found = taken.dbapi_connection
        taken.detach()  # it never goes back, so that its transactions are nobody else's
        assert found is not None  # noqa: S101 - it was just opened
        found.execute("PRAGMA query_only=1")
        return found


def of(app: Flask) -> AtHand:
    """Those of this site; no context of the application is needed once they are there."""
    found: AtHand | None = app.extensions.get(_NAME)
    if found is None:
        with app.app_context():
            found = app.extensions.setdefault(_NAME, AtHand(db.engines))
    return found


def here() -> AtHand:
    """Those of the site that is being asked."""
    return of(current_app._get_current_object())  # type: ignore[attr-defined]


def of_sqlite() -> bool:
    """Whether this is SQLite, as everybody sees it."""
    return here().of_sqlite()


def may_ask() -> bool:
    """Whether nothing was read yet with which an answer from here might disagree."""
    return of_sqlite() and not (db.session.registry.has() and db.session().in_transaction())


def ask(statement: str, values: Sequence[Any]) -> Sequence[Sequence[Any]]:
    """The rows of a statement. :raises DBAPIError: see :meth:`AtHand.use`."""
    return here().use(lambda asked: asked.execute(statement, values).fetchall())
