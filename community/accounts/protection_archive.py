"""What a name takes along of its protection: who opened its link, and what the vault attests of it."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from sqlalchemy import select

from community.accounts.privacy import words
from community.accounts.protection import Attestation, Opening
from community.core import archives
from community.core.archives import Rows
from community.core.db import db

_TOLD = ("agreed", "opened")


def register() -> None:
    """Name the part, and its lists in words."""
    archives.part("protection", of_persona)
    words.name_lists(
        {
            "protection.openings": _l("Openings of the link of this name"),
            "protection.attested": _l("What the vault says of this name"),
        }
    )


def of_persona(persona_id: str) -> Rows:
    """As far as the name itself is told: what nobody agreed to concerned nobody."""
    openings = select(Opening).where(Opening.persona_id == persona_id, Opening.state.in_(_TOLD))
    attested = select(Attestation).where(Attestation.persona_id == persona_id)
    return {
        "openings": [
            {"reason": row.reason, "agreed_at": row.decided_at, "opened_at": row.opened_at}
            for row in db.session.scalars(openings.order_by(Opening.decided_at))
        ],
        "attested": [
            {"from_on": row.from_on, "until_on": row.until_on} for row in db.session.scalars(attested)
        ],
    }
