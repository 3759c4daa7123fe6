"""Who may see a persona's page, decide on titles and give duties: each rule as a predicate and as a query."""

from __future__ import annotations

from sqlalchemy import Select, or_, select

from community.accounts.models import Credential, Persona
from community.accounts.viewer import Viewer

_SHOWN = ("public", "imported")


def may_see_persona(viewer: Viewer, persona: Persona) -> bool:
    """Members see the pages of public names; a protected name has a page for itself alone."""
    if persona.state != "active" or not viewer.signed_in:
        return False
    return persona.kind in _SHOWN or persona.id == viewer.persona_id


def personas_seen_by(viewer: Viewer) -> Select[Persona]:
    """The personas whose pages this viewer sees."""
    active = select(Persona).where(Persona.state == "active")
    if not viewer.signed_in:
        return active.where(Persona.id.is_(None))
    return active.where(or_(Persona.kind.in_(_SHOWN), Persona.id == viewer.persona_id))


def may_claim(viewer: Viewer) -> bool:
    """A title is claimed by a public name: a protected one has none."""
    return viewer.kind == "public"


def may_see_credential(viewer: Viewer, credential: Credential) -> bool:
    """Who claims a title reads every step of its checking; so do those who check."""
    return viewer.coordinator or (viewer.signed_in and credential.persona_id == viewer.persona_id)


def credentials_seen_by(viewer: Viewer) -> Select[Credential]:
    """The titles whose checking this viewer may follow."""
    if viewer.coordinator:
        return select(Credential)
    return select(Credential).where(Credential.persona_id == (viewer.persona_id or ""))


def may_decide(viewer: Viewer, credential: Credential) -> bool:
    """Coordinators decide, never on their own title."""
    return viewer.coordinator and credential.persona_id != viewer.persona_id


def may_give_duties(viewer: Viewer) -> bool:
    """Administrators entrust the duties."""
    return viewer.administrator


def may_operate(viewer: Viewer) -> bool:
    """Administrators read the register of acts, mend failed jobs and keep the help lines."""
    return viewer.administrator
