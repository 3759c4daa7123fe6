"""Statements that are put together once.

Building and compiling a statement costs SQLAlchemy more than SQLite takes to answer it. What every page
asks is therefore built once a process, compiled once a database engine, and then sent as text.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from flask import g
from sqlalchemy import CompoundSelect, Connection, Delete, Insert, Select, Update
from sqlalchemy.engine import CursorResult, Dialect
from sqlalchemy.exc import DBAPIError

from community.core.changes import at_hand, stamps
from community.core.db import db

_SQLITE = "%Y-%m-%d %H:%M:%S.%f"
# For whoever asks, where a statement is built for all who have the same rights: ``rows(me=…)``.
ME = "\x00me"
Statement = Select[Any] | CompoundSelect[Any] | Insert | Update | Delete


class Prepared:
    """A statement with ``bindparam`` places; ``rows(key=…)`` asks it.

    :param build: gives the statement; called once a dialect, when it is first needed. It must depend on
        nothing but its places: never on who asks. What it holds on to stays as long: better makes it anew.

    Rows come as the driver gives them: a moment of SQLite as text (see :func:`moment`), a truth as a number.
    What the session has not written yet is not written for it: it must not matter here.
    """

    def __init__(self, build: Callable[[], Statement]) -> None:
        self._build = build
        self._compiled: dict[str, _Compiled] = {}

    def rows(self, **values: Any) -> Sequence[Sequence[Any]]:
        """The rows for these values, which the driver must take as they are; moments are seen to."""
        connection = _connection()
        asked = self._for(connection.dialect, values)
        if connection.dialect.name == "sqlite":
            return _of_sqlite(connection, asked, values)[0]
        return [tuple(row) for row in _sent(connection, asked, values).all()]

    def rows_apart(self, **values: Any) -> Sequence[Sequence[Any]]:
        """The same, where it need not be of the same moment as what else is asked (see ``at_hand``)."""
        if not at_hand.may_ask():
            return self.rows(**values)
        asked = self._for(db.engine.dialect, values)
        for hear in stamps.listeners:
            hear(asked.text)
        return at_hand.ask(asked.text, asked.given(values))

    def change(self, **values: Any) -> int:
        """Change what the statement changes, in the open transaction. Returns how many rows."""
        connection = _connection()
        asked = self._for(connection.dialect, values)
        if connection.dialect.name == "sqlite":
            return _of_sqlite(connection, asked, values)[1]
        return int(_sent(connection, asked, values).rowcount)

    def _for(self, dialect: Dialect, values: dict[str, Any]) -> _Compiled:
        found = self._compiled.get(dialect.name)
        if found is None:
            found = self._compiled[dialect.name] = _compiled(self._build(), dialect, values)
        return found


@dataclass(frozen=True)
class _Compiled:
    """A statement of one kind of database: its text, what stands in it, and in which order it is given."""

    text: str
    constants: dict[str, Any]
    mine: list[str]  # those of them that stand for whoever asks
    frame: list[Any]  # all values in order, for SQLite
    open: list[tuple[int, str]]  # those that another value fills each time, by their place in the order

    def given(self, values: dict[str, Any]) -> list[Any]:
        """All of them with these values in their places, as SQLite takes them."""
        given = list(self.frame)
        for place, name in self.open:
            given[place] = _as_text(values[name])
        return given


def _compiled(statement: Statement, dialect: Dialect, values: dict[str, Any]) -> _Compiled:
    made = statement.compile(dialect=dialect).construct_expanded_state(values)
    order = made.positiontup or ()
    constants = {name: _as_sent(dialect, value) for name, value in made.parameters.items()}
    mine = {name for name, value in made.parameters.items() if value == ME}
    # SQLite is asked by places alone: of what the rights of one reader make of a statement, no more is kept.
    named = dialect.name != "sqlite"
    return _Compiled(
        text=made.statement,
        constants=constants if named else {},
        mine=sorted(mine) if named else [],
        frame=[constants.get(name) for name in order],
        open=[
            (place, "me" if name in mine else name)
            for place, name in enumerate(order)
            if name in values or name in mine
        ],
    )


def _connection() -> Connection:
    """That of the session, looked for once a transaction."""
    connection: Connection | None = g.get("prepared_on")
    if connection is None or connection.closed:
        connection = g.prepared_on = db.session.connection()
    return connection


def _sent(connection: Connection, asked: _Compiled, values: dict[str, Any]) -> CursorResult[Any]:
    mine = dict.fromkeys(asked.mine, values.get("me"))
    return connection.exec_driver_sql(asked.text, {**asked.constants, **values, **mine})


def _of_sqlite(
    connection: Connection, asked: _Compiled, values: dict[str, Any]
) -> tuple[Sequence[Sequence[Any]], int]:
    """On SQLAlchemy's connection, but past it: it takes longer around a statement than SQLite within it.

    The rows, and how many were changed.
    """
    for hear in stamps.listeners:
        hear(asked.text)
    cursor: Any = connection.connection.cursor()
    try:
        found: Sequence[Sequence[Any]] = cursor.execute(asked.text, asked.given(values)).fetchall()
        return found, cursor.rowcount
    except sqlite3.Error as problem:  # as SQLAlchemy says it, for whoever answers to it
        raise DBAPIError.instance(asked.text, None, problem, sqlite3.Error) from problem
    finally:
        cursor.close()


def moment(value: datetime | str) -> datetime:
    """A moment of a prepared statement's row, in UTC."""
    return value if isinstance(value, datetime) else datetime.fromisoformat(value).replace(tzinfo=UTC)


def _as_sent(dialect: Dialect, value: Any) -> Any:
    return _as_text(value) if dialect.name == "sqlite" else value


def _as_text(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.astimezone(UTC).strftime(_SQLITE)  # whoever plans an hour may name it in a zone
    return value.isoformat() if isinstance(value, date) else value


def as_sent(value: datetime, *, like: datetime | str) -> Any:
    """A moment as the driver sends it, to be compared with others of its rows (``like`` is one of them)."""
    return value if isinstance(like, datetime) else value.strftime(_SQLITE)
