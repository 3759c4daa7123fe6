"""What the directory puts into the archive of a name: what it keeps and what it suggested."""

from __future__ import annotations

import json
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import delete, select, update

from community.accounts.privacy import words as privacy
from community.core import archives
from community.core.archives import Rows
from community.core.db import db
from community.directory.models import Correction, Keeper


def register() -> None:
    """Name the part."""
    archives.part("directory", of_persona)
    privacy.name_lists(
        {
            "directory.keeps": _l("Organizations whose records it keeps"),
            "directory.corrections": _l("Corrections to the directory that it suggested"),
        }
    )
    archives.eraser("directory", leave)


def of_persona(persona_id: str) -> Rows:
    """The organizations whose records a name keeps, and its corrections with what became of them."""
    kept = select(Keeper).where(Keeper.persona_id == persona_id).order_by(Keeper.organization_id)
    said = select(Correction).where(Correction.suggested_by == persona_id).order_by(Correction.key)
    return {
        "keeps": [
            {"organization": row.organization_id, "since": row.since} for row in db.session.scalars(kept)
        ],
        "corrections": [
            {
                "key": row.key,
                "service": row.service_id,
                "organization": row.organization_id,
                "what": row.what,
                "said": [_said(one) for one in json.loads(row.said)],
                "on": row.suggested_on,
                "state": row.state,
            }
            for row in db.session.scalars(said)
        ],
    }


def _said(one: dict[str, Any]) -> Any:
    """What the name itself typed; of an organization that it added, all of it."""
    return {"field": one["name"], "after": one["after"]} if "after" in one else one


def leave(persona_id: str, _keep: bool) -> None:
    """Who left keeps nothing; what it suggested about services stays, of nobody."""
    db.session.execute(delete(Keeper).where(Keeper.persona_id == persona_id))
    mine = update(Correction).where(Correction.suggested_by == persona_id)
    db.session.execute(mine.values(suggested_by=None))
