"""The questions that wait for a persona, and what it said it can answer."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Select, String, bindparam, func, literal, select
from sqlalchemy.orm import selectinload

from community.accounts.viewer import Viewer
from community.core.changes import numbers
from community.core.changes.kept_answers import kept
from community.core.db import db
from community.core.prepared import Prepared
from community.forum.models import Space, Topic
from community.routing.models import CanAnswer, Laid
from community.routing.permissions import laid_seen_by
from community.routing.queries.asking import since_a_week
from community.routing.queries.oncall import own_duties

MOST = 10
_ORDER = {"keeper": 0, "on_call": 1, "by_name": 2, "fits": 3}


@dataclass(frozen=True)
class Waiting:
    """A question that waits for the viewer, and why it is theirs."""

    key: str
    title: str
    lang: str
    asked_at: datetime
    protected: bool
    space_name_en: str
    space_name_fr: str
    why: str
    theme: str  # of the duty, for on_call
    until: date | None  # the last day on call


@dataclass(frozen=True)
class AllWaiting:
    """The first of them, and how many there are."""

    lines: tuple[Waiting, ...]
    count: int


def waiting_for(viewer: Viewer) -> AllWaiting:
    """What was laid before the viewer and still has no answer: duties first, then the longest wait.

    Every home page asks it: the rule is asked only when there is something.
    """
    if not viewer.signed_in or not _anything_laid(viewer):
        return AllWaiting((), 0)
    rows = db.session.execute(
        laid_seen_by(viewer)
        .join(Space, Space.id == Topic.space_id)
        .add_columns(Topic, Space)
        .order_by(Topic.created_at, Topic.id)
    ).all()
    duties = own_duties(viewer) if any(laid.why == "on_call" for laid, _, _ in rows) else {}
    lines = sorted(
        (_line(laid, topic, space, duties) for laid, topic, space in rows), key=lambda one: _ORDER[one.why]
    )
    return AllWaiting(tuple(lines[:MOST]), len(lines))


def _anything_laid(viewer: Viewer) -> bool:
    known = numbers.of(viewer.persona_id)
    name = ("laid", viewer.persona_id)
    return kept(name, known and (known.own,), lambda: bool(_LAID.rows_apart(me=viewer.persona_id)))


def _laid() -> Select[Any]:
    """Whether anything was laid before ``me``."""
    mine = Laid.persona_id == bindparam("me", type_=String())
    return select(literal(1)).where(mine, Laid.state == "open").limit(1)


_LAID = Prepared(_laid)


def _line(laid: Laid, topic: Topic, space: Space, duties: dict[str, date]) -> Waiting:
    theme = next((code for code in (topic.theme, space.theme) if code in duties), "")
    return Waiting(
        key=topic.key,
        title=topic.title,
        lang=topic.lang,
        asked_at=topic.created_at,
        protected=space.protected,
        space_name_en=space.name_en,
        space_name_fr=space.name_fr,
        why="by_name" if laid.chosen and laid.why == "fits" else laid.why,
        theme=theme or topic.theme or space.theme or "",
        until=duties.get(theme),
    )


def said_by(viewer: Viewer) -> CanAnswer | None:
    """What the speaking name said it can answer."""
    rows = select(CanAnswer).where(CanAnswer.persona_id == viewer.persona_id)
    return db.session.scalars(rows.options(selectinload(CanAnswer.fields))).one_or_none()


def asked_this_week(viewer: Viewer) -> int:
    """How many questions were laid before the viewer in the last seven days."""
    rows = select(func.count()).where(Laid.persona_id == viewer.persona_id, Laid.laid_on > since_a_week())
    return db.session.scalar(rows) or 0
