"""What somebody learns who gets hold of a whole dump of the database, and of nothing else.

The account side is told from the persona side by what the tables point at, not from a list: an
account table is ``member`` and whatever points at it. The vault stands between the two.
"""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any
from weakref import WeakKeyDictionary

import sqlalchemy as sa

Rows = dict[str, list[dict[str, Any]]]
VAULT = "vault"
# Words that both sides may hold, because they say nothing of anybody: the two languages, nothing, and what
# anybody may agree to by the name that jobs of that part of the program carry too.
ENUMERATIONS = frozenset({"", "fr", "en", "notifications"})
# Numbers below this are counts, versions and yes or no.
SMALL = 1000
# A shorter text is a code; one this long that occurs on both sides is no accident.
TELLING = 6


@dataclass(frozen=True, order=True)
class Shared:
    """A value of an account that is found again on the other side."""

    account: str  # table.column
    persona: str
    value: str


# What a database consists of is read from it once: reading that takes longer than the rows.
_known: WeakKeyDictionary[sa.Engine, sa.MetaData] = WeakKeyDictionary()


def dump(connection: sa.Connection, only: Collection[str] | None = None) -> Rows:
    """Every row of every table, or of these, in the order in which the engine keeps them."""
    tables = _known.get(connection.engine)
    if tables is None:
        tables = _known[connection.engine] = sa.MetaData()
        tables.reflect(connection)
    return {
        name: _rows(connection, table)
        for name, table in sorted(tables.tables.items())
        if only is None or name in only
    }


def _rows(connection: sa.Connection, table: sa.Table) -> list[dict[str, Any]]:
    kept = sa.select(table)
    if connection.dialect.name == "postgresql":
        kept = kept.order_by(sa.literal_column("ctid"))
    return [dict(row) for row in connection.execute(kept).mappings()]


def numbered(connection: sa.Connection) -> dict[str, set[tuple[int, int]]]:
    """Of every table, the numbers that its engine keeps with the rows without anybody having asked for them.

    PostgreSQL: of the transaction that wrote the row and of the one that held it last, which every query may
    ask for. SQLite: the number of the row, where a table has any.
    """
    return {name: _numbers_of(connection, name) for name in sorted(_known[connection.engine].tables)}


def _numbers_of(connection: sa.Connection, table: str) -> set[tuple[int, int]]:
    asked = "xmin::text::bigint, xmax::text::bigint"
    if connection.dialect.name == "sqlite":
        schema = "SELECT sql FROM sqlite_master WHERE name = :name"
        made = connection.execute(sa.text(schema), {"name": table}).scalar_one()
        asked = "0, 0" if made.rstrip().endswith("WITHOUT ROWID") else "rowid, 0"
    rows = connection.execute(sa.text(f'SELECT {asked} FROM "{table}"'))  # noqa: S608 (names of ours)
    return {(row[0], row[1]) for row in rows}


def account_tables(connection: sa.Connection) -> set[str]:
    """``member`` and every table that points at it."""
    inspector = sa.inspect(connection)
    found = {"member"}
    while more := {
        table
        for table in inspector.get_table_names()
        if table not in found
        and any(key["referred_table"] in found for key in inspector.get_foreign_keys(table))
    }:
        found |= more
    return found


def shared(rows: Rows, accounts: set[str]) -> list[Shared]:
    """Every value of an account that is found on the persona side: equal, held in another, or hashed."""
    ours = list(_cells(rows, accounts))
    theirs = list(_cells(rows, set(rows) - accounts - {VAULT}))
    equal = {value: place for place, value in theirs}
    texts = [(place, value) for place, value in theirs if isinstance(value, str)]
    # One search through all of them says first whether it is worth looking where.
    whole = "\n".join(text for _, text in texts)
    found = set()
    for place, value in ours:
        if value in equal:
            found.add(Shared(place, equal[value], str(value)))
        if isinstance(value, str) and len(value) >= TELLING:
            found |= {
                Shared(place, where, value)
                for form in _forms(value)
                if form in whole
                for where, text in texts
                if form in text
            }
    return sorted(found)


def _cells(rows: Rows, tables: set[str]) -> Iterator[tuple[str, Any]]:
    for table in sorted(tables & set(rows)):
        for row in rows[table]:
            for column, cell in row.items():
                for value in values(cell):
                    yield f"{table}.{column}", value


def values(cell: Any) -> Iterator[Any]:
    """What of a cell could tell something: not days, counts, yes or no, languages."""
    if isinstance(cell, (dict, list)):
        for part in _parts(cell):
            yield from values(part)
    elif isinstance(cell, (bytes, memoryview)):
        yield bytes(cell).hex()
    elif isinstance(cell, datetime):
        if cell.time() != time(0):
            yield _moment(cell)
    elif isinstance(cell, str):
        yield from _text(cell)
    elif isinstance(cell, (int, float)) and not isinstance(cell, bool) and abs(cell) >= SMALL:
        yield cell


def _parts(cell: dict[str, Any] | list[Any]) -> Iterable[Any]:
    return [*cell.keys(), *cell.values()] if isinstance(cell, dict) else cell


def _text(cell: str) -> Iterator[Any]:
    """A text; the moment it spells, when it does (SQLite keeps moments as texts); what its JSON holds."""
    if cell in ENUMERATIONS:
        return
    try:
        spelled = datetime.fromisoformat(cell) if len(cell) > len("2026-11-21") else None
    except ValueError:
        spelled = None
    if spelled is not None:
        yield from values(spelled)
    elif cell[:1] in "{[" and cell[-1:] in "}]":
        try:
            yield from values(json.loads(cell))
        except ValueError:
            yield cell
    elif not _is_day(cell):
        yield cell


def _is_day(cell: str) -> bool:
    try:
        return bool(date.fromisoformat(cell))
    except ValueError:
        return False


def _moment(value: datetime) -> str:
    return value.replace(tzinfo=None).isoformat(" ", "seconds")


def _forms(value: str) -> set[str]:
    """The text itself and what is often made of it: hashes without a key, base 64, hexadecimal."""
    raw = value.encode()
    hashes = {hashlib.new(name, raw) for name in ("md5", "sha1", "sha256", "sha512", "blake2b")}
    return {
        value,
        raw.hex(),
        base64.b64encode(raw).decode().rstrip("="),
        base64.urlsafe_b64encode(raw).decode().rstrip("="),
        *(made.hexdigest() for made in hashes),
        *(base64.urlsafe_b64encode(made.digest()).decode().rstrip("=") for made in hashes),
    }


def likeness(first: list[str], second: list[str]) -> float:
    """How far two orders of the same things agree: Spearman's rank correlation (1 same, -1 reversed)."""
    place = {thing: number for number, thing in enumerate(second)}
    apart = sum((number - place[thing]) ** 2 for number, thing in enumerate(first))
    count = len(first)
    return 1 - 6 * apart / (count * (count**2 - 1))
