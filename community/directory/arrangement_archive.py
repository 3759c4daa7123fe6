"""What the archive of a name holds of arrangements: those it proposed that still wait for somebody else."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from sqlalchemy import select

from community.accounts.privacy import words as privacy
from community.core import archives
from community.core.archives import Rows
from community.core.db import db
from community.directory.models.arrangements import Arrangement
from community.directory.services import left_proposals


def register() -> None:
    """Name the part."""
    archives.part("arrangements", of_persona)
    privacy.name_lists({"arrangements.proposed": _l("Agreements between services that it proposed")})
    archives.eraser("arrangements", leave)


def of_persona(persona_id: str) -> Rows:
    """What a name proposed: the terms, until somebody else agreed."""
    rows = select(Arrangement).where(Arrangement.proposed_by == persona_id).order_by(Arrangement.key)
    return {
        "proposed": [
            {"key": row.key, "kind": row.kind, "state": row.state, "terms": row.proposed or row.terms}
            for row in db.session.scalars(rows)
        ]
    }


def leave(persona_id: str, _keep: bool) -> None:
    """What it proposed belongs to its organization, and is of nobody."""
    left_proposals.forget(persona_id)
