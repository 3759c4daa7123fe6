"""Breaking the glass, step by step: ask, decide, look. Each step is in the register, never the member."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from sqlalchemy import select

from community.accounts import vault
from community.accounts.breakglass import (
    ends_at,
    may_break_glass,
    may_decide_opening,
    may_open,
    persona_written,
    same_person,
    stands,
)
from community.accounts.members import User
from community.accounts.models import Persona
from community.accounts.protection import Opening
from community.accounts.signals import link_opening
from community.accounts.viewer import Viewer
from community.core import audit, clock
from community.core.access import require
from community.core.announce import announce
from community.core.db import db
from community.core.errors import Conflict, Invalid
from community.core.tidy import tidy

SHORTEST_REASON, LONGEST_REASON = 20, 2000
ANOTHER = _l("Whoever asks, or bears the name, does not decide: another administrator does.")
OVER = _l("This request is over: it was decided on, withdrawn or left for too long.")


def ask(viewer: Viewer, name: str, reason: str) -> Opening:
    """Ask that the link of a name be opened.

    :param name: its exact shown name, or its key.
    :raises Invalid: no such name, no reason, or somebody asks already.
    """
    require(may_break_glass(viewer))
    reason = tidy(reason)
    if not SHORTEST_REASON <= len(reason) <= LONGEST_REASON:
        raise Invalid("reason", _l("Write the reason in 20 to 2,000 characters: the person will read it."))
    persona = persona_written(name)
    if persona is None or vault.member_of(persona.id) is None:
        raise Invalid("name", _l("No active name is written exactly like this."))
    # Two who ask at once take their turn: a name is asked about once at a time.
    db.session.execute(select(Persona.id).where(Persona.id == persona.id).with_for_update(key_share=True))
    open_now = select(Opening).where(Opening.persona_id == persona.id, Opening.state.in_(("asked", "agreed")))
    if any(stands(row) != "lapsed" for row in db.session.scalars(open_now)):
        raise Invalid("name", _l("This was asked already: see the list."))
    row = Opening(persona_id=persona.id, asked_by=str(viewer.persona_id), reason=reason, asked_at=clock.now())
    db.session.add(row)
    db.session.flush()
    _record(viewer, "asked", row)
    return row


def decide(viewer: Viewer, opening_id: str, *, agree: bool) -> Opening:
    """Agree, or refuse. Once it is agreed the person is told, whatever becomes of it.

    :raises NotAllowed: not a second administrator. :raises Conflict: there is nothing to decide any more.
    """
    require(may_break_glass(viewer))
    row = _locked(opening_id)
    require(may_decide_opening(viewer, row), ANOTHER)
    if stands(row) != "asked":
        raise Conflict(OVER)
    row.state = "agreed" if agree else "refused"
    row.decided_by, row.decided_at = viewer.persona_id, clock.now()
    _record(viewer, row.state, row)
    if agree:
        announce(link_opening, persona_id=row.persona_id, opening_id=row.id)
    return row


def withdraw(viewer: Viewer, opening_id: str) -> Opening:
    """Take one's own request back before anybody decided."""
    require(may_break_glass(viewer))
    row = _locked(opening_id)
    require(row.asked_by == viewer.persona_id)
    if stands(row) != "asked":
        raise Conflict(OVER)
    row.state = "withdrawn"
    _record(viewer, "withdrawn", row)
    return row


def look(viewer: Viewer, opening_id: str) -> Opening:
    """Open the link: from now on its address is shown to whoever asked, for a quarter of an hour, once.

    :raises Conflict: nobody agreed, it is too late, or it was opened before.
    """
    require(may_break_glass(viewer))
    row = _locked(opening_id)
    require(may_open(viewer, row))
    if stands(row) != "agreed" or same_person(row.asked_by, str(row.decided_by)):
        raise Conflict(OVER)
    row.state, row.opened_at = "opened", clock.now()
    _record(viewer, "opened", row)
    return row


def address_shown(viewer: Viewer, opening: Opening) -> str | None:
    """The address behind the name, to the one who opened it and while it is shown; "" where there is none.

    None for everybody else, and afterwards.
    """
    if not may_open(viewer, opening) or opening.state != "opened" or ends_at(opening) is None:
        return None
    member = _member(opening.persona_id)
    return (member.email or "") if member is not None else ""


def to_be_told(opening_id: str) -> User | None:
    """The member to write to, the first time that this is asked; whether or not other mail was agreed to."""
    row = _locked(opening_id)
    if row.told:
        return None
    row.told = True
    member = _member(row.persona_id)
    return member if member is not None and member.email and member.active else None


def _member(persona_id: str) -> User | None:
    member_id = vault.member_of(persona_id)
    return None if member_id is None else db.session.get(User, member_id)


def _locked(opening_id: str) -> Opening:
    """Two who decide, or look, at once take their turn."""
    rows = select(Opening).where(Opening.id == opening_id).with_for_update()
    return db.session.scalars(rows.execution_options(populate_existing=True)).one()


def _record(viewer: Viewer, step: str, row: Opening) -> None:
    reason = {"reason": row.reason} if step == "asked" else {}
    audit.record(str(viewer.persona_id), f"link.{step}", row.persona_id, request=row.id, **reason)
