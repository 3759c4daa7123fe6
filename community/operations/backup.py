"""A backup of a community that goes on living: one moment of every table, and the files that it names.

Both engines show one connection a still picture while others write: SQLite by its write-ahead log,
PostgreSQL by a repeatable read. No program of the database is needed. The key file, the mail folder
and the index are not in it: the first must lie elsewhere, the second has gone out, the third is built
anew. Neither are sessions: after a restore everybody signs in again.
"""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Iterable
from contextlib import closing
from pathlib import Path

import sqlalchemy as sa

from community.core import clock, files, store
from community.core.db import db
from community.core.keyfile import FINGERPRINT
from community.operations import archive, rows, schema
from config import ROOT

Progress = Callable[[str], None]
_left_out: set[str] = set()
Names = Callable[[sa.Connection], Iterable[str]]
_files: list[Names] = []


class NotUpToDate(Exception):
    """The tables are not those of this program; the message is for the operator."""


def leave_out(*tables: str) -> None:
    """Have these tables be empty after a restore: what must not come back, such as sessions."""
    _left_out.update(tables)


def also_files(names: Names) -> None:
    """Have files of the site kept with the rows that name them.

    :param names: reads the names from the picture of the tables that is being written.
    """
    if names not in _files:
        _files.append(names)


def name_now() -> str:
    """The name of a backup made now. It sorts by time, and two of the same second have two names."""
    return f"passerelle-{clock.now():%Y%m%dT%H%M%S%fZ}.tar"


def write(path: Path, progress: Progress = lambda _: None) -> int:
    """Write a backup to a file. Returns how many rows it holds.

    :raises NotUpToDate: the tables are older or newer than this program.
    """
    with archive.written(path) as made, db.engine.connect() as connection:
        _hold_still(connection)
        revision = schema.revision(connection)
        if revision != schema.newest():
            raise NotUpToDate("The tables are not those of this version: first run flask migrate.")
        for table in rows.tables(connection):
            if table.name in _left_out:
                continue
            with closing(rows.read(connection, table)) as found:
                part = made.add(table.name, [column.name for column in table.columns], found)
            progress(f"{part.table}: {part.rows}")
        _hold_files(made, connection, progress)
        made.finish(
            {
                "made_at": clock.now().isoformat(),
                "program": version(),
                "engine": connection.dialect.name,
                "revision": revision,
                "key_fingerprint": connection.scalar(
                    sa.select(store.Stored.value).where(store.Stored.name == FINGERPRINT)
                ),
            }
        )
        return sum(part.rows for part in made.parts)


def _hold_files(made: archive.Writing, connection: sa.Connection, progress: Progress) -> None:
    """The files that the rows name. One that was taken away since the picture was taken is gone for good."""
    place, lost = files.site_files(), 0
    for name in sorted({name for names in _files for name in names(connection)}):
        try:
            made.hold(name, place.get(name))
        except FileNotFoundError:
            lost += 1
    progress(f"files: {len(made.files)}" + (f", {lost} not there any more" if lost else ""))


def _hold_still(connection: sa.Connection) -> None:
    """Begin a transaction that sees one moment until its end, and keeps nobody from writing."""
    if connection.dialect.name == "postgresql":
        connection.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
    connection.begin()
    connection.execute(sa.select(store.Stored.name).limit(1)).all()


def version() -> str:
    """The version of this program."""
    with (ROOT / "pyproject.toml").open("rb") as file:
        return str(tomllib.load(file)["project"]["version"])
