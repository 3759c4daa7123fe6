"""Whether a session that was open a moment ago still is: for connections that outlive their request."""

from __future__ import annotations

from collections.abc import Collection

from flask import g, session
from sqlalchemy import select

from community.accounts.idleness import SEEN
from community.accounts.members import SignIn, User
from community.accounts.session import ID, hashed
from community.core import clock
from community.core.db import db


def mark_here() -> str:
    """What the server keeps of this request's session: a hash that names nobody; empty for a visitor."""
    session_id = session.get(ID)
    return hashed(session_id) if isinstance(session_id, str) and g.member is not None else ""


def seen_here() -> int:
    """The minute in which somebody was last before this request's session; 0 for a visitor."""
    seen = session.get(SEEN) if g.member is not None else None
    return seen if isinstance(seen, int) else 0


def still_open(marks: Collection[str]) -> dict[str, int | None]:
    """Those of these sessions that were neither ended nor have come to their end, in one statement.

    With the minutes that their account chose to lie idle; None where it chose nothing.
    """
    if not marks:
        return {}
    found = db.session.execute(
        select(SignIn.id_hash, User.idle_minutes)
        .join(User, User.id == SignIn.member_id)
        .where(SignIn.id_hash.in_(set(marks)), SignIn.ends_at > clock.now(), User.active)
    )
    return dict(found.all())
