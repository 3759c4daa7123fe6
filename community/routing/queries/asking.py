"""What the choice of whom to ask is made from: never a member, only personas."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from typing import Any

from sqlalchemy import Select, bindparam, func, select
from sqlalchemy.orm import joinedload, selectinload

from community.accounts.blocking import apart_from
from community.accounts.models import Duty, Persona
from community.accounts.queries import Face, face
from community.accounts.viewer import Viewer, viewer_of
from community.core import clock
from community.core.db import db
from community.core.i18n import zone
from community.core.regions import with_ancestors
from community.forum.models import Post, Space, SpaceMember, Topic
from community.forum.permissions import KEPT_WHOLE, access_of, topics_seen_by
from community.forum.queries.reading import needs_answer
from community.routing.choosing import LOAD_DAYS, WEEK_DAYS, Candidate, Question
from community.routing.models import CanAnswer, Laid, OnCall
from community.routing.permissions import may_be_asked

MOST_NAMES = 60


def today() -> date:
    """Today where the site is: a day on call begins and ends there."""
    return clock.now().astimezone(zone()).date()


def since_a_week() -> date:
    """The day after which the number of a week counts."""
    return today() - timedelta(days=WEEK_DAYS)


def question_of(topic: Topic) -> Question:
    """What the choice needs of a topic; its space is loaded."""
    places = (topic.region, topic.space.region)
    return Question(
        asker=topic.author_id,
        lang=topic.lang,
        themes=themes_of(topic),
        regions=frozenset(code for place in places for code in with_ancestors(place or "")),
    )


def themes_of(topic: Topic) -> frozenset[str]:
    """The themes of a topic: its own and that of its space."""
    return frozenset(code for code in (topic.theme, topic.space.theme) if code)


def topic_with_space(topic_id: int) -> Topic | None:
    """The topic with its space, as it is now."""
    rows = (
        select(Topic)
        .where(Topic.id == topic_id)
        .options(joinedload(Topic.space).selectinload(Space.audiences))
        .execution_options(populate_existing=True)
    )
    return db.session.scalars(rows).unique().one_or_none()


def candidates() -> list[Candidate]:
    """Everybody who takes questions, with how many they were asked in the last seven days.

    The rows are locked first: two questions at the same moment take turns, and nobody is asked more
    than the number they gave.
    """
    rows = db.session.scalars(
        select(CanAnswer)
        .join(Persona, Persona.id == CanAnswer.persona_id)
        .where(~CanAnswer.paused, CanAnswer.weekly > 0, Persona.state == "active")
        .options(selectinload(CanAnswer.fields))
        .order_by(CanAnswer.persona_id)
        .with_for_update(of=CanAnswer)
        .execution_options(populate_existing=True)
    ).all()
    lately = _lately([row.persona_id for row in rows])
    return [_candidate(row, *lately.get(row.persona_id, (0, 0, None))) for row in rows]


def _candidate(row: CanAnswer, lately: int, month: int, last_on: date | None) -> Candidate:
    return Candidate(
        row.persona_id,
        row.weekly,
        row.codes("theme"),
        row.codes("region"),
        row.codes("lang"),
        row.paused,
        lately,
        month,
        last_on,
    )


def _lately(persona_ids: Sequence[str]) -> dict[str, tuple[int, int, date | None]]:
    """Per persona how many questions in the last 7 and 28 days, and the last day."""
    week, month = since_a_week(), today() - timedelta(days=LOAD_DAYS)
    rows = db.session.execute(
        select(
            Laid.persona_id,
            func.count().filter(Laid.laid_on > week),
            func.count(),
            func.max(Laid.laid_on),
        )
        .where(Laid.persona_id.in_(persona_ids), Laid.laid_on > month)
        .group_by(Laid.persona_id)
    )
    return {persona_id: (in_week, in_month, last) for persona_id, in_week, in_month, last in rows}


def laid_of(topic: Topic) -> dict[str, Laid]:
    """Before whom this question was laid, by persona."""
    rows = db.session.scalars(
        select(Laid).where(Laid.topic_id == topic.id).execution_options(populate_existing=True)
    )
    return {row.persona_id: row for row in rows}


def may(persona_id: str, topic: Topic) -> bool:
    """Whether the persona may be asked this question now."""
    viewer = viewer_of(persona_id)
    return viewer is not None and may_be_asked(viewer, topic)


def on_call_for(topic: Topic) -> list[str]:
    """Who agreed to be on call today for a theme of this topic."""
    now = today()
    rows = select(OnCall.persona_id).where(
        OnCall.theme.in_(themes_of(topic)),
        OnCall.state == "agreed",
        OnCall.from_on <= now,
        OnCall.until_on >= now,
    )
    return sorted(set(db.session.scalars(rows)))


def keepers_for(topic: Topic) -> list[str]:
    """Who keeps the space of this topic, and the spaces of its themes: moderators, chair, keepers."""
    spaces = db.session.execute(
        select(Space.id, Space.slug).where(
            (Space.id == topic.space_id) | (Space.theme.in_(themes_of(topic)) & (Space.kind == "clinical"))
        )
    ).all()
    moderators = select(Duty.persona_id).where(
        Duty.duty == "moderator", Duty.scope.in_([row.slug for row in spaces])
    )
    leaders = select(SpaceMember.persona_id).where(
        SpaceMember.space_id.in_([row.id for row in spaces]), SpaceMember.standing.in_(("chair", "keeper"))
    )
    return sorted({*db.session.scalars(moderators), *db.session.scalars(leaders)})


_IN_TURN, _CHOSEN = func.count().filter(Laid.why != "by_name"), func.count().filter(Laid.chosen)


@dataclass(frozen=True)
class Asked:
    """What whoever asked is told: how many were asked in turn, never who; and how many they chose.

    A name they chose may have been among those asked in turn: the first number is the same either way.
    """

    count: int
    chosen: int


def asked_about(topic: Topic) -> Asked:
    """Of this question, how many people it was laid before."""
    count, by_name = db.session.execute(select(_IN_TURN, _CHOSEN).where(Laid.topic_id == topic.id)).one()
    return Asked(int(count), int(by_name))


def own_waiting(viewer: Viewer, post_key: str) -> tuple[str, Asked] | None:
    """The viewer's own question that begins with this post, while it has no answer: its key, and how
    many it was laid before."""
    asked = {"me": viewer.persona_id, "post": post_key}
    row = db.session.execute(_own_waiting(access_of(viewer)), asked).one_or_none()
    return (row[0], Asked(int(row[1]), int(row[2]))) if row else None


@lru_cache(KEPT_WHOLE)
def _own_waiting(viewer: Viewer) -> Select[Any]:
    """Of the question of ``me`` that begins with this ``post``. Put together once a kind of access."""
    laid = select(Laid).where(Laid.topic_id == Topic.id).correlate(Topic)
    return (
        topics_seen_by(viewer)
        .where(
            Topic.id == select(Post.topic_id).where(Post.key == bindparam("post")).scalar_subquery(),
            Topic.author_id == bindparam("me"),
            needs_answer(),
        )
        .with_only_columns(
            Topic.key,
            laid.with_only_columns(_IN_TURN).scalar_subquery(),
            laid.with_only_columns(_CHOSEN).scalar_subquery(),
        )
    )


def names_to_ask(topic: Topic) -> list[Face]:
    """The names that let themselves be asked, could read this question, and have room this week.

    A protected name is named in its own protected spaces only, to those who meet it there. Whoever has
    the question already stands there like the others: who is missing would tell who was asked.
    """
    rows = db.session.execute(
        select(CanAnswer, Persona)
        .join(Persona, Persona.id == CanAnswer.persona_id)
        .where(CanAnswer.by_name, ~CanAnswer.paused, CanAnswer.weekly > 0, Persona.state == "active")
        .options(selectinload(CanAnswer.fields))
        .order_by(Persona.skeleton)
    ).all()
    lately = _lately([row.persona_id for row, _ in rows])
    laid = laid_of(topic)
    apart = apart_from(topic.author_id, [persona.id for _, persona in rows])
    found: list[Face] = []
    for row, persona in rows:
        has_it = laid.get(persona.id)
        room = has_it is not None or _candidate(row, *lately.get(row.persona_id, (0, 0, None))).free
        named_here = persona.kind == "public" or topic.space.protected
        chosen = has_it is not None and has_it.chosen
        near = persona.id not in apart
        if room and named_here and near and not chosen and may(persona.id, topic):
            found.append(face(persona))
        if len(found) == MOST_NAMES:
            break
    return found
