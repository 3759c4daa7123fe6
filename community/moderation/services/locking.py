"""A topic that was closed by a decision stays closed for its author, until those who moderate open it."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from sqlalchemy import or_, select
from sqlalchemy.orm import joinedload

from community.accounts.viewer import viewer_of
from community.core import clock
from community.core.db import db
from community.core.errors import NotAllowed
from community.forum.models import Topic
from community.forum.permissions import may_moderate
from community.moderation.models import Act


def reopening(topic_id: int, persona_id: str) -> None:
    """Somebody takes replies again: by those who moderate there, the decision ends.

    :raises NotAllowed: a decision that stands closed it, and others may not end it.
    """
    topic = db.session.get_one(Topic, topic_id, options=[joinedload(Topic.space)])
    now = clock.now()
    stands = (Act.undone_at.is_(None), or_(Act.until.is_(None), Act.until > now))
    locks = db.session.scalars(select(Act).where(Act.topic == topic.key, Act.act == "lock", *stands)).all()
    if not locks:
        return
    viewer = viewer_of(persona_id)
    if viewer is None or not may_moderate(viewer, topic.space):
        raise NotAllowed(
            _l(
                "It was closed by those who moderate. The decision says why, and how somebody else can look "
                "again: see the menu."
            )
        )
    for act in locks:
        act.until = now
