"""Decisions: those about one's own name, and one with all that may be done with it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select

from community.accounts.viewer import Viewer
from community.core import clock
from community.core.access import one_or_404
from community.core.db import db
from community.forum.models import Space, Topic
from community.moderation import targets
from community.moderation.models import Act, Appeal, Matter
from community.moderation.permissions import (
    LIMITS,
    SILENT,
    acts_seen_by,
    may_appeal,
    may_judge,
    may_see_matter,
    may_undo,
)
from community.moderation.queries.limits import limit_now
from community.moderation.queries.matters import space_of
from community.moderation.queries.second_looks import somebody_else
from community.moderation.targets import Subject

PAGE = 100
_OF_WORDS = frozenset({"hide", "restore", "edit"})


@dataclass(frozen=True)
class Decision:
    """An act as its page shows it to this viewer."""

    act: Act
    matter: Matter
    space: Space | None
    subject: Subject | None
    title: str  # of the topic it was done to, for whoever began it
    appeal: Appeal | None
    own: bool
    may_appeal: bool
    may_judge: bool
    may_undo: bool
    may_open: bool
    since: str  # taken back: what is still otherwise than before it, a word of ``words``
    alone: bool  # nobody else than who decided could look again now


def act_seen(viewer: Viewer, key: str) -> Act:
    """The act of this key. :raises NotFound: it does not exist for the viewer."""
    return one_or_404(acts_seen_by(viewer), Act.key == key)


def matter_of(act: Act) -> Matter:
    """What it was decided in."""
    return db.session.get_one(Matter, act.matter_key)


def decision_of(viewer: Viewer, act: Act) -> Decision:
    """An act that the viewer sees, with what may be done with it."""
    matter = matter_of(act)
    space, appeal = space_of(matter), db.session.get(Appeal, act.key)
    own = act.persona_id == viewer.persona_id
    theirs = own and matter.author_id == viewer.persona_id  # a topic of theirs, and another's message in it
    subject = targets.look(matter.kind, matter.thing)
    return Decision(
        act=act,
        matter=matter,
        space=space,
        subject=subject if theirs or may_see_matter(viewer, matter, space) else None,
        title=_title_of(act) if own else "",
        appeal=appeal,
        own=own,
        may_appeal=may_appeal(viewer, act, appeal),
        may_judge=may_judge(viewer, act, appeal, matter, space),
        may_undo=may_undo(viewer, act, matter, space),
        may_open=not own and may_see_matter(viewer, matter, space),
        since="" if act.stands else _since(act, subject),
        alone=act.stands and (appeal is None or appeal.state == "open") and not somebody_else(act, matter),
    )


def _since(act: Act, subject: Subject | None) -> str:
    if act.act in _OF_WORDS and (subject is None or subject.state == "withdrawn"):
        return "gone"
    if act.act == "hide" and subject is not None and subject.hidden:
        return "hidden"
    if act.act == "lock":
        state = db.session.scalar(select(Topic.state).where(Topic.key == act.topic))
        return "" if state == "open" else "closed"
    if act.act in LIMITS and act.persona_id is not None:
        return "limited" if limit_now(act.persona_id, clock.now()) else ""
    return ""


def _title_of(act: Act) -> str:
    began = (Topic.key == act.topic, Topic.author_id == act.persona_id)
    return db.session.scalar(select(Topic.title).where(*began)) or ""


def about(viewer: Viewer) -> Sequence[Act]:
    """What was decided about the speaking name, the newest first."""
    own = (Act.persona_id == viewer.persona_id, Act.act.not_in(SILENT))
    rows = acts_seen_by(viewer).where(*own).order_by(Act.at.desc(), Act.key)
    return db.session.scalars(rows.limit(PAGE)).all()
