"""A community that stands ready to be asked: a world, a browser for each of the cast, things by name.

It is built once. Each question is asked in a transaction that is rolled back afterwards, so that no
answer depends on an earlier question.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from flask import Flask, current_app, url_for
from flask.testing import FlaskClient

from community.core import help
from community.core.changes import stamps
from community.core.db import db
from community.search import services as search
from tests import cast as people
from tests.conftest import Browser, build_app
from tests.make import world as worlds
from tests.rules import things
from tests.worlds.dump import Rows, dump

# Written by the machinery of a request, not by what was asked.
HOUSEKEEPING = ("sign_in",)


@dataclass
class Place:
    """The application with its world; ``ask`` asks as somebody."""

    app: Flask
    world: worlds.World
    browsers: dict[str, FlaskClient]
    written: list[str] = field(default_factory=list)

    def path(self, endpoint: str, thing: str, lang: str = "en") -> str:
        """The address of a thing, in the words of the table."""
        return self.address(endpoint, things.values(self.world, thing), lang)

    def address(self, endpoint: str, values: dict[str, Any], lang: str = "en") -> str:
        """The address of whatever has these values, there or not."""
        if self.app.url_map.is_endpoint_expecting(endpoint, "lang"):
            values = {**values, "lang": lang}
        with self.app.test_request_context():
            return url_for(endpoint, **values)

    def ask(self, who: str, method: str, address: str, **more: Any) -> Any:
        """One question in a transaction that leaves nothing; ``written`` says which tables it changed."""
        with undone(self.app):
            self.written.clear()
            answer = self._open(who, address, method=method, **more)
        self.written[:] = [table for table in self.written if table not in HOUSEKEEPING]
        return answer

    def effect(self, who: str, method: str, address: str, **more: Any) -> tuple[Any, Rows]:
        """The same, and every table as the question leaves it."""
        with undone(self.app) as connection:
            answer = self._open(who, address, method=method, **more)
            db.session.remove()
            return answer, dump(connection)

    def change(self, who: str, method: str, address: str, **more: Any) -> tuple[Any, Rows]:
        """The same of those tables alone that the question changed, and of those that may follow them."""
        with undone(self.app) as connection:
            self.written.clear()
            answer = self._open(who, address, method=method, **more)
            db.session.remove()
            return answer, dump(connection, _with_followers(self.written))

    def _open(self, who: str, address: str, **more: Any) -> Any:
        """The browser forgets the answer's cookies: what it was told belongs to this question."""
        browser = self.browsers[who]
        before = dict(browser._cookies or {})
        try:
            return browser.open(address, **more)
        finally:
            browser._cookies = before

    def row(self, who: str, method: str, endpoint: str, thing: str, **more: Any) -> Any:
        """Ask what a line of the table asks, with what its form needs."""
        sent = things.form(self.world, endpoint, thing) if method not in {"GET", "HEAD"} else None
        more.setdefault("data", sent)
        return self.ask(who, method, self.path(endpoint, thing), **more)


@contextmanager
def undone(app: Flask) -> Iterator[sa.Connection]:
    """A block in which everything the application writes is rolled back at the end."""
    engines = db._app_engines[app]
    engine = engines[None]
    assert isinstance(engine, sa.Engine)
    db.session.remove()
    connection = engine.connect()
    outer = connection.begin()
    engines[None] = connection  # type: ignore[assignment]
    try:
        yield connection
    finally:
        db.session.remove()
        engines[None] = engine
        outer.rollback()
        connection.close()


def _with_followers(tables: Iterable[str]) -> set[str]:
    """These tables and all in which the database deletes or empties what points at them."""
    found = set(tables)
    while more := {
        table.name
        for table in db.metadata.sorted_tables
        if table.name not in found
        and any(key.ondelete and key.column.table.name in found for key in table.foreign_keys)
    }:
        found |= more
    return found


@contextmanager
def _watched(app: Flask, engine: sa.Engine, written: list[str]) -> Iterator[None]:
    """Note the tables that are changed, past SQLAlchemy too, and forget those of what is rolled back."""
    marks: list[int] = []

    def past(statement: str) -> None:
        if current_app and current_app._get_current_object() is app:  # type: ignore[attr-defined]
            note(None, None, statement)

    def note(_connection: Any, _cursor: Any, statement: str, *_more: Any) -> None:
        if not statement.startswith(("INSERT", "DELETE", "UPDATE")):
            return
        words = statement.split(None, 3)
        written.append(words[1 if words[0] == "UPDATE" else 2].strip('"'))

    heard: dict[str, Any] = {
        "after_cursor_execute": note,
        "savepoint": lambda *_facts: marks.append(len(written)),
        "release_savepoint": lambda *_facts: marks.pop(),
        "rollback_savepoint": lambda _connection, _name, _context: written.__delitem__(
            slice(marks.pop(), None)
        ),
    }
    for event, hear in heard.items():
        sa.event.listen(engine, event, hear)
    stamps.listeners.append(past)
    try:
        yield
    finally:
        stamps.listeners.remove(past)


def _set_free() -> None:
    """Let the rows of the world be read without a session: their keys make the addresses."""
    for row in db.session:
        db.session.refresh(row)
    db.session.expunge_all()


@contextmanager
def standing(folder: Path, name: str, hashing: dict[str, Any] | None = None) -> Iterator[Place]:
    """Build the community, sign everybody in."""
    app = build_app(folder, name, hashing=hashing)
    app.config["WTF_CSRF_ENABLED"] = False  # tests/bad_input asks with it
    app.test_client_class = Browser
    with app.app_context():
        help.forget()
        world = worlds.build(people.assemble())
        things.add_more(world)
        search.rebuild()  # a search that finds no index asks for one, and asking must change nothing
        browsers = {who: someone.signs_in(app.test_client()) for who, someone in world.cast.items()}
        _set_free()
        try:
            place = Place(app, world, browsers)
            with _watched(app, db.engine, place.written):
                yield place
        finally:
            db.session.remove()
            db.engine.dispose()
