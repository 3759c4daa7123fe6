"""Codes that an app shows: six figures, new every half minute (RFC 6238), each taken once.

The secret and the number of the last code taken are sealed together: that number is a moment, and no
moment of an account may be laid beside one of a name.
"""

from __future__ import annotations

import base64
import hmac
import json
import os
from dataclasses import dataclass

from cryptography.hazmat.primitives.hashes import SHA1
from cryptography.hazmat.primitives.twofactor.totp import TOTP
from flask_babel import lazy_gettext as _l
from sqlalchemy import delete, select, update

from community.accounts import turns
from community.accounts.members import Authenticator
from community.core import clock
from community.core.db import db
from community.core.errors import Invalid
from community.core.sealing import CannotUnseal, seal, unseal

FIGURES, SECONDS = 6, 30
_SECRET = 20  # bytes, as long as the hash beneath: apps expect it
_LENGTH = 96  # every sealed row is padded to this
_SEAL = "authenticator"


@dataclass(frozen=True)
class _Kept:
    secret: bytes
    last: int


def draw() -> str:
    """A secret for an app, kept nowhere yet, as apps take it when it is typed."""
    return base64.b32encode(os.urandom(_SECRET)).decode()


def address(secret: str, site: str, account: str) -> str:
    """What an app reads from the drawing."""
    return _codes(base64.b32decode(secret)).get_provisioning_uri(account, site)


def code_now(secret: str) -> str:
    """What the app shows now."""
    return _codes(base64.b32decode(secret)).generate(int(clock.now().timestamp())).decode()


def _codes(secret: bytes) -> TOTP:
    return TOTP(secret, FIGURES, SHA1(), SECONDS)  # noqa: S303 - what every app computes; no collision matters


def _number(secret: bytes, code: str, last: int) -> int | None:
    """The number of the half minute whose code this is: now, the one before or the next, after ``last``."""
    typed = "".join(c for c in code if c.isdigit() and c.isascii())
    now = int(clock.now().timestamp()) // SECONDS
    fits = None
    for number in (now - 1, now, now + 1):
        same = hmac.compare_digest(_codes(secret).generate(number * SECONDS), typed.encode())
        if same and number > last:
            fits = number
    return fits


def set_up(member_id: str, secret: str, code: str) -> None:
    """Keep the app of a member, in place of the one before, once it shows the right code.

    :raises Invalid: it shows another.
    """
    raw = base64.b32decode(secret)
    number = _number(raw, code, 0)
    if number is None:
        raise Invalid("code", _l("This is not what the app shows now. Wait for the next code and type it."))
    turns.of_member(member_id)
    db.session.execute(delete(Authenticator).where(Authenticator.member_id == member_id))
    db.session.add(Authenticator(member_id=member_id, sealed=_sealed(member_id, _Kept(raw, number))))
    db.session.flush()


def of(member_id: str) -> Authenticator | None:
    """The app of a member, if there is one."""
    return db.session.scalar(select(Authenticator).where(Authenticator.member_id == member_id))


def takes(member_id: str, code: str) -> bool:
    """Whether this is a code of the member's app that nobody has used; it is used now."""
    row = of(member_id)
    kept = _opened(row) if row is not None else None
    if row is None or kept is None:
        return False
    number = _number(kept.secret, code, kept.last)
    if number is None:
        return False
    # Two who send the same code at once: one of them finds the row changed.
    taken = (
        update(Authenticator)
        .where(Authenticator.member_id == member_id, Authenticator.sealed == row.sealed)
        .values(sealed=_sealed(member_id, _Kept(kept.secret, number)))
    )
    return db.session.scalar(taken.returning(Authenticator.member_id)) is not None


def remove(member_id: str) -> bool:
    """Forget the app of a member. Returns whether there was one."""
    gone = delete(Authenticator).where(Authenticator.member_id == member_id)
    return db.session.scalar(gone.returning(Authenticator.member_id)) is not None


def rewrite(member_id: str) -> int:
    """Seal it under the newest key. Returns how many moved."""
    row = of(member_id)
    kept = _opened(row) if row is not None else None
    if row is None or kept is None:
        return 0
    row.sealed = _sealed(member_id, kept)
    return 1


def _sealed(member_id: str, kept: _Kept) -> bytes:
    plain = json.dumps([base64.b32encode(kept.secret).decode(), kept.last])
    return seal(_SEAL, plain.encode().ljust(_LENGTH), member_id.encode())


def _opened(row: Authenticator) -> _Kept | None:
    """None when the key is lost: a rescue code is then the way in."""
    try:
        secret, last = json.loads(unseal(_SEAL, row.sealed, row.member_id.encode()))
    except CannotUnseal:
        return None
    return _Kept(base64.b32decode(secret), last)
