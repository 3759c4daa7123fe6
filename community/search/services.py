"""Keeping the index as the data are. Each function may run twice without harm."""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Mapping, Sequence

from sqlalchemy import and_, delete, false, func, or_, select

from community.core.db import db, transaction
from community.core.jobs import Job, enqueue
from community.forum.models import Post, Topic
from community.search.engine import APART, every_index, index_for, site_index, writing
from community.search.posts import Posts
from community.search.sources import Source, all_sources

SLICE = 50  # documents of one commit: while it lasts a new post waits for the index's only writer
SLICE_APART = 1_000  # of an index of its own, for which no post waits: a commit takes a second there
SLICE_BEGINNING = 500  # of an index that is not whole yet: each commit costs more, the more parts there are
BREATH = 0.05  # seconds between two commits of a long run, in which who waits for the writer has a turn
PORTION = "search.index_portion"  # the job that indexes a portion and asks for the next
# The jobs that only bring things into the index.
FILLING = (PORTION, "search.index_topics", "search.receivers.index_imported_topics")
Progress = Callable[[int], None]
# Topics that are not done, each with the last post of it that is (0: none).
Left = Mapping[int, int]


def slice_of(kind: str) -> int:
    """How many things of a kind come into their index with one commit."""
    return SLICE_APART if kind in APART else SLICE


def _portion_of(kind: str) -> int:
    """The same where everything is brought in; more until the index is whole, when a new post waits a second
    or two: fifty at a time, four hundred thousand posts were not in after an hour and a half."""
    return slice_of(kind) if index_for(kind).ready() else max(slice_of(kind), SLICE_BEGINNING)


def index_new(post_ids: Collection[int]) -> Left:
    """Make new posts findable. The first answer changes what its whole topic is: answered."""
    rows = db.session.execute(
        select(Post.key, Post.topic_id, Topic.answered_at == Post.created_at)
        .join(Post.topic)
        .where(Post.id.in_(post_ids))
    ).all()
    return _with_topics([key for key, _, _ in rows], {topic for _, topic, first in rows if first})


def index_changed(post_ids: Collection[int]) -> Left:
    """Make posts findable by their new words only. Their topics may be unanswered again."""
    rows = db.session.execute(select(Post.key, Post.topic_id).where(Post.id.in_(post_ids))).all()
    return _with_topics([key for key, _ in rows], {topic for _, topic in rows})


def index_topics(after: Left) -> Left:
    """Make the next posts of these topics findable as they are now, or no longer."""
    keys, left = _next_of(after)
    _replace_all(Posts(), keys)
    return left


def index_these(source: Source, keys: Collection[str]) -> None:
    """Make these things of a source findable as they are now, or no longer."""
    _replace_all(source, sorted(set(keys)))


def _with_topics(keys: Collection[str], topic_ids: Collection[int]) -> Left:
    """Index posts, and in the same commit the first posts of whole topics."""
    also, left = _next_of(dict.fromkeys(topic_ids, 0))
    _replace_all(Posts(), sorted({*keys, *also}))
    return left


def _next_of(after: Left) -> tuple[list[str], Left]:
    ours = [and_(Post.topic_id == topic_id, Post.id > post_id) for topic_id, post_id in after.items()]
    rows = db.session.execute(
        select(Post.id, Post.key).where(or_(false(), *ours)).order_by(Post.id).limit(SLICE)
    ).all()
    done = rows[-1].id if len(rows) == SLICE else 0
    left = {topic_id: max(post_id, done) for topic_id, post_id in after.items()} if done else {}
    return [key for _, key in rows], left


def index_portion(source: Source, after: str) -> str:
    """Index the next things of a source; returns the last one's key, "" when there was none left."""
    most = _portion_of(source.kind)
    keys = source.keys(after, most)
    if keys:
        _replace_all(source, keys, most)
    return keys[-1] if keys else ""


def finish(of: Sequence[Source] | None = None) -> None:
    """After every portion: forget what exists no more, and call the index whole.

    :param of: what was brought in, where it was not everything.
    """
    for source in all_sources() if of is None else of:
        with writing():
            known = index_for(source.kind).ids()
        prefix = f"{source.kind}:"
        there = {one.removeprefix(prefix) for one in known if one.startswith(prefix)}
        gone = sorted(there - source.existing(there))
        _replace_all(source, gone)
    tidy()
    with writing():
        for index in every_index():
            index.complete()


def tidy() -> None:
    """Put the index in good order for reading, a little at a time, others writing in between."""
    for index in every_index():
        more = True
        while more:
            with writing():
                more = index.tidy()
            time.sleep(BREATH)


def let_go() -> None:
    """Keep nothing of the words that were replaced, a part at a time, others writing in between."""
    more = True
    while more:
        with writing():
            more = site_index().let_go()
        time.sleep(BREATH)


def ask_for_rebuild() -> None:
    """Have everything indexed by background jobs, unless that is already under way."""
    waiting = select(func.count()).select_from(Job).where(Job.name == PORTION, Job.state == "waiting")
    if not db.session.scalar(waiting):
        half = (place for place, one in enumerate(all_sources()) if not index_for(one.kind).ready())
        enqueue(PORTION, source=next(half, 0))


def rebuild(progress: Progress = lambda _: None, of: Sequence[Source] | None = None) -> int:
    """Index everything anew while the site runs; the old index answers until it is replaced bit by bit.

    What was waiting to be filled in before is done with it. Returns how many documents there are.

    :param of: only these; what waits may be of others, and stays.
    """
    every = of is None
    waiting = db.session.scalars(select(Job.id).where(Job.name.in_(FILLING), Job.claimed_by.is_(None))).all()
    done = 0
    for source in all_sources() if of is None else of:
        after = ""
        while after := index_portion(source, after):
            done += _portion_of(source.kind)
            progress(done)
            time.sleep(BREATH)
    finish(of)
    with transaction():
        if every:
            db.session.execute(delete(Job).where(Job.id.in_(waiting)))
    with writing():
        return sum(index.size() for index in every_index())


def start_over() -> None:
    """Build the index from nothing: what it knew belongs to other tables."""
    with writing():
        for index in every_index():
            index.clear()
    rebuild()


def begin() -> int:
    """Give an instance that has no whole index yet one; returns how many documents it has.

    Of several indexes only what belongs into those that are not whole is brought in.
    """
    half = [one for one in all_sources() if not index_for(one.kind).ready()]
    return 0 if ready() else rebuild(of=half)


def ready() -> bool:
    """Whether everything there is can be found."""
    return all(index.ready() for index in every_index())


def _replace_all(source: Source, keys: Sequence[str], most: int = 0) -> None:
    """:param most: with one commit; 0: as many as the kind has."""
    most = most or slice_of(source.kind)
    for start in range(0, len(keys), most):
        some = keys[start : start + most]
        with writing():
            index_for(source.kind).replace([f"{source.kind}:{key}" for key in some], source.documents(some))
