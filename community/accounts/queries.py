"""Reads of the persona side: labels, faces, groups, the queue of titles, who holds a duty."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from operator import itemgetter

from sqlalchemy import or_, select
from sqlalchemy.orm import aliased

from community.accounts.models import LEARNER, PROFESSIONS, Credential, Duty, Persona
from community.accounts.permissions import credentials_seen_by, learners_seen_by
from community.accounts.titles import Institution, Vouching
from community.accounts.viewer import Viewer
from community.core import clock
from community.core.db import db


@dataclass(frozen=True)
class Label:
    """What is shown beside a name: a verified title, or the date until which it was verified."""

    profession: str
    jurisdiction: str
    since: datetime | None
    ended: datetime | None  # None while it holds

    @property
    def holds(self) -> bool:
        """Whether the title is verified now."""
        return self.ended is None


@dataclass(frozen=True)
class Face:
    """A persona as lists show it. A former member has no name."""

    id: str
    name: str
    monogram: str
    kind: str

    @property
    def protected(self) -> bool:
        """Whether nothing but the name is said."""
        return self.kind == "protected"

    @property
    def former(self) -> bool:
        """Whether to say "former member"."""
        return not self.name


def labels_of(persona_ids: Collection[str]) -> dict[str, Label]:
    """The label of each of these personas that has one, in one statement."""
    rows = select(Credential).where(
        Credential.persona_id.in_(set(persona_ids)), Credential.since.is_not(None)
    )
    return labels_from(db.session.scalars(rows))


def labels_from(credentials: Iterable[Credential]) -> dict[str, Label]:
    """The same of titles that were read with something else.

    A title that was never verified shows nothing. One that was shows until when, also while it is
    claimed anew. A profession, held or ended, goes before an affiliation: that it ended stays seen.
    """
    found: dict[str, Label] = {}
    now = clock.now()
    ever_verified = [(row.since, row) for row in credentials if row.since is not None]
    for _since, row in sorted(ever_verified, key=itemgetter(0)):
        label = _label(row, now)
        before = found.get(row.persona_id)
        if before is None or _rank(label) >= _rank(before):
            found[row.persona_id] = label
    return found


def _rank(label: Label) -> tuple[bool, bool]:
    return label.profession in PROFESSIONS, label.holds


def _label(row: Credential, now: datetime) -> Label:
    ended = None
    if row.state != "verified" or (row.until is not None and row.until <= now):
        ended = min(row.until or now, now)
    return Label(row.profession, row.jurisdiction, row.since, ended)


def faces_of(persona_ids: Collection[str]) -> dict[str, Face]:
    """How each of these personas is shown, in one statement."""
    rows = db.session.scalars(select(Persona).where(Persona.id.in_(set(persona_ids))))
    return {row.id: face(row) for row in rows}


def face(persona: Persona) -> Face:
    """How a persona is shown."""
    if persona.former:
        return Face(persona.id, "", "", persona.kind)
    return Face(persona.id, persona.name, persona.monogram, persona.kind)


def own_credentials(viewer: Viewer) -> list[Credential]:
    """The titles that the speaking name claims, with their decisions."""
    own = credentials_seen_by(viewer).where(Credential.persona_id == viewer.persona_id)
    return list(db.session.scalars(own.order_by(Credential.profession, Credential.jurisdiction)))


def credential_queue(viewer: Viewer, soon: timedelta) -> list[tuple[Credential, Face]]:
    """What waits for a coordinator: claims, second decisions, titles to be renewed; who waits longest first.

    Learners are not in it: whoever vouches for them answers.
    """
    waiting = or_(
        Credential.state.in_(("claimed", "pending")),
        (Credential.state == "verified") & (Credential.until < clock.now() + soon),
    )
    rows = db.session.execute(
        credentials_seen_by(viewer)
        .add_columns(Persona)
        .join(Persona, Persona.id == Credential.persona_id)
        .where(waiting, Credential.profession != LEARNER, Persona.state == "active")
        .order_by(Credential.state, Credential.claimed_at, Credential.id)
        .limit(200)
    )
    return [(credential, face(persona)) for credential, persona in rows]


def duties_held() -> list[tuple[Duty, Face]]:
    """Who holds which duty."""
    rows = db.session.execute(
        select(Duty, Persona)
        .join(Persona, Persona.id == Duty.persona_id)
        .where(Persona.state == "active")
        .order_by(Duty.duty, Duty.scope, Persona.skeleton)
    )
    return [(duty, face(persona)) for duty, persona in rows]


def learners_of(viewer: Viewer) -> list[tuple[Credential, Credential, Face]]:
    """The learners who ask this name to vouch for them, or for whom it does: theirs, one's own title, who."""
    own = aliased(Credential)
    rows = db.session.execute(
        learners_seen_by(viewer)
        .join(own, own.id == Vouching.by_id)
        .join(Persona, Persona.id == Credential.persona_id)
        .add_columns(own, Persona)
        .where(Credential.state.in_(("claimed", "verified")), Persona.state == "active")
        .order_by(Credential.state, Credential.claimed_at, Credential.id)
    )
    return [(learner, title, face(persona)) for learner, title, persona in rows]


def institutions() -> list[Institution]:
    """Whose mail or sign-in counts as a proof, by name."""
    return list(db.session.scalars(select(Institution).order_by(Institution.name, Institution.value)))
