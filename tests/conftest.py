"""What every test stands on: the application on a real engine, one outer transaction a test, a cast.

``TEST_ENGINE`` is sqlite (default) or postgresql; the latter needs ``TEST_DATABASE_URL``, a server
whose user may create databases (``python3 dev.py test`` starts one). Nothing is mocked but the
network, the clock and the mail.
"""

from __future__ import annotations

import contextvars
import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
import time_machine
from flask import Flask, current_app
from flask.testing import FlaskClient, FlaskCliRunner

from community.app import create_app
from community.core import cli, clock, help
from community.core.db import db, set_up_engine, transaction
from community.core.keyfile import FINGERPRINT
from community.core.sealing import Keyring
from community.core.store import put
from community.search import engine as engine_of_search
from config import read_settings
from tests import cast as people

ENGINE = os.environ.get("TEST_ENGINE", "sqlite")
RING = Keyring((b"a key for tests only, 32 bytes..",))


def new_database(folder: Path, name: str) -> str:
    """The address of a fresh, empty database on the engine under test."""
    if ENGINE == "sqlite":
        return f"sqlite:///{folder / (name + '.db')}"
    server = sa.make_url(os.environ["TEST_DATABASE_URL"])
    engine = sa.create_engine(server, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(sa.text(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)'))
        connection.execute(sa.text(f'CREATE DATABASE "{name}"'))
    engine.dispose()
    return server.set(database=name).render_as_string(hide_password=False)


def copied_database(engine: sa.Engine, folder: Path, name: str) -> str:
    """The address of a copy of this engine's database, which nobody may be using."""
    engine.dispose()
    if ENGINE == "sqlite":
        copy = folder / f"{name}.db"
        with closing(sqlite3.connect(str(engine.url.database))) as old, closing(sqlite3.connect(copy)) as new:
            old.backup(new)
        return f"sqlite:///{copy}"
    server = sa.create_engine(os.environ["TEST_DATABASE_URL"], isolation_level="AUTOCOMMIT")
    with server.connect() as connection:
        connection.execute(sa.text(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)'))
        connection.execute(sa.text(f'CREATE DATABASE "{name}" TEMPLATE "{engine.url.database}"'))
    server.dispose()
    return engine.url.set(database=name).render_as_string(hide_password=False)


def build_app(folder: Path, name: str, *, hashing: dict[str, Any] | None = None, **environment: str) -> Flask:
    """An application of its own, with its tables, its key and what every instance starts with.

    :param hashing: how it hashes passwords; cheaply unless said otherwise.
    """
    settings = read_settings(
        {
            "PASSERELLE_ENV": "test",
            "INSTANCE_DIR": str(folder),
            "DATABASE_URL": new_database(folder, name),
            "JOBS": "none",
            **environment,
        }
    )
    app = create_app(
        settings, keyring=RING, RATELIMIT_ENABLED=False, **(FAST if hashing is None else hashing)
    )
    app.test_cli_runner_class = Operator
    with app.app_context():
        _spell_savepoints_once(db.engine.dialect)
        db.create_all()
        with transaction():
            put(FINGERPRINT, RING.fingerprint())
        cli.load_core_data()
    return app


def _spell_savepoints_once(dialect: sa.Dialect) -> None:
    """Give savepoints to the driver as they are. Inside the outer transaction of a test each request makes
    some, and SQLAlchemy would compile every one anew: a tenth of what a short request costs."""
    for act, words in (
        ("do_savepoint", "SAVEPOINT"),
        ("do_rollback_to_savepoint", "ROLLBACK TO SAVEPOINT"),
        ("do_release_savepoint", "RELEASE SAVEPOINT"),
    ):
        setattr(
            dialect, act, lambda connection, name, words=words: connection.exec_driver_sql(f"{words} {name}")
        )


# Cheap hashes: what is tested is that passwords are hashed, not how long it takes.
FAST: dict[str, Any] = {
    "SECURITY_PASSWORD_HASH_PASSLIB_OPTIONS": {
        "argon2__rounds": 1,
        "argon2__memory_cost": 8,
        "argon2__parallelism": 1,
    },
}


class Browser(FlaskClient):
    """A test client whose requests see nothing of the test's own context."""

    def open(self, *args: Any, **kwargs: Any) -> Any:
        """Send a request in a context of its own, then let the test read fresh rows."""
        answer = contextvars.Context().run(super().open, *args, **kwargs)
        db.session.expire_all()
        return answer


class Operator(FlaskCliRunner):
    """A test runner whose commands see nothing of the test's own context, nor of another application's."""

    def invoke(self, *args: Any, **kwargs: Any) -> Any:
        """Run a command in a context of its own, then let the test read fresh rows."""
        answer = contextvars.Context().run(self._alone, *args, **kwargs)
        if current_app:
            db.session.expire_all()
        return answer

    def _alone(self, *args: Any, **kwargs: Any) -> Any:
        with self.app.app_context():
            return super().invoke(*args, **kwargs)


@pytest.fixture(scope="session")
def built_app(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Iterator[Flask]:
    """The application, built once for all tests of this process."""
    app = build_app(tmp_path_factory.mktemp("instance"), f"passerelle_{worker_id}")
    app.test_client_class = Browser
    yield app
    with app.app_context():
        db.engine.dispose()


@pytest.fixture(scope="session")
def with_cast(
    built_app: Flask, tmp_path_factory: pytest.TempPathFactory, worker_id: str
) -> Iterator[tuple[sa.Engine, dict[str, people.Someone]]]:
    """A second database of the application in which the cast stands already, and the cast.

    To put twelve people together takes longer than most tests that ask about them.
    """
    name = f"passerelle_{worker_id}_cast"
    with built_app.app_context():
        engines = db._app_engines[built_app]
        engine = engines[None]
        engines[None] = peopled = sa.create_engine(
            copied_database(engine, tmp_path_factory.mktemp("cast"), name),
            **built_app.config["SQLALCHEMY_ENGINE_OPTIONS"],
        )
        set_up_engine(peopled)
        _spell_savepoints_once(peopled.dialect)
        cast = people.assemble()
        db.session.remove()
        engines[None] = engine
    yield peopled, cast
    peopled.dispose()


@pytest.fixture
def app(built_app: Flask, request: pytest.FixtureRequest) -> Iterator[Flask]:
    """The application inside one outer transaction, rolled back when the test ends.

    Where the test asks for the ``whole_cast``, in the database in which it stands.
    """
    with built_app.app_context():
        help.forget()
        engine_of_search.forget()
        engines = db._app_engines[built_app]
        engine = own = engines[None]
        if "whole_cast" in request.fixturenames:
            engine, people.standing = request.getfixturevalue("with_cast")
        connection = engine.connect()
        outer = connection.begin()
        engines[None] = connection  # type: ignore[assignment]  # as its documentation does
        try:
            yield built_app
        finally:
            db.session.remove()
            engines[None] = own
            people.standing = None
            outer.rollback()
            connection.close()


@pytest.fixture
def whole_cast(app: Flask) -> dict[str, people.Someone]:
    """Everybody of the cast by name; they were there before the test began."""
    return people.assemble()


@pytest.fixture
def db_session(app: Flask) -> Any:
    """The session of the test, in its outer transaction."""
    return db.session


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """A browser that nobody has signed in."""
    return app.test_client()


@pytest.fixture
def amid_the_hour() -> Iterator[None]:
    """It is twenty past: no hour, quarter of an hour or minute ends while a test of a second or two looks.

    A limit lets one more through when its window ends; what is planned for the next quarter may be planned
    for an hour, which is what an account keeps of a sign-in.
    """
    with time_machine.travel(clock.now().replace(minute=20, second=5)):
        yield


@pytest.fixture(scope="session")
def models(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Path:
    """Where all processes of one run of the tests find what they need a copy of."""
    base = tmp_path_factory.getbasetemp()
    found = (base if worker_id == "master" else base.parent) / "models"
    found.mkdir(exist_ok=True)
    return found


@pytest.fixture(scope="session")
def place(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Iterator[Any]:
    """A community with one browser for each of the cast, built once; nothing that is asked of it stays."""
    from tests.rules.place import standing

    with standing(tmp_path_factory.mktemp("place"), f"passerelle_place_{worker_id}") as ready:
        yield ready
