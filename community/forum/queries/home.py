"""What waits for a persona on the home page, and how the community is doing.

*Their spaces*: those in which they may write, without the regional ones of elsewhere and what they
muted; and those they watch. Everything starts from what they may see.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, or_, select, union_all
from sqlalchemy.orm import contains_eager, joinedload

from community.accounts.viewer import Viewer
from community.core.changes import numbers
from community.core.changes.kept_answers import kept
from community.core.db import db
from community.core.disclosure import RESPONDENTS
from community.core.prepared import ME, Prepared
from community.core.regions import with_ancestors
from community.forum.models import Space, Topic
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
