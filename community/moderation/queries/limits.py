"""Limits that hold now: whom those who moderate silenced or suspended, until when."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Select, String, bindparam, cast, literal, or_, select

from community.core import clock
from community.core.db import db
from community.core.prepared import Prepared
from community.moderation.models import LIMITS, Act


def suspended() -> Select[str | None]:
    """The names that are suspended now."""
    now = (Act.undone_at.is_(None), or_(Act.until.is_(None), Act.until > clock.now()))
    return select(Act.persona_id).where(Act.act == "suspend", Act.persona_id.is_not(None), *now)


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
