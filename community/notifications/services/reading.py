"""Marking notices as read. Each by its own persona, and only what exists for it."""

from __future__ import annotations

from sqlalchemy import or_, update

from community.accounts.viewer import Viewer
from community.core.access import require
from community.core.db import db
from community.notifications.models import Notice
from community.notifications.permissions import notices_seen_by


def mark(viewer: Viewer, notice: Notice, *, read: bool = True) -> None:
    """Mark one notice as read, or as unread again."""
    require(viewer.signed_in and notice.persona_id == viewer.persona_id)
    notice.read = read
    if not read:
        notice.number = 0  # else its topic, read further, would say the contrary
    db.session.flush()


def mark_all(viewer: Viewer, up_to: Notice) -> None:
    """Mark as read this notice and all that came before it: not what came while the page was open."""
    require(viewer.signed_in)
    earlier = or_(Notice.at < up_to.at, (Notice.at == up_to.at) & (Notice.id <= up_to.id))
    seen = notices_seen_by(viewer).with_only_columns(Notice.id)
    db.session.execute(
        update(Notice)
        .where(Notice.persona_id == viewer.persona_id, ~Notice.read, earlier, Notice.id.in_(seen))
        .values(read=True)
        .execution_options(synchronize_session=False)
    )
