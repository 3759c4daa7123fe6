"""What a name may take along of moderation: its reports, decisions about it, its second looks, its hours."""

from __future__ import annotations

from typing import Any

from sqlalchemy import delete, select, update

from community.core import archives
from community.core.db import db
from community.moderation.models import Act, Appeal, Complaint, Watch
from community.moderation.permissions import SILENT

Rows = dict[str, list[dict[str, Any]]]


def init_app() -> None:
    """Say what is here of a persona."""
    archives.part("moderation", of_persona)
    archives.eraser("moderation", leave)


def of_persona(persona_id: str) -> Rows:
    """What a name reported and asked, and what it was told."""
    told = select(Act).where(Act.persona_id == persona_id, Act.act.not_in(SILENT)).order_by(Act.at)
    asked = select(Appeal).join(Act, Act.key == Appeal.act_key).where(Act.persona_id == persona_id)
    mine = select(Complaint).where(Complaint.reporter_id == persona_id).order_by(Complaint.at)
    hours = select(Watch).where(Watch.persona_id == persona_id)
    act = ("key", "act", "reason", "said_en", "said_fr", "words", "amount", "until", "at", "undone_at")
    return {
        "decisions": _rows(told, act),
        "appeals": _rows(asked, ("act_key", "words", "at", "state", "answer", "judged_at")),
        "reports": _rows(mine, ("reason", "words", "at")),
        "watch": _rows(hours, ("weekday", "from_hour", "until_hour")),
    }


def _rows(rows: Any, columns: tuple[str, ...]) -> list[dict[str, Any]]:
    return [{name: getattr(row, name) for name in columns} for row in db.session.scalars(rows)]


def leave(persona_id: str, keep: bool) -> None:
    """Its hours go; its reports stay with their matter only where its words stay too, and so does why it
    asked for a second look."""
    db.session.execute(delete(Watch).where(Watch.persona_id == persona_id))
    if not keep:
        db.session.execute(delete(Complaint).where(Complaint.reporter_id == persona_id))
        concerning = select(Act.key).where(Act.persona_id == persona_id)
        asked = update(Appeal).where(Appeal.act_key.in_(concerning))
        db.session.execute(asked.values(words=""))
