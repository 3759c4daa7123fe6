"""What the community entrusts to a persona: coordinator, administrator, moderator of a space."""

from __future__ import annotations

from collections.abc import Callable

from flask_babel import lazy_gettext as _l
from sqlalchemy import func, select

from community.accounts import turns, vault
from community.accounts.models import Duty, Persona
from community.accounts.permissions import may_give_duties
from community.accounts.signals import duty_changed
from community.accounts.viewer import Viewer
from community.core import audit, clock
from community.core.access import require
from community.core.announce import announce
from community.core.db import db
from community.core.errors import Conflict, Invalid

DUTIES = ("coordinator", "administrator", "moderator")

# The forum says which scopes a moderator may have: the slugs of its spaces.
ScopeExists = Callable[[str], bool]
_scopes: list[ScopeExists] = []


def scopes_exist_where(exists: ScopeExists) -> None:
    """Let an upper domain say whether a scope (a space's slug) exists."""
    if exists not in _scopes:
        _scopes.append(exists)


def give(viewer: Viewer, persona_id: str, duty: str, scope: str = "") -> Duty:
    """Entrust a duty to a persona. Giving it twice changes nothing.

    :raises Invalid: no such duty, persona or space, or a duty that a protected name cannot hold.
    """
    require(may_give_duties(viewer))
    persona = db.session.get(Persona, persona_id)
    _check(persona, duty, scope)
    turns.of_persona(persona_id)
    held = db.session.get(Duty, (persona_id, duty, scope))
    if held is not None:
        return held
    row = Duty(persona_id=persona_id, duty=duty, scope=scope, given_on=clock.today())
    db.session.add(row)
    _tell(str(viewer.persona_id), row, given=True)
    return row


def _check(persona: Persona | None, duty: str, scope: str) -> None:
    if persona is None or persona.state != "active" or persona.kind == "imported":
        raise Invalid("persona", _l("No active name has this key."))
    if duty not in DUTIES:
        raise Invalid("duty", _l("Choose a duty from the list."))
    if duty != "moderator" and persona.protected:
        # Two who decide together must be two persons; only public names are one to a member.
        raise Invalid("persona", _l("Coordinators and administrators act under their public name."))
    if duty != "moderator" and vault.member_of(persona.id) is None:
        # Its account was closed. Nobody would answer for the community, and the last who does could leave.
        raise Invalid("persona", _l("No active name has this key."))
    if (duty == "moderator") != bool(scope):
        raise Invalid("scope", _l("A moderator moderates one space; the other duties have no space."))
    if scope and _scopes and not any(exists(scope) for exists in _scopes):
        raise Invalid("scope", _l("There is no space of that name."))


def take(viewer: Viewer, persona_id: str, duty: str, scope: str = "") -> None:
    """Take a duty back. :raises Conflict: it is the last administrator's."""
    require(may_give_duties(viewer))
    row = db.session.get(Duty, (persona_id, duty, scope))
    if row is not None:
        end(str(viewer.persona_id), row)


def end(actor_id: str, row: Duty) -> None:
    """End a duty, by whoever took it back or by its holder who leaves.

    :raises Conflict: nobody else administers the community.
    """
    if row.duty == "administrator" and _administrators() < 2:
        raise Conflict(_l("The community needs an administrator: give the duty to somebody else first."))
    _tell(actor_id, row, given=False)
    db.session.delete(row)
    db.session.flush()


def _administrators() -> int:
    found = select(Duty.persona_id).where(Duty.duty == "administrator").with_for_update()
    return len(list(db.session.scalars(found)))


def coordinators() -> int:
    """How many active names coordinate."""
    found = (
        select(func.count())
        .select_from(Duty)
        .join(Persona, Persona.id == Duty.persona_id)
        .where(Duty.duty == "coordinator", Persona.state == "active")
    )
    return db.session.scalar(found) or 0


def _tell(actor_id: str, row: Duty, *, given: bool) -> None:
    act = "duty.given" if given else "duty.taken"
    audit.record(actor_id, act, row.persona_id, duty=row.duty, scope=row.scope)
    announce(duty_changed, persona_id=row.persona_id, duty=row.duty, scope=row.scope, given=given)
