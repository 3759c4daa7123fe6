"""Many new rows at once, passing over those that are there already.

PostgreSQL takes them as a copy, which costs it and the program less than half of as many inserts; a copy
passes over nothing, so where a row is there already, all of them go one by one.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import FromClause

from community.core.db import Base, db
from community.core.upsert import insert_into

FEW = 20  # rows that are not worth a copy


def insert(model: type[Base]) -> Any:
    """An insert that passes over what is there already."""
    return insert_into(model.__table__).on_conflict_do_nothing()


def insert_new(model: type[Base], rows: Sequence[Mapping[str, Any]]) -> None:
    """Keep those of these rows that are not there yet, in the open transaction. Each names every column."""
    if not rows:
        return
    by_copy = db.engine.dialect.name == "postgresql" and len(rows) > FEW
    if not (by_copy and _copied(model.__tablename__, model.__table__, rows)):
        db.session.execute(insert(model), rows)


def _copied(name: str, table: FromClause, rows: Sequence[Mapping[str, Any]]) -> bool:
    """Whether all of them were new; none of them is kept otherwise."""
    from psycopg.errors import UniqueViolation  # only where it is used: it takes memory of each process

    quote = db.engine.dialect.identifier_preparer.quote
    names = [column.name for column in table.columns]
    into = f"COPY {quote(name)} ({', '.join(map(quote, names))}) FROM STDIN"
    try:
        with db.session.begin_nested():
            driver: Any = db.session.connection().connection
            with driver.cursor() as cursor, cursor.copy(into) as taken:
                for row in rows:
                    taken.write_row([row[name] for name in names])
    except UniqueViolation:
        return False
    return True
