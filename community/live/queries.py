"""The names of those who read along."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import select

from community.accounts.models import Persona
from community.core.db import db

MOST_NAMED = 5


def readers_of(persona_ids: Collection[str]) -> list[str]:
    """The names of these personas, as far as they are public and still active; a few of many."""
    if not persona_ids:
        return []
    rows = select(Persona.name).where(
        Persona.id.in_(persona_ids), Persona.kind == "public", Persona.state == "active"
    )
    return list(db.session.scalars(rows.order_by(Persona.name).limit(MOST_NAMED)))
