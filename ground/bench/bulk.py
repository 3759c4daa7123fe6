"""Rows in bulk. PostgreSQL takes them as a copy: inserts of as many rows take several times as long."""

from __future__ import annotations

import random
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import Column, insert, inspect, text

from community.core import planner
from community.core.db import Base, db
from community.core.ids import base62


def insert_all(table: type[Base], rows: Iterable[Mapping[str, Any]]) -> None:
    """Write these rows in the open transaction; all name the same columns."""
    made = list(rows)
    if not made:
        return
    if db.engine.dialect.name == "sqlite":
        db.session.execute(insert(table), made)
    else:
        _copy(table, made)


def _copy(table: type[Base], rows: Sequence[Mapping[str, Any]]) -> None:
    said = {one.key: one.columns[0] for one in inspect(table).column_attrs}
    columns: dict[str, Any] = {name: one for name, one in said.items() if isinstance(one, Column)}
    usual = {
        key: column.default.arg
        for key, column in columns.items()
        if column.default is not None and column.default.is_scalar
    }
    keys = [key for key in columns if key in rows[0] or key in usual]
    quote = db.engine.dialect.identifier_preparer.quote
    names = ", ".join(quote(columns[key].name) for key in keys)
    into = f"COPY {quote(table.__tablename__)} ({names}) FROM STDIN"
    driver: Any = db.session.connection().connection
    with driver.cursor() as cursor, cursor.copy(into) as taken:
        for row in rows:
            full = {**usual, **row}
            taken.write_row([full[key] for key in keys])


def count_rows() -> None:
    """Have the database count, after so much was written at once."""
    planner.count_rows()
    if db.engine.dialect.name != "sqlite":
        db.session.execute(text("ANALYZE"))
        db.session.commit()


def settle() -> None:
    """Have PostgreSQL do now what it would do by itself while pages are measured."""
    if db.engine.dialect.name != "sqlite":
        with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(text("VACUUM ANALYZE"))


def drawn_key(dice: random.Random) -> str:
    """A key like those of the site, the same at each run."""
    return base62(dice.getrandbits(128))
