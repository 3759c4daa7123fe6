"""Decisions: those about one's own name, one with all that may be done with it, limits that hold now."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, String, bindparam, cast, literal, or_, select

from community.accounts.viewer import Viewer
from community.core.access import one_or_404
from community.core.db import db
from community.core.prepared import Prepared
from community.forum.models import Space, Topic
from community.moderation import targets
from community.moderation.models import LIMITS, Act, Appeal, Matter
from community.moderation.permissions import (
    SILENT,
    acts_seen_by,
    may_appeal,
    may_judge,
    may_see_matter,
    may_undo,
)
from community.moderation.queries.matters import space_of
from community.moderation.targets import Subject

PAGE = 100


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
    )


def _title_of(act: Act) -> str:
    began = (Topic.key == act.topic, Topic.author_id == act.persona_id)
    return db.session.scalar(select(Topic.title).where(*began)) or ""


def about(viewer: Viewer) -> Sequence[Act]:
    """What was decided about the speaking name, the newest first."""
    own = (Act.persona_id == viewer.persona_id, Act.act.not_in(SILENT))
    rows = acts_seen_by(viewer).where(*own).order_by(Act.at.desc(), Act.key)
    return db.session.scalars(rows.limit(PAGE)).all()


def limits() -> Select[str, str]:
    """Of ``persona_id``, the limits it is under at ``now``: for ``accounts.audiences.also_admits``."""
    return select(cast(Act.act, String), literal("")).where(
        Act.persona_id == bindparam("persona_id"),
        Act.act.in_(LIMITS),
        Act.undone_at.is_(None),
        or_(Act.until.is_(None), Act.until > bindparam("now")),
    )


def limits_end() -> Select[datetime | None]:
    """The moments after ``now`` at which one of them ends."""
    ends = (Act.persona_id == bindparam("persona_id"), Act.act.in_(LIMITS), Act.until > bindparam("now"))
    return select(Act.until).where(*ends)


def limited_by(act: str, _nothing: str) -> set[str]:
    """The mark that a limit puts on a viewer."""
    return {f"limit:{act}"}


# Put together once: asked before each text that is stored.
_LIMIT_NOW = (
    select(Act)
    .where(
        Act.persona_id == bindparam("persona_id"),
        Act.act.in_(LIMITS),
        Act.undone_at.is_(None),
        or_(Act.until.is_(None), Act.until > bindparam("now")),
    )
    .order_by(Act.act.desc(), Act.until.desc())
    .limit(1)
)
# … and mostly answered by: none.
_LIMITED = Prepared(lambda: _LIMIT_NOW.with_only_columns(Act.key))


def limit_now(persona_id: str, now: datetime) -> Act | None:
    """The gravest limit that a name is under, if any: suspended before silenced."""
    if not _LIMITED.rows(persona_id=persona_id, now=now):
        return None
    with db.session.no_autoflush:  # asked before something is stored that is not complete yet
        return db.session.scalars(_LIMIT_NOW, {"persona_id": persona_id, "now": now}).first()
