"""Whether a session that was open a moment ago still is: for connections that outlive their request."""

from __future__ import annotations

from collections.abc import Collection

from flask import g, session
from sqlalchemy import select

from community.accounts.members import SignIn, User
from community.accounts.session import ID, hashed
from community.core import clock
from community.core.db import db


def mark_here() -> str:
    """What the server keeps of this request's session: a hash that names nobody; empty for a visitor."""
    session_id = session.get(ID)
    return hashed(session_id) if isinstance(session_id, str) and g.member is not None else ""


def still_open(marks: Collection[str]) -> set[str]:
    """Those of these sessions that were neither ended nor have come to their end, in one statement."""
    if not marks:
        return set()
    return set(
        db.session.scalars(
            select(SignIn.id_hash)
            .join(User, User.id == SignIn.member_id)
            .where(SignIn.id_hash.in_(set(marks)), SignIn.ends_at > clock.now(), User.active)
        )
    )
