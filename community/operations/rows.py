"""Rows as plain values that either engine can take: what a backup holds, and how it comes back.

The tables are read and written as they are in the database, not as the models describe them, so that
a backup of an older version is loaded into the tables of that version.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterable
from datetime import UTC, date, datetime
from itertools import islice
from typing import Any
from weakref import WeakKeyDictionary

import sqlalchemy as sa

from community.operations import schema

AT_ONCE = 500
VERSION_TABLE = "alembic_version"


# What was read of a database, and at which version: reading it takes longer than the rows of a small one.
_known: WeakKeyDictionary[sa.Engine, tuple[str, sa.MetaData]] = WeakKeyDictionary()


def tables(connection: sa.Connection) -> list[sa.Table]:
    """Every table of the community, by name; not the one of the migrations, nor the index."""
    at = schema.revision(connection)
    known = _known.get(connection.engine)
    if known is None or known[0] != at:
        known = at, sa.MetaData()
        known[1].reflect(connection)
        if at:  # without a version nothing says when they change
            _known[connection.engine] = known
    found = known[1].tables
    return [found[name] for name in sorted(found) if name != VERSION_TABLE]


def read(connection: sa.Connection, table: sa.Table) -> Generator[list[Any]]:
    """Every row in the order of its key, which is chance where a row belongs to a person."""
    wanted = sa.select(table).order_by(*table.primary_key.columns)
    options = {"yield_per": AT_ONCE, "stream_results": True}
    for row in connection.execution_options(**options).execute(wanted):
        yield [plain(value) for value in row]


def plain(value: Any) -> Any:
    """A value as JSON has it."""
    if isinstance(value, datetime):
        return (value if value.tzinfo else value.replace(tzinfo=UTC)).astimezone(UTC).isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, bytes | memoryview):
        return bytes(value).hex()
    return value


def write(connection: sa.Connection, table: sa.Table, columns: list[str], rows: Iterable[list[Any]]) -> int:
    """Put rows into a table. Returns how many."""
    back = [_back(table.columns[name]) for name in columns]
    rows = iter(rows)
    count = 0
    while some := list(islice(rows, AT_ONCE)):
        values = [
            {name: turn(value) for name, turn, value in zip(columns, back, row, strict=True)} for row in some
        ]
        connection.execute(table.insert(), values)
        count += len(some)
    return count


def _back(column: sa.Column[Any]) -> Callable[[Any], Any]:
    """What makes a column's value of its plain one."""
    kind = column.type
    if isinstance(kind, sa.JSON):
        kind.none_as_null = bool(column.nullable)
        return lambda value: value
    turns: list[tuple[Any, Callable[[Any], Any]]] = [
        (sa.DateTime, datetime.fromisoformat),
        (sa.Date, date.fromisoformat),
        (sa.LargeBinary, bytes.fromhex),
    ]
    turn = next((turn for known, turn in turns if isinstance(kind, known)), None)
    return (lambda value: value) if turn is None else (lambda value: None if value is None else turn(value))
