"""What the search does when the forum says that something changed.

New posts go before everything else and in one go, so that neither an import nor many writers delay
them. Until a change has been indexed, ``queries`` leaves what changed out of the results: it knows it
from these very jobs.

A long topic is done in slices, each a job of its own that asks for the next, so that a new post waits
for one slice at most.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sqlalchemy import select

from community.core.announce import receiver
from community.core.db import db, transaction
from community.core.jobs import enqueue, job
from community.directory.signals import services_written
from community.forum import signals
from community.forum.models import Topic
from community.search import services
from community.search.found_services import Services
from community.search.testimonies import Testimonies
from community.testimonies.signals import testimony_changed, testimony_words_gone

TOPICS_AT_ONCE = 10
TOGETHER = services.SLICE
# Announcements of services, of up to two hundred each: they fill two commits of their index, not ten.
WRITTEN_TOGETHER = 10

Heard = Sequence[Mapping[str, int]]


@receiver(signals.post_created, lane="at_once", together=TOGETHER)
def index_new_post(heard: Heard) -> None:
    """They can be found."""
    _go_on(services.index_new({one["post_id"] for one in heard}))


@receiver(signals.post_changed, lane="at_once", together=TOGETHER)
def index_changed_post(heard: Heard) -> None:
    """They are found by their new words, or by nobody; their topics may be unanswered again."""
    _go_on(services.index_changed({one["post_id"] for one in heard}))


def _go_on(left: services.Left) -> None:
    """What is left of long topics is what it was, only its topic's state is older: that may wait."""
    if left:
        with transaction():
            enqueue("search.index_topics", topic_ids=[*left], after=min(left.values()))


@receiver(signals.topic_changed, lane="at_once", together=TOGETHER)
def index_changed_topic(heard: Heard) -> None:
    """All their posts are found under the new title and place, or by nobody."""
    after: dict[int, int] = {}
    for one in heard:
        after[one["topic_id"]] = min(one.get("after", 0), after.get(one["topic_id"], one.get("after", 0)))
    if left := services.index_topics(after):
        with transaction():
            for topic_id, done in left.items():  # of this kind: what is left is not to be found meanwhile
                enqueue("search.receivers.index_changed_topic", topic_id=topic_id, after=done)


@receiver(signals.post_redacted, lane="bulk")
def let_go_of_redacted_words(post_id: int) -> None:
    """Once its new words are indexed, the old ones are in no file of the index either."""
    _go_on(services.index_changed({post_id}))
    services.let_go()


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
    index_topics(topic_ids)


@receiver(testimony_changed, lane="at_once", together=TOGETHER)
def index_changed_testimony(heard: Sequence[Mapping[str, str]]) -> None:
    """They are found by their words, or by nobody."""
    services.index_these(Testimonies(), {one["key"] for one in heard})


@receiver(testimony_words_gone, lane="at_once")
def let_go_of_a_testimony(key: str) -> None:
    """Its words, or some of them, are gone: from the files of the index too."""
    services.index_these(Testimonies(), {key})
    services.let_go()


@receiver(services_written, lane="bulk", together=WRITTEN_TOGETHER)
def index_written_services(heard: Sequence[Mapping[str, list[str]]]) -> None:
    """They are found by what everybody may read of them now, or by nobody."""
    index_services(list(dict.fromkeys(id for one in heard for id in one["service_ids"])))


@job("search.index_services", lane="bulk")
def index_services(ids: list[str]) -> None:
    """The next of these services; then the job asks for those after them."""
    most = services.slice_of(Services.kind)
    services.index_these(Services(), ids[:most])
    if left := ids[most:]:
        with transaction():
            enqueue("search.index_services", ids=left)


@job("search.index_topics", lane="bulk")
def index_topics(topic_ids: list[int], after: int = 0) -> None:
    """The next posts of a few topics; then the job asks for those after them."""
    _go_on(services.index_topics(dict.fromkeys(topic_ids, after)))
