"""What waits for a persona on the home page, and how the community is doing.

*Their spaces*: those in which they may write, without the regional ones of elsewhere and what they
muted; and those they watch. Everything starts from what they may see.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from functools import lru_cache
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, bindparam, func, or_, select, union_all
from sqlalchemy.orm import contains_eager, joinedload

from community.accounts.queries import Label, labels_of
from community.accounts.viewer import Viewer
from community.core import clock
from community.core.changes import numbers
from community.core.changes.kept_answers import kept
from community.core.db import UtcDateTime, db
from community.core.disclosure import RESPONDENTS
from community.core.prepared import ME, Prepared
from community.core.regions import with_ancestors
from community.forum.models import Post, Reading, Space, Topic
from community.forum.models.topics import ASKING
from community.forum.permissions import (
    KEPT,
    KEPT_WHOLE,
    LIVE,
    access_of,
    spaces_open_to,
    spaces_seen_by,
    topics_seen_by,
)
from community.forum.queries.kept_lists import Alike, alike, numbers_of
from community.forum.queries.lists import LINE, TopicRow, line_of, lines_of
from community.forum.queries.many import stands_where_many
from community.forum.queries.queue import FirstAnswer, first_answer_of, waiting_count
from community.forum.queries.reading import (
    Filters,
    in_watched_space,
    muted,
    needs_answer,
    watched,
    watched_spaces,
)

MOST = 3
LATEST = 6
KEEP_DAYS = 30


def in_their_spaces(viewer: Viewer) -> ColumnElement[bool]:
    """The topic is in one of the viewer's spaces, or they watch it; and it is not muted."""
    return _in_their_spaces(replace(access_of(viewer), region=viewer.region))


@lru_cache(KEPT_WHOLE)
def _in_their_spaces(viewer: Viewer) -> ColumnElement[bool]:
    """Put together once a kind of access: the home page asks it three times."""
    open_to = spaces_open_to(viewer).with_only_columns(Space.id).order_by(None)
    near = with_ancestors(viewer.region or "")
    theirs = and_(
        Topic.space_id.in_(open_to),
        or_(Space.region.is_(None), Space.region.in_(near), in_watched_space(viewer)),
    )
    return and_(or_(theirs, watched(viewer)), ~muted(viewer))


def _waits_for(viewer: Viewer) -> ColumnElement[bool]:
    """A question of others that this viewer could answer."""
    return and_(needs_answer(), *_of_others(viewer))


def _of_others(viewer: Viewer) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    return Topic.author_id != viewer.persona_id, in_their_spaces(viewer)


def questions_for(viewer: Viewer, most: int = MOST) -> tuple[Sequence[Topic], int]:
    """The questions that have waited longest in the viewer's spaces, and how many wait there in all."""
    if not viewer.signed_in:
        return [], 0
    if db.engine.dialect.name != "sqlite":
        return _longest_waiting(viewer, most), questions_for_count(viewer)
    found = topics_seen_by(viewer, "later").where(_waits_for(viewer)).options(joinedload(Topic.author))
    counted = found.add_columns(func.count().over()).order_by(Topic.created_at, Topic.id).limit(most)
    rows = db.session.execute(counted).unique().all()
    return [topic for topic, _ in rows], rows[0][1] if rows else 0


def _longest_waiting(viewer: Viewer, most: int) -> Sequence[Topic]:
    """Of each kind the first few, which PostgreSQL finds in order; to count them too it reads every one."""
    of_kinds = [
        topics_seen_by(viewer, "later")
        .where(needs_answer((kind,)), *_of_others(viewer))
        .with_only_columns(Topic.id)
        .order_by(Topic.answered_at, Topic.created_at, Topic.id)  # as the index: none has an answer
        .limit(most)
        .options()
        .subquery()
        for kind in sorted(ASKING)
    ]
    first = union_all(*(select(each.c.id) for each in of_kinds))
    rows = select(Topic).join(Topic.space).where(Topic.id.in_(first))
    ordered = rows.order_by(Topic.created_at, Topic.id).limit(most)
    loaded = (contains_eager(Topic.space), joinedload(Topic.author))
    return db.session.scalars(ordered.options(*loaded)).unique().all()


