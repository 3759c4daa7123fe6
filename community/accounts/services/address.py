"""The address of an account: changed, or given for the first time, once somebody reads its mail."""

from __future__ import annotations

import json
from datetime import timedelta

from flask_babel import lazy_gettext as _l
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from community.accounts.members import User
from community.core import clock
from community.core.db import db
from community.core.errors import Conflict
from community.core.sealing import CannotUnseal, seal_text, unseal_text

LASTS = timedelta(minutes=30)
_SEAL = "address to be confirmed"


def is_taken(address: str) -> bool:
    """Whether an account has it. Never said on a page."""
    return db.session.scalar(select(User.id).where(User.email == address)) is not None


def token_for(member: User, address: str) -> str:
    """What the link in the letter carries. It dies with the half hour, the password and the old address."""
    until = (clock.now() + LASTS).timestamp()
    return seal_text(_SEAL, json.dumps([member.fs_uniquifier, member.email or "", address, until]))


def asked(token: str) -> tuple[User, str] | None:
    """Whose link this is and the address to come, if it still works."""
    try:
        uniquifier, old, address, until = json.loads(unseal_text(_SEAL, token))
    except CannotUnseal:
        return None
    member = db.session.scalar(select(User).where(User.fs_uniquifier == uniquifier, User.active))
    if member is None or (member.email or "") != old or until < clock.now().timestamp():
        return None
    return member, address


def change(member: User, address: str) -> None:
    """Give the account this address. :raises Conflict: somebody else has it by now."""
    try:
        with db.session.begin_nested():
            member.email = address
            db.session.flush()
    except IntegrityError:
        raise Conflict(_l("This link does not work. Ask for a new one.")) from None
