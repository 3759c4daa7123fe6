"""What was proposed by a name that left: whoever is behind it may keep a side under another name."""

from __future__ import annotations

from sqlalchemy import select

from community.core.db import db
from community.directory.arrangements import SECOND, SIDES
from community.directory.models.arrangements import Arrangement, ArrangementChange
from community.directory.services import arrangement_news as news


def forget(persona_id: str) -> None:
    """Let go of who proposed what, when the name leaves: its word goes with it, so of a corridor both sides
    are asked anew."""
    rows = select(Arrangement).where(Arrangement.proposed_by == persona_id)
    for row in db.session.scalars(rows):
        row.proposed_by = None
        if row.kind == "corridor" and row.waits_for != SECOND:
            row.waits_for = " ".join(SIDES)
            news.ask_anew(row)
    db.session.flush()


def proposer_left(row: Arrangement) -> bool:
    """Whether nobody knows any more who proposed it. Operators have no name, and are no keepers."""
    if row.proposed_by is not None:
        return False
    wrote = select(ArrangementChange.writer).where(
        ArrangementChange.arrangement_id == row.id,
        ArrangementChange.act.in_(("arranged", "proposed", "changed")),
    )
    return db.session.scalar(wrote.order_by(ArrangementChange.number.desc()).limit(1)) != "operator"
