"""Keeping the index as the data are. Each function may run twice without harm."""

from __future__ import annotations

from collections.abc import Callable, Collection

from sqlalchemy import delete, func, select

from community.core.db import db, transaction
from community.core.jobs import Job, enqueue
from community.forum.models import Post, Topic
from community.search.engine import site_index, writing
from community.search.sources import Posts, Source, all_sources

BATCH = 100
PORTION = "search.index_portion"  # the job that indexes a portion and asks for the next
# The jobs that only bring things into the index.
FILLING = (PORTION, "search.index_topics", "search.receivers.index_imported_topics")
Progress = Callable[[int], None]


def index_post(post_id: int) -> None:
    """Make a new post findable. The first answer changes what its whole topic is: answered."""
    post = db.session.get(Post, post_id)
    if post is None:
        return
    topic = db.session.get_one(Topic, post.topic_id)
    if topic.answered_at == post.created_at:
        index_topics([topic.id])
    else:
        _replace(Posts(), [post.key])


def index_topics(topic_ids: Collection[int]) -> None:
    """Make every post of these topics findable as it is now, or no longer."""
    keys = db.session.scalars(select(Post.key).where(Post.topic_id.in_(topic_ids)).order_by(Post.id)).all()
    for start in range(0, len(keys), BATCH):
        _replace(Posts(), keys[start : start + BATCH])


def index_portion(source: Source, after: str) -> str:
    """Index the next things of a source; returns the last one's key, "" when there was none left."""
    keys = source.keys(after, BATCH)
    if keys:
        _replace(source, keys)
    return keys[-1] if keys else ""


def finish() -> None:
    """After every portion: forget what exists no more, and call the index whole."""
    index = site_index()
    with writing():
        known = index.ids()
    for source in all_sources():
        prefix = f"{source.kind}:"
        there = {one.removeprefix(prefix) for one in known if one.startswith(prefix)}
        gone = sorted(there - source.existing(there))
        for start in range(0, len(gone), BATCH):
            _replace(source, gone[start : start + BATCH])
    with writing():
        index.complete()


def ask_for_rebuild() -> None:
    """Have everything indexed by background jobs, unless that is already under way."""
    waiting = select(func.count()).select_from(Job).where(Job.name == PORTION, Job.state == "waiting")
    if not db.session.scalar(waiting):
        enqueue(PORTION)


def rebuild(progress: Progress = lambda _: None) -> int:
    """Index everything anew while the site runs; the old index answers until it is replaced bit by bit.

    What was waiting to be filled in before is done with it. Returns how many documents there are.
    """
    waiting = db.session.scalars(select(Job.id).where(Job.name.in_(FILLING), Job.claimed_by.is_(None))).all()
    done = 0
    for source in all_sources():
        after = ""
        while after := index_portion(source, after):
            done += BATCH
            progress(done)
    finish()
    with transaction():
        db.session.execute(delete(Job).where(Job.id.in_(waiting)))
    with writing():
        return site_index().size()


def begin() -> int:
    """Give an instance that has no whole index yet one; returns how many documents it has."""
    return 0 if site_index().ready() else rebuild()


def _replace(source: Source, keys: Collection[str]) -> None:
    ids = [f"{source.kind}:{key}" for key in keys]
    with writing():
        site_index().replace(ids, source.documents(keys))
