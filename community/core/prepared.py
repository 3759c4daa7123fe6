"""Statements that are put together once.

Building and compiling a statement costs SQLAlchemy more than SQLite takes to answer it. What every page
asks is therefore built once a process, compiled once a database engine, and then sent as text.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import CompoundSelect, Delete, Insert, Select, Update
from sqlalchemy.engine import CursorResult, Dialect

from community.core.db import db

_SQLITE = "%Y-%m-%d %H:%M:%S.%f"
Statement = Select[Any] | CompoundSelect[Any] | Insert | Update | Delete


class Prepared:
    """A statement with ``bindparam`` places; ``rows(key=…)`` asks it.

    :param build: gives the statement; called once a dialect, when it is first needed. It must depend on
        nothing but its places: never on who asks.

    Rows come as the driver gives them: a moment of SQLite as text (see :func:`moment`), a truth as a number.
    What the session has not written yet is not written for it: it must not matter here.
    """

    def __init__(self, build: Callable[[], Statement]) -> None:
        self._build = build
        self._compiled: dict[str, tuple[str, dict[str, Any], list[str] | None]] = {}

    def rows(self, **values: Any) -> Sequence[Sequence[Any]]:
        """The rows for these values, which the driver must take as they are; moments are seen to."""
        return [tuple(row) for row in self._sent(values).all()]

    def change(self, **values: Any) -> int:
        """Change what the statement changes, in the open transaction. Returns how many rows."""
        return int(self._sent(values).rowcount)

    def _sent(self, values: dict[str, Any]) -> CursorResult[Any]:
        connection = db.session.connection()
        text, constants, order = self._for(connection.dialect, values)
        given = {**constants, **values}
        if connection.dialect.name == "sqlite":
            given = {name: _as_text(value) for name, value in given.items()}
        parameters: Any = tuple(given[name] for name in order) if order is not None else given
        return connection.exec_driver_sql(text, parameters)

    def _for(self, dialect: Dialect, values: dict[str, Any]) -> tuple[str, dict[str, Any], list[str] | None]:
        found = self._compiled.get(dialect.name)
        if found is None:
            made = self._build().compile(dialect=dialect).construct_expanded_state(values)
            order = list(made.positiontup) if made.positiontup is not None else None
            found = self._compiled[dialect.name] = (made.statement, dict(made.parameters), order)
        return found


def moment(value: datetime | str) -> datetime:
    """A moment of a prepared statement's row, in UTC."""
    return value if isinstance(value, datetime) else datetime.fromisoformat(value).replace(tzinfo=UTC)


def _as_text(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.strftime(_SQLITE)
    return value.isoformat() if isinstance(value, date) else value


def as_sent(value: datetime, *, like: datetime | str) -> Any:
    """A moment as the driver sends it, to be compared with others of its rows (``like`` is one of them)."""
    return value if isinstance(like, datetime) else value.strftime(_SQLITE)
