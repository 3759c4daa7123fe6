"""What cases say of their situation, now and before."""

from __future__ import annotations

from sqlalchemy import select

from community.core.db import db
from community.forum.models import Case, Post, Revision


def facts_of_versions(post: Post) -> dict[int, Case]:
    """The facts of a case by the version of its first post, which the viewer reads; none of other posts."""
    now = db.session.get(Case, post.topic_id) if post.number == 1 else None
    if now is None:
        return {}
    earlier = db.session.execute(
        select(Revision.version, Revision.facts).where(Revision.post_id == post.id)
    ).all()
    return {number: Case(**facts) for number, facts in earlier if facts} | {post.version: now}
