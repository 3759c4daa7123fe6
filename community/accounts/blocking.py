"""Keeping another name away: block and mute, between two names and nothing else.

Whoever is blocked is never told, and cannot find out by asking: what they may no longer do answers as
if it had never been allowed. The other names of the same member are untouched, on both sides, or a
block would tell who is behind a name (SECURITY section 6.3, case 1d).
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import ColumnElement, Select, delete, exists, false, or_, select

from community.accounts.distances import Distance
from community.accounts.models import Persona
from community.accounts.queries import Face, face
from community.accounts.signals import persona_blocking
from community.accounts.viewer import Viewer
from community.core.access import require
from community.core.announce import announce
from community.core.db import db
from community.core.errors import Conflict, Invalid

KINDS = ("block", "mute")
MOST = 500


@dataclass(frozen=True)
class KeptAway:
    """A name the viewer keeps away, as its own list shows it."""

    key: str
    kind: str
    face: Face


def may_keep_away(viewer: Viewer, persona: Persona) -> bool:
    """Whether the viewer may block or mute this name: any that is in use, but its own."""
    return (
        viewer.kind in {"public", "protected"}
        and persona.state == "active"
        and persona.id != viewer.persona_id
    )


def distances_seen_by(viewer: Viewer) -> Select[Distance]:
    """Whom the viewer keeps away. Nobody else ever reads these rows."""
    rows = select(Distance)
    return rows.where(Distance.persona_id == viewer.persona_id) if viewer.signed_in else rows.where(false())


def may_see_distance(viewer: Viewer, distance: Distance) -> bool:
    """The same of one row."""
    return viewer.signed_in and distance.persona_id == viewer.persona_id


def distance_to(viewer: Viewer, persona_id: str) -> str:
    """How the viewer keeps this name away: ``block``, ``mute``, or nothing."""
    rows = distances_seen_by(viewer).where(Distance.other_id == persona_id)
    return db.session.scalar(rows.with_only_columns(Distance.kind)) or ""


def kept_away(viewer: Viewer) -> list[KeptAway]:
    """Everybody the viewer keeps away, by name."""
    rows = db.session.execute(
        distances_seen_by(viewer)
        .join(Persona, Persona.id == Distance.other_id)
        .add_columns(Persona)
        .order_by(Persona.skeleton, Distance.key)
    )
    return [KeptAway(row.key, row.kind, face(persona)) for row, persona in rows]


# Asked by upper domains, of many at once


def who_keeps_away(persona_id: str, among: Collection[str], kinds: Collection[str] = KINDS) -> frozenset[str]:
    """Those of these personas that keep this one away; in one statement."""
    if not among:
        return frozenset()
    rows = select(Distance.persona_id).where(
        Distance.other_id == persona_id, Distance.persona_id.in_(set(among)), Distance.kind.in_(kinds)
    )
    return frozenset(db.session.scalars(rows))


def keeps_away(persona_id: Any, other_id: Any) -> ColumnElement[bool]:
    """In a statement: whether this persona keeps that other away."""
    return exists().where(
        Distance.persona_id == persona_id, Distance.other_id == other_id, Distance.kind.in_(KINDS)
    )


def apart_from(persona_id: str, among: Collection[str]) -> frozenset[str]:
    """Those of these personas that block this one, or that this one blocks; in one statement."""
    if not among:
        return frozenset()
    others = set(among)
    rows: Sequence[tuple[str, str]] = [
        (one, other)
        for one, other in db.session.execute(
            select(Distance.persona_id, Distance.other_id).where(
                Distance.kind == "block",
                or_(
                    (Distance.persona_id == persona_id) & Distance.other_id.in_(others),
                    (Distance.other_id == persona_id) & Distance.persona_id.in_(others),
                ),
            )
        )
    ]
    return frozenset(other if one == persona_id else one for one, other in rows)


# Changes


def keep_away(viewer: Viewer, persona: Persona, kind: str) -> None:
    """Block or mute a name the viewer meets. Nobody is told.

    :raises Invalid: no such kind. :raises Conflict: more names than one keeps away.
    """
    require(may_keep_away(viewer, persona), _l("You cannot block or mute this name."))
    if kind not in KINDS:
        raise Invalid("kind", _l("Choose to block or to mute."))
    # Pressed twice, it is done once: the second waits, and finds the row.
    mine = select(Persona.id).where(Persona.id == viewer.persona_id).with_for_update(key_share=True)
    db.session.execute(mine)
    row = db.session.scalar(distances_seen_by(viewer).where(Distance.other_id == persona.id))
    if row is None:
        _require_room(viewer)
        row = Distance(persona_id=viewer.persona_id, other_id=persona.id)
        db.session.add(row)
    row.kind = kind
    db.session.flush()
    if kind == "block":
        announce(persona_blocking, persona_id=viewer.persona_id, other_id=persona.id)


def _require_room(viewer: Viewer) -> None:
    held = db.session.scalars(distances_seen_by(viewer).with_only_columns(Distance.key).limit(MOST)).all()
    if len(held) >= MOST:
        raise Conflict(_l("You keep five hundred names away already. Let one near first."))


def let_near(viewer: Viewer, distance: Distance) -> None:
    """Keep this name away no longer."""
    require(may_see_distance(viewer, distance))
    db.session.delete(distance)
    db.session.flush()


def let_near_persona(viewer: Viewer, persona: Persona) -> None:
    """The same, by the name. Harmless when it was not kept away."""
    require(may_keep_away(viewer, persona), _l("You cannot block or mute this name."))
    db.session.execute(
        delete(Distance).where(Distance.persona_id == viewer.persona_id, Distance.other_id == persona.id)
    )


def forget(persona_id: str) -> None:
    """A name that was left keeps nobody away, and nobody needs to keep it away."""
    gone = or_(Distance.persona_id == persona_id, Distance.other_id == persona_id)
    db.session.execute(delete(Distance).where(gone))
