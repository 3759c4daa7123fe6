"""The questions of a persona in which others answered: what to read, and which answer to keep."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from functools import lru_cache
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, bindparam, func, or_, select

from community.accounts.queries import Label, labels_of
from community.accounts.viewer import Viewer
from community.core import clock
from community.core.changes import numbers
from community.core.changes.kept_answers import kept
from community.core.db import UtcDateTime, db
from community.core.prepared import ME, Prepared
from community.forum.models import Post, Reading, Topic
from community.forum.models.topics import ASKING
from community.forum.permissions import (
    KEPT,
    access_of,
    topics_seen_by,
)
from community.forum.queries.reading import (
    muted,
)

MOST = 3
KEEP_DAYS = 30


@dataclass(frozen=True)
class Asked:
    """A question of the viewer, as the home page names it."""

    id: int
    key: str
    title: str
    lang: str
    accepted_count: int
    last_number: int
    post_count: int


@dataclass(frozen=True)
class Replied:
    """A question of the viewer with answers they have not read, or of which they kept none yet."""

    topic: Asked
    new: int
    label: Label | None  # of a verified professional among those who answered


def replies_to(viewer: Viewer, most: int = MOST) -> list[Replied]:
    """The viewer's questions in which others wrote since they last looked; then those answered in the
    last thirty days of which no answer is kept. The last written first."""
    if not viewer.signed_in:
        return []
    known = numbers.of(viewer.persona_id)
    # Whoever writes or is hidden in one of them changes that topic, and so the number of who asked.
    made_of = known and (known.people, known.spaces, known.shown, known.own)
    return kept(("replied", viewer.persona_id, most), made_of, lambda: _replied(viewer, most))


def _replied(viewer: Viewer, most: int) -> list[Replied]:
    rights = replace(access_of(viewer), persona_id=ME)
    rows = _replies(rights, most).rows(me=viewer.persona_id, since=clock.ago(days=KEEP_DAYS))
    found = [(Asked(*said), new) for *said, new in rows]
    labels = _verified_in(viewer, [topic for topic, _ in found])
    return [Replied(topic, new, labels.get(topic.id)) for topic, new in found]


@lru_cache(KEPT)
def _replies(viewer: Viewer, most: int) -> Prepared:
    """Put together once a kind of access; those of the last days are ``since``."""
    return Prepared(lambda: _replied_rows(viewer, most))


def _replied_rows(viewer: Viewer, most: int) -> Select[Any]:
    read = (
        select(Reading.last_number)
        .where(Reading.topic_id == Topic.id, Reading.persona_id == viewer.persona_id)
        .correlate(Topic)  # inside two others, it would bring a topic of its own: every topic
        .scalar_subquery()
    )
    new = (
        select(func.count(Post.id))
        .where(
            Post.topic_id == Topic.id,
            Post.state == "shown",
            Post.author_id != viewer.persona_id,
            Post.number > func.coalesce(read, 1),
        )
        .correlate(Topic)
        .scalar_subquery()
    )
    columns = [getattr(Topic, field.name) for field in fields(Asked)]
    return (
        topics_seen_by(viewer, "later")
        .where(
            Topic.author_id == viewer.persona_id,
            Topic.kind.in_(ASKING),
            ~muted(viewer),
            or_(new > 0, _to_keep()),
        )
        .with_only_columns(*columns, new, maintain_column_froms=True)
        .order_by((new > 0).desc(), Topic.last_post_at.desc(), Topic.id.desc())
        .limit(most)
        .options()
    )


def _to_keep() -> ColumnElement[bool]:
    """Somebody answered of late, and no answer is kept."""
    return and_(
        Topic.answered_at.is_not(None),
        Topic.accepted_count == 0,
        Topic.state == "open",
        Topic.last_post_at > bindparam("since", type_=UtcDateTime()),
    )


def _verified_in(viewer: Viewer, topics: Sequence[Asked]) -> dict[int, Label]:
    """For each of these topics the title of one verified professional who wrote in it."""
    if not topics:
        return {}
    wrote = db.session.execute(
        select(Post.topic_id, Post.author_id)
        .where(
            Post.topic_id.in_([topic.id for topic in topics]),
            Post.state == "shown",
            Post.author_id != viewer.persona_id,
        )
        .distinct()
    ).all()
    labels = labels_of({row.author_id for row in wrote})
    return {
        row.topic_id: labels[row.author_id]
        for row in wrote
        if row.author_id in labels and labels[row.author_id].holds
    }
