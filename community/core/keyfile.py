"""The key file and the database belong together: the site refuses to start with the wrong one.

The database keeps a fingerprint of the newest key. A key is made once, by ``flask setup`` on an
empty instance, and never silently again.
"""

from __future__ import annotations

import secrets

from flask import Flask, current_app
from sqlalchemy import inspect

from community.core import store
from community.core.db import db
from community.core.sealing import (
    KeyFileProblem,
    Keyring,
    new_secret,
    read_keyring,
    write_keyring,
)
from config import Settings

FINGERPRINT = "key_fingerprint"
UNFINISHED = "restore_unfinished"  # there between the rows of a restore and what must follow them


def open_keyring(app: Flask, settings: Settings, given: Keyring | None) -> None:
    """Put the ring, or the reason why there is none, where ``sealing.keyring()`` finds it."""
    ring: Keyring | KeyFileProblem
    try:
        ring = given or read_keyring(settings.key_file)
    except KeyFileProblem as problem:
        ring = problem
    app.extensions["keyring"] = ring
    usable = ring if isinstance(ring, Keyring) else Keyring((new_secret(),))
    # Flask has set both to None: setdefault would leave that. What was signed before a rotation of the
    # keys holds until its end.
    signing = [key.hex() for key in usable.keys("flask")]
    app.config["SECRET_KEY"], app.config["SECRET_KEY_FALLBACKS"] = signing[0], signing[1:]
    app.config.setdefault("SECURITY_PASSWORD_SALT", usable.key("password salt").hex())
    app.config.setdefault("SECURITY_TOTP_SECRETS", {"1": secrets.token_urlsafe(32)})


def check_key(app: Flask, settings: Settings) -> None:
    """Refuse to serve with a missing or foreign key. Commands meet the refusal when they use a key.

    :raises KeyFileProblem: with what the operator can do.
    """
    with app.app_context():
        problem = _problem(app, settings)
    if problem is None:
        return
    if not settings.command_line:
        raise problem
    app.extensions["keyring"] = problem


def _problem(app: Flask, settings: Settings) -> KeyFileProblem | None:
    ring = app.extensions["keyring"]
    stored = inspect(db.engine).has_table("stored")
    kept = store.get(FINGERPRINT) if stored else None
    unfinished = stored and store.get(UNFINISHED) is not None
    db.session.rollback()
    if kept is None:
        return None if settings.command_line else KeyFileProblem("This instance is not set up: flask setup.")
    if isinstance(ring, KeyFileProblem):
        return KeyFileProblem(
            f"{ring} The protected names of this community depend on it: put the right file back, or read "
            "about 'flask vault start-over', the last resort."
        )
    if kept not in {Keyring((secret,)).fingerprint() for secret in ring.secrets}:
        return KeyFileProblem(
            f"The key file {settings.key_file} belongs to another instance: its key does not fit this "
            "database. Put the right file back. Nothing was changed."
        )
    if unfinished:
        return KeyFileProblem("A restore was cut off; who was erased may be back: flask restore --finish.")
    return None


def first_key(app: Flask, settings: Settings) -> bool:
    """Give an empty instance its key file and keep the fingerprint. True when a key was made.

    :raises KeyFileProblem: the database already belongs to a key that is not here.
    """
    kept = store.get(FINGERPRINT)
    if kept is not None:
        if isinstance(app.extensions["keyring"], KeyFileProblem):
            raise app.extensions["keyring"]
        return False
    made = not settings.key_file.exists()
    if made:
        write_keyring(settings.key_file, [new_secret()])
    ring = read_keyring(settings.key_file)
    app.extensions["keyring"] = ring
    store.put(FINGERPRINT, ring.fingerprint())
    return made


def reread() -> bool:
    """Take up a ring that ``flask vault rotate`` wrote while this process runs.

    Called when a value is not found under the keys at hand. True when there are other keys now; a
    file that shares no key with the present ring is another instance's and changes nothing.
    """
    settings: Settings = current_app.extensions["settings"]
    present = current_app.extensions["keyring"]
    try:
        written = settings.key_file.stat().st_mtime_ns
        if written == current_app.extensions.get("keyring_written"):
            return False
        ring = read_keyring(settings.key_file)
    except (OSError, KeyFileProblem):
        return False
    current_app.extensions["keyring_written"] = written
    if not isinstance(present, Keyring) or ring == present or not set(ring.secrets) & set(present.secrets):
        return False
    current_app.extensions["keyring"] = ring
    return True
