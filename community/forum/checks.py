"""What must hold of topics and posts, and how their counters are put right."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import sqlalchemy as sa
from sqlalchemy import func, select, update

from community.core.db import db
from community.core.files import site_files
from community.forum.models import Post, Reaction, Revision, Topic
from community.forum.models.posts import REACTIONS
from community.forum.services import lonely_files

COUNTERS = ("post_count", "accepted_count", "answered_at", "last_post_at")


def numbers() -> Iterator[str]:
    """The posts of a topic are numbered from one, without gap or double."""
    real = (
        select(
            Topic.id,
            Topic.last_number,
            func.count(Post.id),
            func.count(Post.number.distinct()),
            func.coalesce(func.min(Post.number), 1),
            func.coalesce(func.max(Post.number), 0),
        )
        .outerjoin(Post, Post.topic_id == Topic.id)
        .group_by(Topic.id)
    )
    for topic_id, last, count, different, lowest, highest in db.session.execute(real):
        if (count, different, lowest, highest) != (last, last, 1, last):
            yield f"topic {topic_id}: {last} numbers were given; {count} posts, {lowest} to {highest}"


def counters() -> Iterator[str]:
    """What lists show of a topic is what its posts say."""
    for topic_id, kept, real in _counted():
        for name, says, is_so in zip(COUNTERS, kept, real, strict=True):
            if says != is_so:
                yield f"topic {topic_id}, {name}: the counter says {says}, the rows {is_so}"


def recount() -> int:
    """Put the counters of topics right. Returns how many topics were wrong."""
    wrong = [(topic_id, real) for topic_id, kept, real in _counted() if kept != real]
    for topic_id, real in wrong:
        values = dict(zip(COUNTERS, real, strict=True))
        db.session.execute(update(Topic).where(Topic.id == topic_id).values(**values))
    return len(wrong)


def _counted() -> Iterator[tuple[int, list[Any], list[Any]]]:
    """Each topic that shows a post: what its counters say, and what is so."""
    by_another = sa.case((Post.author_id != Topic.author_id, Post.created_at))
    counted = (
        select(
            Topic.id,
            *(getattr(Topic, name) for name in COUNTERS),
            func.count(Post.id),
            func.count(Post.accepted_at),
            func.min(by_another),
            func.max(Post.created_at),
        )
        .join(Post, sa.and_(Post.topic_id == Topic.id, Post.state == "shown"))
        .group_by(Topic.id)
    )
    for topic_id, *values in db.session.execute(counted):
        yield topic_id, values[:4], values[4:]


def reactions() -> Iterator[str]:
    """The number under a post is the number of people."""
    for post_id, kind, says, is_so in _pressed():
        yield f"post {post_id}, {kind}: the counter says {says}, {is_so} pressed it"


def recount_reactions() -> int:
    """Put the numbers under posts right. Returns how many were wrong."""
    wrong = list(_pressed())
    for post_id, kind, _, is_so in wrong:
        db.session.execute(update(Post).where(Post.id == post_id).values({f"{kind}_count": is_so}))
    return len(wrong)


def _pressed() -> Iterator[tuple[int, str, int, int]]:
    """The counters that are wrong: post, kind, what it says, what is so."""
    for kind in REACTIONS:
        says = getattr(Post, f"{kind}_count")
        grouped = select(Reaction.post_id, func.count().label("people")).where(Reaction.kind == kind)
        real = grouped.group_by(Reaction.post_id).subquery()
        is_so = func.coalesce(real.c.people, 0)
        wrong = select(Post.id, says, is_so).outerjoin(real, real.c.post_id == Post.id).where(says != is_so)
        for post_id, said, people in db.session.execute(wrong):
            yield post_id, kind, said, people


def revisions() -> Iterator[str]:
    """Each edit left the text that stood before it."""
    grouped = select(Revision.post_id, func.count().label("texts")).group_by(Revision.post_id)
    earlier = grouped.subquery()
    texts = func.coalesce(earlier.c.texts, 0)
    wrong = (
        select(Post.id, Post.version, texts)
        .outerjoin(earlier, earlier.c.post_id == Post.id)
        .where(Post.state == "shown", Post.version - 1 != texts)
    )
    for post_id, version, kept in db.session.execute(wrong):
        yield f"post {post_id}: version {version} with {kept} earlier texts"


def files() -> Iterator[str]:
    """Each file that a message or a draft names is there."""
    named = lonely_files.named_files()
    there = {name for folder in lonely_files.FOLDERS for name in site_files().names(f"{folder}/")}
    for name in sorted(named - there):
        yield f"file {name}: a row names it, and it is not there"


def first_posts() -> Iterator[str]:
    """No topic without a first post."""
    first = select(Post.topic_id).where(Post.number == 1)
    for topic_id in db.session.scalars(select(Topic.id).where(Topic.id.not_in(first))):
        yield f"topic {topic_id} has no first post"
