"""The sources of one message, wherever it was loaded."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import inspect, select

from community.core.db import db
from community.forum.models import Post, PostSource


def sources_of(post: Post) -> Sequence[PostSource]:
    """Its sources in their order: those at hand, as of a message just written, or those that are kept."""
    if "sources" not in inspect(post).unloaded:
        return post.sources
    rows = select(PostSource).where(PostSource.post_id == post.id).order_by(PostSource.position)
    return db.session.scalars(rows).all()
