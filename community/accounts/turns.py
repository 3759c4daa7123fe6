"""One after the other: whoever presses a button twice, or in two windows, waits and finds what was done."""

from __future__ import annotations

from sqlalchemy import select

from community.accounts.members import User
from community.accounts.models import Persona
from community.core.db import db


def of_member(member_id: str) -> None:
    """Wait until nobody else changes what belongs to this member; until the open transaction ends."""
    db.session.execute(select(User.id).where(User.id == member_id).with_for_update(key_share=True))


def of_persona(persona_id: str | None) -> None:
    """The same for what belongs to a persona."""
    db.session.execute(select(Persona.id).where(Persona.id == persona_id).with_for_update(key_share=True))
