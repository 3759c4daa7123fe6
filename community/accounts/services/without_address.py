"""Joining without an address: a sign-in name that the site draws, a password, codes that are shown once.

Nothing is kept until the person says that the name and the codes are written down. Until then the plan
travels sealed in the page: a page that is left, reloaded or sent twice leaves no account that nobody
can enter, and none is made twice.
"""

from __future__ import annotations

import json
from collections.abc import Collection
from dataclasses import asdict, dataclass, replace
from datetime import timedelta

from flask_babel import lazy_gettext as _l
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from community.accounts import proposals
from community.accounts.members import User
from community.accounts.models import LIVED, Persona
from community.accounts.names import skeleton
from community.accounts.oidc import links
from community.accounts.services import joining, likeness, personas, rescue
from community.accounts.services.personas import Wish
from community.core import clock
from community.core.db import db
from community.core.errors import Conflict, Invalid
from community.core.ids import new_key
from community.core.sealing import CannotUnseal, seal_text, unseal_text

# Whom this door is for; a profession can only be checked where somebody can be written to.
GROUPS = (*sorted(LIVED, reverse=True), "public")
LASTS = timedelta(hours=1)
_SEAL = "joining without an address"


@dataclass(frozen=True)
class Plan:
    """An account that is not there yet."""

    sign_in_name: str
    codes: tuple[str, ...]
    name_code: str
    password_hash: str
    wish: Wish
    agreed: tuple[str, ...]
    until: float
    # The sign-in elsewhere that opens it, instead of a password: its issuer, and what is kept of it.
    linked: tuple[str, str] | None = None


def plan(wish: Wish, password_hash: str, agreed: Collection[str]) -> Plan:
    """Draw what such an account needs.

    :raises Invalid: something that is needed was not agreed to, or the name cannot be taken.
    """
    wish = replace(wish, kind="protected")
    _check(wish, agreed)
    if set(wish.groups) - set(GROUPS):
        raise Invalid("groups", _l("Choose groups from the list."))
    return _drawn(wish, password_hash, agreed)


def plan_linked(wish: Wish, agreed: Collection[str], issuer: str, hashed: bytes) -> Plan:
    """The same for an account that a sign-in elsewhere opens; the codes are its other way in."""
    _check(wish, agreed)
    return replace(_drawn(wish, "", agreed), linked=(issuer, hashed.hex()))


def _check(wish: Wish, agreed: Collection[str]) -> None:
    if set(joining.NEEDED) - set(agreed):
        raise Invalid("charter", _l("To take part, agree to the charter and confirm your age."))
    personas.check_form(wish)
    taken = db.session.scalar(select(Persona.id).where(Persona.skeleton == skeleton(wish.name)))
    if taken is not None or likeness.is_anothers(wish.name):
        field = "proposed" if wish.kind == "protected" else "name"
        raise Invalid(field, _l("Another member has taken this name meanwhile. Choose another."))


def _drawn(wish: Wish, password_hash: str, agreed: Collection[str]) -> Plan:
    return Plan(
        sign_in_name=proposals.sign_in_name(wish.lang, wish.name),
        codes=tuple(rescue.draw()),
        name_code=proposals.recovery_code(),
        password_hash=password_hash,
        wish=wish,
        agreed=tuple(agreed),
        until=(clock.now() + LASTS).timestamp(),
    )


def sealed(made: Plan) -> str:
    """The plan as the page carries it, to be read by this site alone."""
    return seal_text(_SEAL, json.dumps(asdict(made)))


def opened(text: str) -> Plan:
    """What :func:`sealed` made. :raises Conflict: it was not made here, or over an hour ago."""
    try:
        held = json.loads(unseal_text(_SEAL, text))
    except CannotUnseal:
        held = {"until": 0}
    if held["until"] < clock.now().timestamp():
        raise Conflict(_l("This page was open too long. Nothing was kept: begin again."))
    wish = {**held["wish"], "groups": tuple(held["wish"]["groups"])}
    linked = tuple(held["linked"]) if held["linked"] else None
    return Plan(**{**held, "wish": Wish(**wish), "codes": tuple(held["codes"]), "linked": linked})


def enter(made: Plan) -> None:
    """Make the account and its first name. Asked twice, it is made once.

    :raises Invalid: somebody has taken the name meanwhile. :raises Conflict: its sign-in opens another.
    """
    member = User(
        id=new_key(),
        username=made.sign_in_name,
        password=made.password_hash or None,
        active=True,
        fs_uniquifier=new_key(),
        confirmed_at=clock.now(),
        lang=made.wish.lang,
    )
    if _is_there(member):
        return
    for purpose in made.agreed:
        joining.agree(member.id, purpose, made.wish.lang)
    rescue.keep(member.id, made.codes)
    if made.linked:
        links.link(member.id, made.linked[0], bytes.fromhex(made.linked[1]))
    persona, _code = personas.make(member.id, made.wish)
    persona.recovery_hash = personas.code_hash(made.name_code)


def _is_there(member: User) -> bool:
    """Whether this account was made already; else it now is."""
    try:
        with db.session.begin_nested():
            db.session.add(member)
            db.session.flush()
    except IntegrityError:
        return True
    return False
