"""What moderation keeps sealed follows a change of key: copies of what was reported, edited or merged.

What no key opens any more stays as it is.
"""

from __future__ import annotations

from sqlalchemy import select

from community.core.db import db
from community.core.sealing import CannotUnseal, seal_text, unseal_text
from community.moderation.models import Act, Matter
from community.moderation.queries.cases import SEAL
from community.moderation.services.editing import SEAL as EDITED

BATCH = 200


def _again(purpose: str, sealed: str, associated: str) -> str:
    try:
        return seal_text(purpose, unseal_text(purpose, sealed, associated), associated)
    except CannotUnseal:
        return sealed


def matters(after: str) -> str:
    """The next copies of what was reported, after the matter of this key. Returns the last, "" at the end."""
    rows = db.session.scalars(
        select(Matter)
        .where(Matter.key > after, Matter.evidence != "")
        .order_by(Matter.key)
        .limit(BATCH)
        .with_for_update()
    ).all()
    for row in rows:
        row.evidence = _again(SEAL, row.evidence, row.key)
    return rows[-1].key if rows else ""


def acts(after: str) -> str:
    """The next texts from before an edit, and titles from before a merge, after the act of this key.

    Returns the last, "" at the end.
    """
    rows = db.session.execute(
        select(Act, Matter.thing)
        .join(Matter, Matter.key == Act.matter_key)
        .where(Act.key > after, Act.act.in_(("edit", "merge")))
        .order_by(Act.key)
        .limit(BATCH)
        .with_for_update(of=Act)
    ).all()
    for row, thing in rows:
        if "sealed" in row.before:
            row.before = {**row.before, "sealed": _again(EDITED, str(row.before["sealed"]), thing)}
    return rows[-1][0].key if rows else ""
