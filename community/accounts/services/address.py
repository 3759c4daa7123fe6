"""The address of an account: changed, or given for the first time, once somebody reads its mail."""

from __future__ import annotations

import json
from datetime import timedelta

from flask_babel import lazy_gettext as _l
from sqlalchemy import delete, select
from sqlalchemy.exc import IntegrityError

from community.accounts.members import SignIn, User
from community.core import clock
from community.core.db import db
from community.core.errors import Conflict
from community.core.ids import new_key
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
    """Give the account this address. Every session ends, and every link that was sent to the old one dies:
    who changes an address may do so because somebody else reads the mail of the old one.

    :raises Conflict: somebody else has it by now.
    """
    try:
        with db.session.begin_nested():
            member.email, member.fs_uniquifier = address, new_key()
            db.session.flush()
    except IntegrityError:
        raise Conflict(_l("This link does not work. Ask for a new one.")) from None
    db.session.execute(delete(SignIn).where(SignIn.member_id == member.id))
