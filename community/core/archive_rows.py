"""Rows of an archive as the columns of a table take them: whoever has such a file may have changed it.

Only the columns that are asked for are read, each as the table says: its kind, its length, whether it may
be empty. A moment has a zone and does not lie ahead. Whatever else stands in a row is left.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, Boolean, Column, Date, Integer, String

from community.core import clock
from community.core.db import Base, UtcDateTime
from community.core.text import MAX_BODY

_LARGEST = 2**31 - 1


class BadRow(Exception):
    """A row that no archive of ours holds; the message names what is wrong with it."""


def each(rows: Mapping[str, Any], name: str) -> Iterator[dict[str, Any]]:
    """The rows of a list, none where it is missing. :raises BadRow: it is no list of rows."""
    found = rows.get(name, [])
    if not isinstance(found, list) or not all(isinstance(row, dict) for row in found):
        raise BadRow(f"“{name}” is no list of rows.")
    yield from found


def text(row: Mapping[str, Any], name: str, longest: int = MAX_BODY) -> str:
    """A text that stands under this name. :raises BadRow: there is none, or it is too long."""
    found = row.get(name)
    if not isinstance(found, str) or len(found) > longest or "\0" in found:
        raise BadRow(f"“{name}” is no text of at most {longest:,} characters.")
    return found


def columns(table: type[Base], row: Mapping[str, Any], *names: str) -> dict[str, Any]:
    """These columns of a table out of a row. One that is missing keeps what the table gives it.

    :raises BadRow: a value is not what its column holds, or one that it needs is missing.
    """
    there = [name for name in names if _is_there(table, row, name)]
    return {name: _value(_column(table, name), row[name]) for name in there}


def _column(table: type[Base], name: str) -> Column[Any]:
    return table.__mapper__.columns[name]


def _is_there(table: type[Base], row: Mapping[str, Any], name: str) -> bool:
    column = _column(table, name)
    if name not in row and column.default is None and not column.nullable:
        raise BadRow(f"A row of “{table.__tablename__}” lacks “{name}”.")
    return name in row


def _value(column: Column[Any], value: Any) -> Any:
    if value is None and column.nullable:
        return None
    try:
        return _read(column, value)
    except (TypeError, ValueError, OverflowError):
        raise BadRow(f"“{column.name}” of “{column.table.name}” is not what stands there.") from None


def _read(column: Column[Any], value: Any) -> Any:
    """:raises ValueError: it is not what the column holds."""
    kind = column.type
    if isinstance(kind, UtcDateTime):
        return _moment(value)
    if isinstance(kind, Date):
        return date.fromisoformat(value)
    if isinstance(kind, String):
        return text({column.name: value}, column.name, kind.length or MAX_BODY)
    if isinstance(kind, JSON) and isinstance(value, dict):
        return value
    if isinstance(kind, Boolean) and isinstance(value, bool):
        return value
    whole = isinstance(kind, Integer) and isinstance(value, int) and not isinstance(value, bool)
    if not whole or not 0 <= value <= _LARGEST:
        raise ValueError
    return value


def _moment(value: Any) -> datetime:
    read = datetime.fromisoformat(value)
    if read.tzinfo is None or read > clock.now():
        raise ValueError
    return read
