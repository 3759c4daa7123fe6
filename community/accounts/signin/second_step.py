"""The step after the password, for who set one up: a code of an app, a rescue code, or a passkey.

Between the two steps nobody is signed in. What is known so far travels sealed in the cookie for ten
minutes; it is worth nothing without the second step, and nothing once the password was changed.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from datetime import timedelta
from typing import Any

from flask import g, redirect, session, url_for
from flask_security.tf_plugin import TfPlugin
from sqlalchemy import select

from community.accounts.members import User
from community.accounts.services import authenticator, rescue, second_factor
from community.accounts.signin.destination import is_ours
from community.core import clock
from community.core.db import db
from community.core.sealing import CannotUnseal, seal_text, unseal_text

LASTS = timedelta(minutes=10)
_HALF = "half"
_SEAL = "half signed in"


@dataclass(frozen=True)
class Half:
    """Somebody who has done the first step."""

    uniquifier: str
    way: str
    until: float
    shared: bool = False
    next: str = ""


class SecondStep(TfPlugin):
    """Flask-Security asks this after every first step."""

    def tf_enter(  # type: ignore[override]  # our members are its users
        self, user: User, remember_me: bool | None, primary_authn_via: str, next_loc: str | None
    ) -> Any:
        """Lead to the second step who has one; None for everybody else."""
        return lead(user, primary_authn_via, next_loc)


def lead(member: User, way: str, next_page: str | None) -> Any:
    """Where a member goes on who has done the first step by ``way``; None when it was the only one."""
    if not second_factor.has_one(member.id):
        return None
    goes_on = next_page if next_page is not None and is_ours(next_page) else ""
    until = (clock.now() + LASTS).timestamp()
    half = Half(member.fs_uniquifier, way, until, bool(g.get("shared_device")), goes_on)
    session[_HALF] = seal_text(_SEAL, json.dumps(asdict(half)))
    return redirect(url_for("accounts.second_step"))


def waiting() -> tuple[User, Half] | None:
    """Who has done the first step in this browser, a few minutes ago at most."""
    try:
        half = Half(**json.loads(unseal_text(_SEAL, session.get(_HALF, ""))))
    except CannotUnseal:
        return None
    if half.until < clock.now().timestamp():
        return None
    member = db.session.scalar(select(User).where(User.fs_uniquifier == half.uniquifier, User.active))
    return (member, half) if member is not None else None


def forget() -> None:
    """Nobody is half signed in any more."""
    session.pop(_HALF, None)


def takes(member_id: str, code: str) -> str:
    """What this code is: "app", "rescue", or nothing that opens. It is used up."""
    if authenticator.takes(member_id, code):
        return "app"
    return "rescue" if rescue.use(member_id, code) else ""
