"""The vault's keys: rotation that can be killed and started again, and the last resort without the key."""

from __future__ import annotations

import random
from collections.abc import Callable
from functools import partial
from pathlib import Path

from sqlalchemy import delete, select

from community.accounts import vault
from community.accounts.members import SignIn, User
from community.accounts.models import Persona
from community.accounts.services import authenticator, personas
from community.core import store
from community.core.db import db, transaction
from community.core.errors import Conflict
from community.core.jobs import Job
from community.core.keyfile import FINGERPRINT
from community.core.sealing import Keyring, new_secret, resealers, write_keyring

BATCH = 200
Progress = Callable[[int, int], None]


def fits(ring: Keyring) -> bool:
    """Whether a key of this ring is the one that the vault of this database lies under."""
    kept = store.get(FINGERPRINT)
    return kept in {Keyring((secret,)).fingerprint() for secret in ring.secrets}


def with_new_key(ring: Keyring, path: Path) -> Keyring:
    """Put a new key in front, in the file first; a ring that is being rotated stays as it is."""
    if len(ring.secrets) > 1:
        return ring
    wider = Keyring((new_secret(), *ring.secrets))
    write_keyring(path, wider.secrets)
    return wider


def rewrite(progress: Progress) -> int:
    """Put every link under the newest key, in random order. Returns how many halves moved.

    Each batch is a transaction of its own: killed at any moment, all links read, and the next run
    goes on.
    """
    rewriters = _everyone()
    random.SystemRandom().shuffle(rewriters)
    moved = 0
    for start in range(0, len(rewriters), BATCH):
        with transaction():
            moved += sum(move() for move in rewriters[start : start + BATCH])
        progress(min(start + BATCH, len(rewriters)), len(rewriters))
    _reseal()
    return moved


def _reseal() -> None:
    """What upper domains keep sealed for good, batch by batch."""
    for batch in resealers():
        after = ""
        while True:
            with transaction():
                after = batch(after)
            if not after:
                break


def _everyone() -> list[Callable[[], int]]:
    personas = db.session.scalars(select(Persona.id).where(Persona.kind != "imported")).all()
    members = db.session.scalars(select(User.id)).all()
    db.session.rollback()
    return [
        *(partial(vault.rewrite_persona, persona_id) for persona_id in personas),
        *(partial(vault.rewrite_member, member_id) for member_id in members),
        *(partial(authenticator.rewrite, member_id) for member_id in members),
    ]


def follow(ring: Keyring) -> None:
    """Let the database keep the fingerprint of the newest key."""
    store.put(FINGERPRINT, ring.fingerprint())


def without_old_keys(ring: Keyring, path: Path) -> Keyring:
    """Drop the old keys from the file, once nothing lies under them.

    :raises Conflict: the newest key does not hold every link yet.
    """
    if store.get(FINGERPRINT) != ring.fingerprint():
        raise Conflict
    narrow = Keyring(ring.secrets[:1])
    write_keyring(path, narrow.secrets)
    return narrow


def start_over(path: Path) -> tuple[Keyring, int]:
    """A new key and an empty vault; every persona waits as a former member for its recovery code.

    In one transaction, in which the key file is written last: killed before, nothing has changed.
    Returns the ring and how many personas wait.
    """
    ring = Keyring((new_secret(),))
    vault.empty()
    active = select(Persona).where(Persona.state == "active", Persona.kind != "imported")
    waiting = 0
    for persona in list(db.session.scalars(active)):
        waiting += persona.recovery_hash is not None
        personas.retire(persona)
    db.session.execute(delete(SignIn))
    # Mail sealed under the lost key can never be read again.
    db.session.execute(delete(Job).where(Job.name == "core.send_mail"))
    for member in db.session.scalars(select(User).where(User.wish.is_not(None))):
        member.wish = None
    store.put(FINGERPRINT, ring.fingerprint())
    db.session.flush()
    write_keyring(path, ring.secrets)
    return ring, waiting
