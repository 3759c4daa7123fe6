"""Who sees a notice: the persona it was made for, as long as what it is about exists for that persona.

A notice about a topic or a post disappears with it: from the page, the count, the mail and the digest.
"""

from __future__ import annotations

from functools import lru_cache

from sqlalchemy import ColumnElement, Select, and_, false, or_, select

from community.accounts.viewer import Viewer
from community.forum.models import Post, Reading, Topic
from community.forum.permissions import (
    KEPT_WHOLE,
    access_of,
    may_moderate,
    may_see_topic,
    moderated_by,
    topics_seen_by,
)
from community.notifications.models import Notice


def may_see_notice(
    viewer: Viewer, notice: Notice, topic: Topic | None, post: Post | None, *, guest: bool = False
) -> bool:
    """Whether this notice exists for the viewer; ``topic`` and ``post`` are what it is about."""
    if not viewer.signed_in or notice.persona_id != viewer.persona_id:
        return False
    if topic is None:
        return True
    if not may_see_topic(viewer, topic, guest=guest):
        return False
    if notice.kind == "report":
        return may_moderate(viewer, topic.space) and post is not None and post.state != "withdrawn"
    return post is None or post.state == "shown"


def notices_seen_by(viewer: Viewer) -> Select[Notice]:
    """The notices that exist for the viewer."""
    return _notices_seen(access_of(viewer))


@lru_cache(KEPT_WHOLE)
def _notices_seen(viewer: Viewer) -> Select[Notice]:
    rows = select(Notice).outerjoin(Post, Post.id == Notice.post_id)
    if not viewer.signed_in:
        return rows.where(false())
    return rows.where(
        Notice.persona_id == viewer.persona_id,
        or_(Notice.topic_id.is_(None), _topic_is_seen(viewer), _is_for_its_moderator(viewer)),
    )


def _topic_is_seen(viewer: Viewer) -> ColumnElement[bool]:
    # Correlated, so that only the topics of one's own few notices are looked up.
    seen = topics_seen_by(viewer).with_only_columns(Topic.id).where(Topic.id == Notice.topic_id).options()
    shown = or_(Notice.post_id.is_(None), Post.state == "shown")
    return and_(Notice.kind != "report", shown, seen.correlate(Notice).exists())


def _is_for_its_moderator(viewer: Viewer) -> ColumnElement[bool]:
    seen = topics_seen_by(viewer).with_only_columns(Topic.id).where(Topic.id == Notice.topic_id)
    moderated = seen.where(moderated_by(viewer)).correlate(Notice).exists()
    return and_(Notice.kind == "report", Post.state != "withdrawn", moderated)


def unread(viewer: Viewer) -> ColumnElement[bool]:
    """Neither marked as read, nor read in its topic."""
    further = (
        select(Reading.topic_id)
        .where(
            Reading.persona_id == viewer.persona_id,
            Reading.topic_id == Notice.topic_id,
            Reading.last_number >= Notice.number,
        )
        .correlate(Notice)
        .exists()
    )
    return and_(~Notice.read, or_(Notice.number == 0, ~further))