def waiting_lines_for(viewer: Viewer, most: int) -> tuple[list[TopicRow], int]:
    """The same as lines, none of them marked as unread; kept while no question changes."""

    def ask() -> tuple[list[TopicRow], int]:
        topics, count = questions_for(viewer, most)
        return lines_of(topics), count

    who = replace(access_of(viewer), region=viewer.region)
    return kept(("questions that wait", who, most), numbers_of(viewer), ask)


def questions_for_count(viewer: Viewer) -> int:
    """How many questions wait in the viewer's spaces; where very many do, as it was up to ten minutes ago."""
    if not viewer.signed_in:
        return 0
    who = replace(access_of(viewer), region=viewer.region)
    return stands_where_many(("wait for", who), lambda: waiting_count(viewer, _waits_for(viewer)), int)


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


def latest_lines_for(viewer: Viewer, most: int = LATEST) -> list[TopicRow]:
    """What was last written in the viewer's spaces, as lines of which none is marked as unread; questions
    that wait left out: they stand apart.

    For a visitor, in what everyone may read.
    """
    rights = replace(access_of(viewer), region=viewer.region)
    if viewer.signed_in:
        rights = replace(rights, persona_id=ME)
    known = numbers.of(viewer.persona_id)
    made_of = known and (known.topics, known.people, known.spaces, known.own)

    def ask() -> list[TopicRow]:
        return [line_of(row) for row in _latest(rights, most).rows_apart(me=viewer.persona_id)]

    return kept(("latest", viewer.persona_id, rights, most), made_of, ask)


@lru_cache(KEPT)
def _latest(viewer: Viewer, most: int) -> Prepared:
    """Put together once a kind of access: every home page asks it."""
    return Prepared(lambda: _latest_rows(viewer, most))


def _latest_rows(viewer: Viewer, most: int) -> Select[Any]:
    rows = topics_seen_by(viewer, "later").join(Topic.author)
    if viewer.signed_in:
        rows = rows.where(in_their_spaces(viewer), ~needs_answer())
    ordered = rows.order_by(Topic.last_post_at.desc(), Topic.id.desc()).limit(most)
    return ordered.with_only_columns(*LINE, maintain_column_froms=True).options()


@dataclass(frozen=True)
class Pulse:
    """How the community is doing, over the questions the viewer may read.

    ``kept_share`` is None below ten questions, as the median is.
    """

    first_answer: FirstAnswer
    questions: int
    kept_share: float | None


def pulse(viewer: Viewer) -> Pulse:
    """The median time to a first answer, and the share of questions with a kept answer."""
    same = alike(viewer)

    def ask() -> Pulse:
        return stands_where_many(("pulse", same.viewer), lambda: _pulse(same), lambda found: found.questions)

    return kept(("pulse", same.viewer), same.numbers, ask)


def _pulse(same: Alike) -> Pulse:
    asked = (Topic.kind.in_(ASKING), Topic.imported_from.is_(None), Topic.state.in_(LIVE))
    row = db.session.execute(
        topics_seen_by(same.viewer)
        .where(*asked)
        .with_only_columns(func.count(Topic.id), func.count(Topic.id).filter(Topic.accepted_count > 0))
    ).one()
    questions, kept = int(row[0]), int(row[1])
    share = kept / questions if questions >= RESPONDENTS else None
    return Pulse(first_answer_of(same, Filters()), questions, share)


@dataclass(frozen=True)
class Named:
    """A space by its address and its name in both languages."""

    slug: str
    name_en: str
    name_fr: str


def watched_names(viewer: Viewer) -> list[Named]:
    """The spaces the viewer watches and still sees, in their order."""

    def ask() -> list[Named]:
        return [Named(space.slug, space.name_en, space.name_fr) for space in watched_spaces(viewer)]

    return kept(("watched", access_of(viewer)), numbers_of(viewer), ask)


def open_square(viewer: Viewer) -> Space | None:
    """The first space open to everyone that the viewer sees."""
    rows = spaces_seen_by(viewer).where(Space.kind == "public").order_by(Space.position, Space.id)
    return db.session.scalar(rows.limit(1))
