"""Members with passwords, and a browser that fills the forms of accounts."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from flask import Flask, current_app
from flask.testing import FlaskClient
from flask_security.utils import hash_password
from werkzeug.test import TestResponse

from community.accounts.members import User
from community.accounts.services import joining
from community.accounts.services.personas import Wish
from community.app import create_app
from community.core.db import db, transaction
from community.core.jobs import run_waiting_jobs
from community.core.keyfile import first_key
from community.core.limits import limiter
from config import Settings, read_settings
from tests.cast import Someone
from tests.conftest import FAST, Browser, new_database
from tests.make.tokens import token_of

PASSWORD = "tilted harvest moon, violet"


@dataclass(frozen=True)
class Account(Someone):
    """Somebody who is certainly signed up."""

    persona_id: str = ""
    member_id: str = ""


def csrf(page: TestResponse) -> str:
    """The token of the first form on a page."""
    found = re.search(r'name="csrf_token" value="([^"]+)"', page.text)
    assert found, page.text[:2000]
    return found.group(1)


def send(client: FlaskClient, address: str, *, form: str = "", **fields: Any) -> TestResponse:
    """Fill the form that stands at ``form`` (or at the address itself) and send it.

    :param form: the menu stands for any page: its token is that of all, and nobody looks at it.
    """
    token = token_of(client) if form == "/en/menu" else csrf(client.get(form or address))
    return client.post(address, data={"csrf_token": token, **fields})


def account(email: str, name: str = "Robin Brook", *, password: str = PASSWORD, lang: str = "en") -> Account:
    """A member with a password and a public name, whose address is confirmed."""
    wish = Wish("public", name, (), None, lang)
    with transaction():
        member_id, persona_id, _ = joining.bring_in(wish, email=email, password_hash=hash_password(password))
    return Account(name, persona_id, member_id)


def sign_in(client: FlaskClient, email: str, password: str = PASSWORD, **more: Any) -> TestResponse:
    """Go through the sign-in page."""
    return send(client, "/en/sign-in", email=email, password=password, **more)


def joining_form(client: FlaskClient, **changes: Any) -> dict[str, Any]:
    """A joining form as a careful person fills it; None takes a field out."""
    page = client.get("/en/join")
    fields: dict[str, Any] = {
        "csrf_token": csrf(page),
        "email": "ines@example.org",
        "password": PASSWORD,
        "kind": "public",
        "name": "Ines Calder",
        "groups": ["physician"],
        "region": "on",
        "age": "y",
        "charter": "y",
        **changes,
    }
    return {name: value for name, value in fields.items() if value is not None}


def proposed(client: FlaskClient) -> str:
    """One of the protected names that the joining page proposes."""
    found = re.search(r'name="proposed" type="radio" value="([^"]+)"', client.get("/en/join").text)
    assert found
    return found.group(1)


def post_box() -> list[Any]:
    """The letters that were sent, after the jobs that wait have run."""
    run_waiting_jobs()
    box: list[Any] = getattr(current_app.extensions["mailman"], "outbox", None) or []
    return box


def link_in(letter: Any) -> str:
    """The path of the link in a letter."""
    found = re.search(r"https?://[^/\s]+(/\S+)", letter.body)
    assert found, letter.body
    return found.group(1)


def confirm(client: FlaskClient, path: str, password: str = PASSWORD) -> TestResponse:
    """Press the button behind the link of a confirming letter, with the password that was chosen."""
    return send(client, path, password=password)


def member_row(email: str) -> User:
    """The account of an address."""
    db.session.expire_all()
    return db.session.query(User).filter(User.email == email).one()


@contextmanager
def own_app(folder: Path, name: str) -> Iterator[Flask]:
    """An application of a test's own: its database, its key file, its limits switched on."""
    settings = read_settings(
        {
            "PASSERELLE_ENV": "test",
            "INSTANCE_DIR": str(folder),
            "DATABASE_URL": new_database(folder, name),
            "JOBS": "none",
        }
    )
    with next_life(settings) as app:
        db.create_all()
        with transaction():
            first_key(app, settings)
        yield app


@contextmanager
def next_life(settings: Settings) -> Iterator[Flask]:
    """The process of an instance, started (again) on what it finds."""
    was = limiter.enabled
    app = create_app(settings, **{**FAST, "RATELIMIT_ENABLED": True})
    app.test_client_class = Browser
    with app.app_context():
        try:
            yield app
        finally:
            limiter.enabled = was
            db.session.remove()
            db.engine.dispose()
