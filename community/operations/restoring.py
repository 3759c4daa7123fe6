"""A backup put in the place of what is there: all of it in one transaction, or nothing.

The tables are made as they were at the time of the backup, filled, and brought up to date. Whatever
the engine: a backup of the small size can be restored into the large one. What must follow
(erasures again, the index anew) follows before the site may start; a restore that was cut off in
between goes on with ``flask restore --finish``.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from contextlib import closing
from pathlib import Path

import sqlalchemy as sa
from flask import current_app

from community.core import audit, files, store
from community.core.db import db, transaction
from community.core.jobs import Job
from community.core.keyfile import UNFINISHED
from community.core.sealing import Keyring, read_keyring
from community.core.store import settings
from community.operations import archive, erasures, rows, schema
from community.operations.archive import BadArchive

Progress = Callable[[str], None]
_afterwards: dict[str, Callable[[], None]] = {}


class NotEmpty(Exception):
    """There is a community in the database already."""


def afterwards(what: str, act: Callable[[], None]) -> None:
    """Have something done after every restore, before the site may start. It may run twice."""
    _afterwards[what] = act


def take_key() -> Keyring:
    """The ring of the key file, whatever the database at hand says of it.

    :raises KeyFileProblem: there is no readable key file.
    """
    given = current_app.extensions["keyring"]
    found: Keyring = given if isinstance(given, Keyring) else read_keyring(settings().key_file)
    current_app.extensions["keyring"] = found
    return found


def restore(path: Path, marks: Collection[str], *, replace: bool, progress: Progress = lambda _: None) -> int:
    """Put a backup in place. Returns how many rows came back.

    :param marks: who was erased, from every ledger at hand; kept in the database until it was applied.
    :raises BadArchive: it is damaged, of a newer program, or made under another key; nothing changed.
    :raises NotEmpty: something is there, and ``replace`` does not say that it may go; nothing changed.
    """
    take_key()
    with archive.opened(path) as backup:
        _check(backup)
        if not replace and holds_rows():
            raise NotEmpty(
                "There is a community in this database: --replace puts the backup in its place. Nothing "
                "was changed."
            )
        progress("checking the parts")
        backup.verify()
        for held in backup.files:  # before the rows that name them
            files.site_files().put(held.name, backup.content(held))
        progress(f"files: {len(backup.files)}")
        db.session.remove()
        with schema.alone(db.engine) as connection:
            _drop_everything(connection)
            schema.bring_up_to_date(backup.facts["revision"], connection)
            count = _fill(connection, backup, progress)
            schema.bring_up_to_date("head", connection)
            _to_be_finished(connection, marks)
    return count


def finish(progress: Progress = lambda _: None) -> int:
    """What must follow before the site may start. Returns how many were erased again; harmless twice."""
    take_key()
    marks = store.get(UNFINISHED)
    if marks is None:
        return 0
    erasures.take_in(marks)
    with transaction() as session:
        erased = erasures.apply(frozenset(marks))
        # A worker that does not live here any more had them.
        session.execute(sa.update(Job).values(claimed_by=None, claimed_until=None))
    for what, act in _afterwards.items():
        progress(what)
        act()
    with transaction() as session:
        session.execute(sa.delete(store.Stored).where(store.Stored.name == UNFINISHED))
        audit.record("operator", "site.restored", erased=erased)
    return erased


def _check(backup: archive.Reading) -> None:
    fingerprints = {Keyring((secret,)).fingerprint() for secret in take_key().secrets}
    if backup.facts["key_fingerprint"] not in fingerprints:
        raise BadArchive("The key file is not that of this backup. Put the right one in place.")
    if not schema.knows(backup.facts["revision"]):
        raise BadArchive(
            f"This backup was made by a newer version ({backup.facts['program']}): restore it with that one."
        )


def holds_rows() -> bool:
    """Whether any table of the community has a row."""
    with db.engine.connect() as connection:
        return any(
            connection.execute(sa.select(sa.literal(1)).select_from(table).limit(1)).first() is not None
            for table in rows.tables(connection)
        )


def _drop_everything(connection: sa.Connection) -> None:
    found = sa.MetaData()
    found.reflect(connection)
    if connection.dialect.name == "postgresql":
        for name in found.tables:
            connection.execute(sa.text(f'DROP TABLE "{name}" CASCADE'))
    else:
        found.drop_all(connection)


def _fill(connection: sa.Connection, backup: archive.Reading, progress: Progress) -> int:
    """Every part into its table, while references may still point forward."""
    tables = {table.name: table for table in rows.tables(connection)}
    let_go = _let_references_go(connection)
    for table in tables.values():
        connection.execute(table.delete())  # what a migration put in comes from the backup as well
    count = 0
    for part in backup.parts:
        with closing(backup.rows(part)) as found:
            count += rows.write(connection, tables[part.table], part.columns, found)
        progress(f"{part.table}: {part.rows}")
    for statement in let_go:
        connection.execute(sa.text(statement))
    if connection.dialect.name == "postgresql":
        _go_on_counting(connection, tables.values())
    return count


_REFERENCES = """SELECT conrelid::regclass::text AS of, quote_ident(conname) AS name,
    pg_get_constraintdef(oid) AS says FROM pg_constraint
    WHERE contype = 'f' AND connamespace = current_schema()::regnamespace"""


def _let_references_go(connection: sa.Connection) -> list[str]:
    """On PostgreSQL, drop the references until all is there. Returns what makes them again."""
    if connection.dialect.name != "postgresql":
        return []
    back = []
    for row in connection.execute(sa.text(_REFERENCES)).all():
        connection.execute(sa.text(f"ALTER TABLE {row.of} DROP CONSTRAINT {row.name}"))
        back.append(f"ALTER TABLE {row.of} ADD CONSTRAINT {row.name} {row.says}")
    return back


def _go_on_counting(connection: sa.Connection, tables: Collection[sa.Table]) -> None:
    """Sequences go on after the last number that came back."""
    for table in tables:
        for column in table.primary_key.columns:
            if isinstance(column.type, sa.Integer):
                connection.execute(
                    sa.text(
                        f"SELECT setval(s, m) FROM (SELECT pg_get_serial_sequence(:table, :column) AS s, "  # noqa: S608 - names of our tables
                        f'max("{column.name}") AS m FROM "{table.name}") AS last '
                        "WHERE s IS NOT NULL AND m IS NOT NULL"
                    ),
                    {"table": table.name, "column": column.name},
                )


def _to_be_finished(connection: sa.Connection, marks: Collection[str]) -> None:
    kept = sa.delete(store.Stored).where(store.Stored.name == UNFINISHED)
    connection.execute(kept)
    connection.execute(sa.insert(store.Stored).values(name=UNFINISHED, value=sorted(marks)))
