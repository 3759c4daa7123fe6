"""A number for each thing that pages are made of, raised by the database itself when one of its rows changes.

Working out anew what a page is made of costs more than everything else that a kept page needs. On SQLite
triggers raise a number whenever a row is added, changed or removed, whoever does it and from whichever
process, in the very transaction that does it. While the numbers of a page stand still, so does all that was
read from those rows, and one small statement says so. What only time changes is not in them.

PostgreSQL has no such triggers: people who write at once would wait for each other's numbers, and one that
comes out of turn would call a page new that is old. There the rows themselves are asked.

A domain names its tables (``watch``) when it is set up; the triggers are made after the tables.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from typing import Any

from flask import Flask
from sqlalchemy import Connection, String, Table, event
from sqlalchemy.orm import Mapped, mapped_column

from community.core.changes import at_hand
from community.core.db import Base, db

_ACTS = {"INSERT": ("NEW",), "UPDATE": ("OLD", "NEW"), "DELETE": ("OLD",)}
_RAISE = (
    "INSERT INTO stamp (place, number) VALUES ({place}, 1)"
    " ON CONFLICT (place) DO UPDATE SET number = number + 1;"
)
# Told of each statement: it passes by whoever counts those of SQLAlchemy.
listeners: list[Callable[[str], None]] = []
_watched: dict[str, str] = {}  # the name of a trigger -> what makes it


class Stamp(Base):
    """How often the rows of a place were changed: a topic, the people, the spaces. Says nothing of when."""

    __tablename__ = "stamp"

    place: Mapped[str] = mapped_column(String(40), primary_key=True)
    number: Mapped[int]


def watch(
    table: Table,
    place: str,
    *,
    unless: Collection[str] = (),
    but: str = "",
    acts: Collection[str] = ("INSERT", "UPDATE", "DELETE"),
) -> None:
    """Raise the number of a place whenever a row of this table changes.

    :param place: the place as an SQL expression, ``{row}`` for the row: ``"'topic:' || {row}.topic_id"``.
    :param unless: columns of which a change alone raises nothing; ``but`` it does for rows of this kind,
        an SQL condition on ``NEW``. :param acts: that change anything there.
    """
    for act in acts:
        rows = _ACTS[act]
        raised = " ".join(_RAISE.format(place=place.format(row=row)) for row in rows)
        kind = "".join(letter for letter in place.partition("'")[2].partition("'")[0] if letter.isalpha())
        name = f"stamp_{table.name}_{kind}_{act.lower()}"
        when = f" WHEN {_another(table, unless, but)}" if unless and act == "UPDATE" else ""
        _watched[name] = f'CREATE TRIGGER "{name}" AFTER {act} ON "{table.name}"{when} BEGIN {raised} END'


def _another(table: Table, unless: Collection[str], but: str) -> str:
    """Whether a column beside these has another value, or the row is of the kind that always counts."""
    others = [column.name for column in table.columns if column.name not in unless]
    return " OR ".join([*(f'OLD."{name}" IS NOT NEW."{name}"' for name in others), *([but] if but else [])])


def drop(connection: Connection) -> None:
    """Take the triggers away: while one names a table, SQLite does not let that table be made anew."""
    if connection.dialect.name != "sqlite":
        return
    there = (
        connection.exec_driver_sql("SELECT name FROM sqlite_master WHERE type = 'trigger'").scalars().all()
    )
    for name in there:
        if name.startswith("stamp_"):
            connection.exec_driver_sql(f'DROP TRIGGER "{name}"')


def make(connection: Connection) -> None:
    """Make the triggers as they are to be; called when the tables have been made or changed."""
    if connection.dialect.name != "sqlite":
        return
    drop(connection)
    tables = set(connection.exec_driver_sql("SELECT name FROM sqlite_master").scalars())
    if Stamp.__tablename__ in tables:
        for statement in _watched.values():
            if statement.partition(' ON "')[2].partition('"')[0] in tables:
                connection.exec_driver_sql(statement)


@event.listens_for(Base.metadata, "after_create")
def _made(_metadata: Any, connection: Connection, **_more: Any) -> None:
    make(connection)


class Reader:
    """Reads numbers past SQLAlchemy: of one site, or of the one that is being asked, within its context.

    None where there is no such row, and where numbers cannot be relied on: on PostgreSQL, without the
    triggers, and within a transaction that only tests have.
    """

    def __init__(self, app: Flask | None = None) -> None:
        self._app = app
        self._sound_as_of: int | None = None  # the version of the schema whose triggers were looked at

    def row(self, statement: str, values: Sequence[Any]) -> tuple[Any, ...] | None:
        """The one row of a statement, on a connection of its own: what is committed at this moment."""
        asked = at_hand.of(self._app) if self._app else at_hand.here()
        if not asked.of_sqlite():
            return None
        return asked.use(lambda connection: self._row(connection, statement, values))

    def row_seen(self, statement: str, values: Sequence[Any]) -> tuple[Any, ...] | None:
        """The same as the session sees it: what it reads before and after is of the same moment.

        Whoever keeps what the session reads must ask here: a number that is newer than what was read
        would call it right for too long. As long as the session has read nothing, it reads later anyway.
        """
        if not at_hand.of_sqlite():
            return None
        if at_hand.may_ask():
            return self.row(statement, values)
        cursor = db.session.connection().connection.cursor()
        try:
            return self._row(cursor, statement, values)
        finally:
            cursor.close()

    def _row(self, cursor: Any, statement: str, values: Sequence[Any]) -> tuple[Any, ...] | None:
        if not self._sound(cursor):
            return None
        for hear in listeners:
            hear(statement)
        found: tuple[Any, ...] | None = cursor.execute(statement, tuple(values)).fetchone()
        return found

    def _sound(self, cursor: Any) -> bool:
        version = cursor.execute("PRAGMA schema_version").fetchone()[0]
        if version != self._sound_as_of:
            made = cursor.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'").fetchall()
            if not _watched.items() <= dict(made).items():
                return False
            self._sound_as_of = version
        return True
