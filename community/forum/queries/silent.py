"""What may no longer be read on a page that is open already; and what somebody reported themself."""

from __future__ import annotations

from sqlalchemy import select

from community.accounts.viewer import Viewer
from community.core.db import db
from community.forum.models import Post, Report, Space, Topic
from community.forum.permissions import posts_seen_by, spaces_seen_by
from community.forum.queries.posts import PostView

MOST = 200  # the last ones: nobody has more of a topic open


def silent_among(viewer: Viewer, topic: Topic, last: int) -> list[PostView]:
    """The posts of a topic the viewer sees, up to this number, whose words the viewer may not read now."""
    readable = posts_seen_by(viewer, alone=True).where(Post.topic_id == topic.id).with_only_columns(Post.id)
    rows = db.session.execute(
        select(Post.key, Post.number, Post.state)
        .where(
            Post.topic_id == topic.id, Post.number <= last, Post.state != "shown", Post.id.not_in(readable)
        )
        .order_by(Post.number.desc())
        .limit(MOST)
    )
    return [PostView(key=key, number=number, state=state) for key, number, state in rows]


def reported_and_hidden(viewer: Viewer, key: str) -> bool:
    """Whether the viewer reported the post of this key, in a space they see, and it is hidden now."""
    if not viewer.signed_in:
        return False
    mine = (
        select(Topic.space_id)
        .select_from(Post)
        .join(Post.topic)
        .join(Report, Report.post_id == Post.id)
        .where(Post.key == key, Post.state == "hidden", Report.reporter_id == viewer.persona_id)
    )
    there = spaces_seen_by(viewer).where(Space.id.in_(mine)).with_only_columns(Space.id).options()
    return db.session.scalar(there) is not None
