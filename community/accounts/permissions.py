"""Who may see a persona's page, decide on titles and give duties: each rule as a predicate and as a query."""

from __future__ import annotations

from sqlalchemy import Select, or_, select
from sqlalchemy.orm import aliased

from community.accounts import audiences
from community.accounts.models import LEARNER, PROFESSIONS, Credential, Persona
from community.accounts.titles import Vouching
from community.accounts.viewer import Viewer
from community.core import clock

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


def may_prove(viewer: Viewer, credential: Credential) -> bool:
    """Who claims a title shows that it is theirs, while it waits or holds. A learner's is vouched for."""
    theirs = viewer.signed_in and credential.persona_id == viewer.persona_id
    return theirs and credential.profession != LEARNER and credential.state in _PROVABLE


_PROVABLE = ("claimed", "pending", "verified")


def may_vouch(viewer: Viewer, title: Credential) -> bool:
    """Whoever holds a verified profession answers for learners, by that title, as long as it holds and their
    name is not suspended."""
    theirs = viewer.signed_in and title.persona_id == viewer.persona_id
    theirs = theirs and audiences.SUSPENDED not in viewer.audiences
    return theirs and title.profession in PROFESSIONS and audiences.holds(title, clock.now())


def learners_seen_by(viewer: Viewer) -> Select[Credential]:
    """The titles of learners who asked this name to vouch for them."""
    own = aliased(Credential)
    asked = select(Credential).join(Vouching, Vouching.credential_id == Credential.id)
    return asked.join(own, own.id == Vouching.by_id).where(own.persona_id == (viewer.persona_id or ""))


def may_keep_institutions(viewer: Viewer) -> bool:
    """Administrators keep the list of institutions whose mail or sign-in counts as a proof."""
    return viewer.administrator


def may_be_attested(viewer: Viewer) -> bool:
    """A protected name asks the vault to attest the title behind it; a public one has a title."""
    return viewer.protected


def may_give_duties(viewer: Viewer) -> bool:
    """Administrators entrust the duties."""
    return viewer.administrator


def may_operate(viewer: Viewer) -> bool:
    """Administrators read the register of acts, mend failed jobs and keep the help lines."""
    return viewer.administrator
