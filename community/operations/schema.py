"""The tables as the migrations make them: brought up to date whole, or left as they were.

All steps run in one transaction, which both engines have for tables too: whoever is killed in the
middle leaves the tables of before. Two at once wait for one another.

The library of migrations is read when it is first needed: whatever answers pages goes without it.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from flask import Flask, current_app
from sqlalchemy import Connection, Engine, text

from community.core.db import db

if TYPE_CHECKING:
    from alembic.config import Config

_LOCK = 7316_2025  # any fixed number: who changes tables holds it
_PATIENCE_MS = 3_600_000  # another one may be moving a million rows


class BrokenReference(RuntimeError):
    """After the change a row names one that is not there; nothing was kept."""


@contextmanager
def alone(engine: Engine) -> Iterator[Connection]:
    """One transaction in which tables may be changed, kept at the end or not at all.

    SQLite changes a table by making it anew, and dropping the old one would take along every row that
    belongs to its rows: references are let go meanwhile and looked at before the end.

    :raises BrokenReference: the block left a reference to nothing.
    """
    with engine.connect() as connection:
        sqlite = connection.dialect.name == "sqlite"
        if sqlite:
            _let_references_go(connection)
        try:
            with connection.begin():
                if not sqlite:
                    connection.execute(text("SELECT pg_advisory_xact_lock(:n)"), {"n": _LOCK})
                yield connection
                if sqlite:
                    _refuse_broken(connection)
        finally:
            if sqlite:
                connection.invalidate()  # nobody else gets a connection that lets references go


def _let_references_go(connection: Connection) -> None:
    raw: Any = connection.connection.driver_connection
    raw.execute("PRAGMA foreign_keys=OFF")
    raw.execute(f"PRAGMA busy_timeout={_PATIENCE_MS}")
    connection.execution_options(writing=True)


def _refuse_broken(connection: Connection) -> None:
    broken = connection.execute(text("PRAGMA foreign_key_check")).fetchmany(3)
    if broken:
        raise BrokenReference(
            f"References to nothing: {[tuple(row) for row in broken]}. Nothing was changed."
        )


def bring_up_to_date(to: str = "head", connection: Connection | None = None) -> tuple[str, str]:
    """Run the migrations that are lacking. Returns the revision before and after.

    :param connection: one of :func:`alone`, when more is to happen in the same transaction.
    """
    from alembic import command

    if connection is None:
        with alone(db.engine) as own:
            return bring_up_to_date(to, own)
    before = revision(connection)
    config = _config()
    config.attributes["connection"] = connection
    command.upgrade(config, to)
    return before, revision(connection)


def revision(connection: Connection) -> str:
    """The revision of the tables; "" when there are none."""
    from alembic.runtime.migration import MigrationContext

    return MigrationContext.configure(connection).get_current_revision() or ""


def newest() -> str:
    """The revision this program needs."""
    from alembic.script import ScriptDirectory

    return ScriptDirectory.from_config(_config()).get_current_head() or ""


def knows(name: str) -> bool:
    """Whether this program has the migration of this name; a newer program's it has not."""
    from alembic.script import ScriptDirectory
    from alembic.util.exc import CommandError

    try:
        return ScriptDirectory.from_config(_config()).get_revision(name) is not None
    except CommandError:
        return False


def init_app(app: Flask) -> None:
    """Prepare ``flask db`` and what this module asks."""
    from flask_migrate import Migrate

    options: dict[str, Any] = {"render_as_batch": True, "compare_type": True, "compare_server_default": False}
    Migrate(app, db, directory=str(app.extensions["root"] / "migrations"), **options)


def _config() -> Config:
    if "migrate" not in current_app.extensions:
        init_app(current_app._get_current_object())  # type: ignore[attr-defined]
    migrate = current_app.extensions["migrate"].migrate
    found: Config = migrate.get_config(migrate.directory)
    return found
