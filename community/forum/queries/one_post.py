"""One post: what it said before; and the answers that were kept in a topic."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from community.core.db import db
from community.forum.models import Post, Revision, Topic


@dataclass(frozen=True)
class Version:
    """What a post said from one moment on."""

    number: int
    html: str
    written_at: datetime
    current: bool
    title: str = ""  # of its topic, where this is the first post


def versions_of(post: Post) -> Sequence[Version]:
    """Every version of a post the viewer reads, the last first."""
    earlier = db.session.scalars(
        select(Revision).where(Revision.post_id == post.id).order_by(Revision.version.desc())
    )
    title = post.topic.title if post.number == 1 else ""
    return [
        Version(post.version, post.html, post.edited_at or post.created_at, True, title),
        *(Version(row.version, row.html, row.written_at, False, row.title or "") for row in earlier),
    ]


def kept_answers(topic: Topic) -> list[Post]:
    """The answers that were kept in a topic the viewer sees, the first one first."""
    rows = select(Post).where(Post.topic_id == topic.id, Post.accepted_at.is_not(None), Post.state == "shown")
    return list(db.session.scalars(rows.order_by(Post.number).options(joinedload(Post.author))))
