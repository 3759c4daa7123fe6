"""A clinician without a name: the vault attests that a verified one is behind a protected name.

Nothing finer is said, and only where at least ten other members hold such a title. Who holds what is
counted in memory; the row has days drawn by chance, so that neither its beginning nor its end can be
laid beside the moment of a title (docs/decisions/0012).
"""

from __future__ import annotations

import secrets
from datetime import timedelta

from flask_babel import lazy_gettext as _l
from sqlalchemy import delete, or_, select, update

from community.accounts import turns, vault
from community.accounts.models import CLINICIANS, LIVED, Credential, Persona
from community.accounts.permissions import may_be_attested
from community.accounts.privacy.models import Leaving
from community.accounts.protection import Attestation
from community.accounts.viewer import Viewer
from community.core import clock
from community.core.access import require
from community.core.db import db
from community.core.errors import Invalid

OTHERS = 10
LONGEST_WAIT = 14  # days until it is shown
LASTS = (56, 84)  # days for which it is shown; then it is asked for again


def ask(viewer: Viewer, member_id: str) -> Attestation:
    """Ask the vault to attest the protected name that speaks. Asking again changes nothing.

    :raises Invalid: lived experience on this name, no title behind it, or too few others with one.
    """
    require(may_be_attested(viewer))
    turns.of_persona(viewer.persona_id)
    row = db.session.get(Attestation, viewer.persona_id)
    if row is not None and row.until_on > clock.today():
        return row
    if viewer.groups & LIVED:
        raise Invalid("groups", _l("This name speaks of lived experience. Take another protected name."))
    holders = _holders()
    if not holders & set(vault.personas_of(member_id).values()):
        raise Invalid("title", _l("None of your names holds the verified title of a clinician today."))
    if not _enough_others(member_id, _owners(holders)):
        raise Invalid("others", _l("Fewer than ten others hold such a title: it would say too much of you."))
    drop(viewer)
    begins = clock.today() + timedelta(days=1 + secrets.randbelow(LONGEST_WAIT))
    lasts = LASTS[0] + secrets.randbelow(LASTS[1] - LASTS[0] + 1)
    row = Attestation(
        persona_id=str(viewer.persona_id), from_on=begins, until_on=begins + timedelta(days=lasts)
    )
    db.session.add(row)
    db.session.flush()
    return row


def drop(viewer: Viewer) -> None:
    """The name is attested no more, at once."""
    require(may_be_attested(viewer))
    forget(str(viewer.persona_id))


def is_asked(persona_id: str) -> bool:
    """Whether the name is attested, or will be."""
    return db.session.get(Attestation, persona_id) is not None


def forget(persona_id: str) -> None:
    """The same of any name: it was left behind, or what it rests on is gone."""
    db.session.execute(delete(Attestation).where(Attestation.persona_id == persona_id))
    db.session.execute(update(Persona).where(Persona.id == persona_id).values(attested=False))


def recheck() -> int:
    """Drop what holds no more: the title ended, too few others are left, its days are over. Show what
    begins today. Returns how many were dropped.

    A name whose account was closed keeps it until its own day: the names of one account would else lose it
    together, at the next check. Nobody speaks under it any more.
    """
    kept = list(db.session.scalars(select(Attestation)))
    holders, today = _holders() if kept else set(), clock.today()
    owners = _owners(holders)
    gone = [row.persona_id for row in kept if row.until_on <= today or not _still(row, holders, owners)]
    for persona_id in gone:
        forget(persona_id)
    begun = [row.persona_id for row in kept if row.from_on <= today and row.persona_id not in gone]
    db.session.execute(update(Persona).where(Persona.id.in_(begun)).values(attested=True))
    return len(gone)


def _still(row: Attestation, holders: set[str], owners: set[str]) -> bool:
    member_id = vault.member_of(row.persona_id)
    if not _enough_others(member_id, owners):
        return False
    if member_id is None:
        return db.session.get(Leaving, row.persona_id) is not None
    return bool(holders & set(vault.personas_of(member_id).values()))


def _holders() -> set[str]:
    """The names that hold a clinician's title now. Read whole: no statement asks about one member."""
    now = clock.now()
    rows = (
        select(Credential.persona_id)
        .join(Persona, Persona.id == Credential.persona_id)
        .where(
            Credential.profession.in_(CLINICIANS),
            Credential.state == "verified",
            or_(Credential.until.is_(None), Credential.until > now),
            Persona.state == "active",
        )
    )
    return set(db.session.scalars(rows))


def _owners(holders: set[str]) -> set[str]:
    """Members behind these names, as many as are needed to know that there are enough."""
    found: set[str] = set()
    for persona_id in sorted(holders):
        if member_id := vault.member_of(persona_id):
            found.add(member_id)
        if len(found) > OTHERS:
            break
    return found


def _enough_others(member_id: str | None, owners: set[str]) -> bool:
    return len(owners - {member_id}) >= OTHERS
