"""Notices of messages that were given to another topic: they lead there, and are read with it."""

from __future__ import annotations

from sqlalchemy import case, select, update

from community.core.db import db
from community.forum.models import Post
from community.notifications.models import Notice


def follow(source_id: int, target_id: int) -> None:
    """What was told of messages that stand in another topic now stands there, too."""
    place = select(Post.number).where(Post.id == Notice.post_id).scalar_subquery()
    moved = select(Post.id).where(Post.topic_id == target_id)
    db.session.execute(
        update(Notice)
        .where(Notice.topic_id == source_id, Notice.post_id.in_(moved))
        .values(topic_id=target_id, number=case((Notice.number > 0, place), else_=0))
        .execution_options(synchronize_session="fetch")
    )
