"""Whether a member signs in by more than a password."""

from __future__ import annotations

from sqlalchemy import exists, or_, select

from community.accounts.members import Authenticator, Passkey
from community.core.db import db


def has_one(member_id: str) -> bool:
    """Whether there is an app or a passkey, in one statement."""
    app = exists().where(Authenticator.member_id == member_id)
    key = exists().where(Passkey.member_id == member_id)
    return bool(db.session.scalar(select(or_(app, key))))
