"""A community that really keeps what it is sent, and pages of it that its cast open in turn.

Only what is really committed moves the numbers of the database by which kept pages are known to be fresh.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from flask import Flask
from flask.testing import FlaskClient

from community.core.db import db
from tests import cast as people
from tests.conftest import ENGINE, Browser, build_app

SQLITE = ENGINE == "sqlite"
# What differs between two looks of one reader at one page.
OWN = re.compile(r'name="(?:csrf_token|idem)" value="[^"]+"|data-nonce="[^"]*"|after=[\w%-]+')
# A place of a page made for many that nobody filled: its letters are drawn by each process, see
# community/core/pages/shared.py and fragments.py. A token may hold two of them by chance, not twenty.
UNFILLED = re.compile(r"ZZ[a-z0-9]{16,}Z")
Cast = dict[str, people.Someone]


@contextmanager
def lasting(folder: Path, name: str) -> Iterator[tuple[Flask, Cast]]:
    """The program with the cast in a database of its own, of that name where databases have names."""
    app = build_app(folder, name)
    app.config["WTF_CSRF_ENABLED"] = False
    app.test_client_class = Browser
    with app.app_context():
        yield app, people.assemble()
        db.session.remove()
        db.engine.dispose()


@dataclass(frozen=True)
class Look:
    """A page as one of the cast was shown it; shared: others were shown the same before."""

    said: str
    shared: bool
    status_code: int


class Looks:
    """Pages opened by the cast, each in a browser of their own."""

    def __init__(self, app: Flask, cast: Cast) -> None:
        self.app, self.cast = app, cast
        self.browsers: dict[str, FlaskClient] = {}

    def at(self, who: str, lang: str, address: str) -> Look:
        """The page at this address, without its language."""
        if who not in self.browsers:
            self.browsers[who] = self.cast[who].signs_in(self.app.test_client())
        pages = self.app.extensions["shared_pages"]
        hits = pages.hits
        answer = self.browsers[who].get(f"/{lang}/{address}")
        return Look(answer.get_data(as_text=True), pages.hits > hits, answer.status_code)
