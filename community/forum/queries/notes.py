"""What a reader chose about content notes."""

from __future__ import annotations

from sqlalchemy import select

from community.accounts.viewer import Viewer
from community.core.db import db
from community.forum.models import OpenNote


def open_notes(viewer: Viewer) -> list[str]:
    """The notes that stay open for this name."""
    mine = select(OpenNote.note).where(OpenNote.persona_id == viewer.persona_id)
    return sorted(db.session.scalars(mine))
