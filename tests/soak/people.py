"""The people of a soak: members with one name each, made beside the running site."""

from __future__ import annotations

from dataclasses import dataclass

from flask import Flask
from flask_security.utils import hash_password

from community.accounts import session, vault
from community.accounts.services import Wish, bring_in
from community.core.db import db, transaction

PASSWORD = "three rivers and one footbridge"
_NAMES = ("Aspen", "Birch", "Cedar", "Dogwood", "Elder", "Fern", "Gale", "Hazel", "Iris", "Juniper")


@dataclass(frozen=True)
class Account:
    """Somebody who can sign in."""

    email: str
    persona: str


def strong_cookie(app: Flask, account: Account) -> dict[str, str]:
    """The cookie of a session that was opened by more than a password, as duties want it."""
    signer = app.session_interface.get_signing_serializer(app)  # type: ignore[attr-defined]
    with app.test_request_context():
        member_id = vault.member_of(account.persona)
        assert member_id
        with transaction():
            values = session.new_values(member_id, account.persona, strong=True)
        db.session.remove()
    return {app.config["SESSION_COOKIE_NAME"]: signer.dumps({**values, "_permanent": True})}


def join(app: Flask, how_many: int, gathering: str = "writer") -> list[Account]:
    """Make so many members, named after their gathering.

    All have one password, hashed once: what is soaked is not the hashing.
    """
    with app.app_context():
        hashed = hash_password(PASSWORD)
        accounts = []
        for number in range(how_many):
            name = f"{_NAMES[number % 10]} {_NAMES[number // 10 % 10]}{gathering}"
            email = f"{gathering}{number}@example.org"
            with transaction():
                _, persona, _ = bring_in(
                    Wish("public", name, ("public",), None, "en"), email=email, password_hash=hashed
                )
            accounts.append(Account(email, persona))
        db.session.remove()
    return accounts
