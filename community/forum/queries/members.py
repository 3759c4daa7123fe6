"""Who belongs to a space, and what that admits a persona to."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, String, bindparam, cast, or_, select

from community.accounts import audiences
from community.accounts.models import Persona
from community.core import clock
from community.core.db import db
from community.forum.models import Space, SpaceMember
from community.forum.permissions import standing_audience


@dataclass(frozen=True)
class Member:
    """A persona of a space, with its standing and the moment it ends."""

    persona: Persona
    standing: str
    until: datetime | None

    @property
    def past(self) -> bool:
        """Whether the membership is over."""
        return self.until is not None and self.until <= clock.now()


def memberships() -> Select[str, str]:
    """Of ``persona_id``, the spaces it belongs to at ``now`` and its standing there.

    Registered with ``accounts.audiences.also_admits``, as is :func:`admitted_by`.
    """
    return select(cast(SpaceMember.space_id, String), SpaceMember.standing).where(
        SpaceMember.persona_id == bindparam("persona_id"),
        or_(SpaceMember.until.is_(None), SpaceMember.until > bindparam("now")),
    )


def memberships_end() -> Select[datetime | None]:
    """The moments after ``now`` at which one of them ends."""
    ends = (SpaceMember.persona_id == bindparam("persona_id"), SpaceMember.until > bindparam("now"))
    return select(SpaceMember.until).where(*ends)


def admitted_by(space_id: str, standing: str) -> set[str]:
    """The audiences that a membership adds to a persona."""
    return {audiences.space(int(space_id)), standing_audience(int(space_id), standing)}


_ORDER = {"chair": 0, "keeper": 1, "member": 2, "guest": 3}


def members_of(space: Space) -> Sequence[Member]:
    """Everybody who was made a member of the space: chair first, guests last, by name.

    Call it only for those who see the space's members: its own, and administrators.
    """
    rows = db.session.execute(
        select(Persona, SpaceMember.standing, SpaceMember.until)
        .join(SpaceMember, SpaceMember.persona_id == Persona.id)
        .where(SpaceMember.space_id == space.id)
    ).all()
    found = [Member(persona, standing, until) for persona, standing, until in rows]
    return sorted(found, key=lambda member: (_ORDER[member.standing], member.persona.name.casefold()))


def standings_of(space: Space, persona_ids: Collection[str]) -> dict[str, str]:
    """The standing of those of these personas that belong to the space, past ones included."""
    rows = db.session.execute(
        select(SpaceMember.persona_id, SpaceMember.standing).where(
            SpaceMember.space_id == space.id, SpaceMember.persona_id.in_(set(persona_ids))
        )
    )
    return {row.persona_id: row.standing for row in rows}
