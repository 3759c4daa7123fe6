"""Who belongs to a space, and what that admits a persona to."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import or_, select

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


def admissions_of(persona_id: str) -> set[str]:
    """The audiences that memberships add to a persona; those past their date add nothing.

    Registered with ``accounts.audiences.also_admits``.
    """
    rows = db.session.execute(
        select(SpaceMember.space_id, SpaceMember.standing).where(
            SpaceMember.persona_id == persona_id,
            or_(SpaceMember.until.is_(None), SpaceMember.until > clock.now()),
        )
    ).all()
    return {audiences.space(row.space_id) for row in rows} | {
        standing_audience(row.space_id, row.standing) for row in rows
    }


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
