"""What the search does when the forum says that something changed.

A new post goes before everything else, so that an import never delays it. Until a change has been
indexed, ``queries`` leaves what changed out of the results: it knows it from these very jobs.
"""

from __future__ import annotations

from sqlalchemy import select

from community.core.announce import receiver
from community.core.db import db, transaction
from community.core.jobs import enqueue, job
from community.forum import signals
from community.forum.models import Post, Topic
from community.search import services

TOPICS_AT_ONCE = 10


@receiver(signals.post_created, lane="urgent")
def index_new_post(post_id: int) -> None:
    """It can be found."""
    services.index_post(post_id)


@receiver(signals.post_changed, lane="urgent")
def index_changed_post(post_id: int) -> None:
    """It is found by its new words, or by nobody; its topic may be unanswered again."""
    post = db.session.get(Post, post_id)
    if post is not None:
        services.index_topics([post.topic_id])


@receiver(signals.topic_changed, lane="urgent")
def index_changed_topic(topic_id: int) -> None:
    """All its posts are found under its new title and place, or by nobody."""
    services.index_topics([topic_id])


@receiver(signals.space_changed, lane="normal")
def index_changed_space(space_id: int) -> None:
    """Its topics may belong to another region or theme. Who sees it is asked at each search."""
    topics = db.session.scalars(select(Topic.id).where(Topic.space_id == space_id).order_by(Topic.id)).all()
    with transaction():
        for start in range(0, len(topics), TOPICS_AT_ONCE):
            enqueue("search.index_topics", topic_ids=list(topics[start : start + TOPICS_AT_ONCE]))


@receiver(signals.topics_imported, lane="bulk")
def index_imported_topics(topic_ids: list[int]) -> None:
    """They can be found, all their posts."""
    services.index_topics(topic_ids)


@job("search.index_topics", lane="bulk")
def index_topics(topic_ids: list[int]) -> None:
    """A few topics of a space that changed."""
    services.index_topics(topic_ids)
