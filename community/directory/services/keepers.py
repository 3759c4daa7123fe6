"""Naming who keeps the records of an organization, and when that ends."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from sqlalchemy import select

from community.accounts.audiences import holds
from community.accounts.models import AFFILIATIONS, Credential, Persona
from community.accounts.viewer import Viewer
from community.core import audit, clock
from community.core.access import require
from community.core.announce import announce
from community.core.db import db
from community.core.errors import Invalid, NotFound
from community.directory.models import Keeper
from community.directory.permissions import may_name_keepers
from community.directory.signals import persona_told

_NOBODY = _l("No active name is written exactly like this.")
_NOT_VERIFIED = _l(
    "This name has no verified affiliation: only somebody of the organization keeps its records."
)
_ALREADY = _l("This name keeps these records already.")


def name_keeper(viewer: Viewer, organization_id: str, name: str) -> Keeper:
    """Tie a name with a verified affiliation to an organization. :raises Invalid: nobody of that name may."""
    require(may_name_keepers(viewer))
    # An imported name may be written like that of a member; nobody is behind it.
    meant = (Persona.name == name, Persona.state == "active", Persona.kind == "public")
    persona = db.session.scalar(select(Persona).where(*meant))
    if persona is None:
        raise Invalid("name", _NOBODY)
    held = _affiliation(persona.id)
    if held is None:
        raise Invalid("name", _NOT_VERIFIED)
    if db.session.get(Keeper, (organization_id, persona.id)) is not None:
        raise Invalid("name", _ALREADY)
    row = Keeper(
        organization_id=organization_id, persona_id=persona.id, credential_id=held.id, since=clock.today()
    )
    db.session.add(row)
    audit.record(viewer.persona_id or "", "directory.keeper_named", organization_id, persona=persona.id)
    _tell(row, "keeper")
    return row


def _affiliation(persona_id: str) -> Credential | None:
    rows = select(Credential).where(
        Credential.persona_id == persona_id, Credential.profession.in_(AFFILIATIONS)
    )
    now = clock.now()
    return next((row for row in db.session.scalars(rows.order_by(Credential.id)) if holds(row, now)), None)


def end_keeper(viewer: Viewer, organization_id: str, persona_id: str) -> None:
    """Somebody keeps these records no longer. :raises NotFound: they did not."""
    require(may_name_keepers(viewer))
    row = db.session.get(Keeper, (organization_id, persona_id))
    if row is None:
        raise NotFound
    _end(viewer.persona_id or "", row)


def affiliation_ended(credential_id: str) -> None:
    """What rested on an affiliation that is no longer verified ends with it. Run twice, it ends it once."""
    held = db.session.get(Credential, credential_id)
    if held is not None and holds(held, clock.now()):
        return
    rows = select(Keeper).where(Keeper.credential_id == credential_id)
    for row in db.session.scalars(rows).all():
        _end("calendar", row)


def _end(actor: str, row: Keeper) -> None:
    audit.record(actor, "directory.keeper_ended", row.organization_id, persona=row.persona_id)
    _tell(row, "keeper_ended")
    db.session.delete(row)


def _tell(row: Keeper, what: str) -> None:
    announce(
        persona_told,
        persona_ids=[row.persona_id],
        what=what,
        about=f"directory/organizations/{row.organization_id}",
        event=f"{what}:{row.organization_id}:{clock.today()}",
    )
