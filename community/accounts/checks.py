"""What must hold of names and of the vault. The key is needed: without it the vault says nothing."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import select

from community.accounts import vault
from community.accounts.members import User
from community.accounts.models import Persona
from community.core.db import db


def halves() -> Iterator[str]:
    """Every half of a link has its other half, and both belong to somebody who is there.

    No sentence names anybody: with both ids it would be the link itself.
    """
    lonely, found = 0, 0
    for persona_id in db.session.scalars(select(Persona.id)).all():
        member_id = vault.member_of(persona_id)
        if member_id is not None:
            found += 1
            lonely += persona_id not in vault.personas_of(member_id).values()
    for member_id in db.session.scalars(select(User.id)).all():
        for persona_id in vault.personas_of(member_id).values():
            found += 1
            lonely += vault.member_of(persona_id) != member_id
    if lonely:
        yield f"{lonely} halves of links have no other half"
    if left := vault.count() - found:
        yield f"{left} halves of links belong to nobody who is there"


def names() -> Iterator[str]:
    """Nobody acts under a name that was left: a former member keeps no link."""
    left = select(Persona.id).where(Persona.state == "former", Persona.recovery_hash.is_(None))
    for persona_id in db.session.scalars(left).all():
        if vault.member_of(persona_id) is not None:
            yield "a name that was left is still tied to an account"
