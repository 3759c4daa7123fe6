"""Telling a name that something was decided about what it wrote: neither by whom nor who reported it."""

from __future__ import annotations

from community.core.db import db
from community.moderation.models import Act
from community.notifications.services.telling import Event, tell


def tell_of_decision(act_key: str, *, again: bool = False) -> None:
    """It was decided, taken back, or looked at a second time."""
    act = db.session.get(Act, act_key)
    if act is None or act.persona_id is None:
        return
    step = "again" if again else "done" if act.stands else "undone"
    tell(Event(f"moderation:{act.key}:{step}", about=act.key), {act.persona_id: "moderation"})
