"""Who is on call for a theme: one sets oneself, keepers propose others, who agree or do not."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from flask_babel import lazy_gettext as _l
from sqlalchemy import select

from community.accounts.viewer import Viewer, viewer_of
from community.core import audit
from community.core.access import require
from community.core.db import db
from community.core.errors import Invalid
from community.core.tidy import tidy
from community.forum.models import Space
from community.forum.queries.guests import persona_named
from community.routing.models import OnCall
from community.routing.permissions import may_be_on_call, may_end_on_call, may_propose_on_call
from community.routing.queries.asking import today

LONGEST = timedelta(days=60)
FURTHEST = timedelta(days=365)
# The same words for a name nobody bears, one that may not be seen, and one that cannot be on call here.
UNKNOWN = _l("No name that writes in this space is written exactly like this. Copy it letter by letter.")


@dataclass(frozen=True)
class Days:
    """From one day until another, both included."""

    first: date
    last: date


def take(viewer: Viewer, space: Space, days: Days) -> OnCall:
    """Be on call for the theme of this space. Asking twice for the same days is harmless.

    :raises Invalid: days that cannot be, or that meet days on which one is on call already.
    """
    require(may_be_on_call(viewer, space))
    return _set(viewer, viewer.persona_id or "", space, days, "agreed")


def propose(viewer: Viewer, space: Space, name: str, days: Days) -> OnCall:
    """Propose somebody by the name that is shown; they are on call once they agree.

    :raises Invalid: no such name that may be on call here, or days that cannot be.
    """
    require(may_propose_on_call(viewer, space), _l("Only those who keep this space propose others."))
    found = persona_named(viewer, tidy(name))
    other = viewer_of(found.id) if found is not None else None
    if found is None or other is None or not may_be_on_call(other, space):
        raise Invalid("name", UNKNOWN)
    if found.id == viewer.persona_id:
        return take(viewer, space, days)
    row = _set(viewer, found.id, space, days, "proposed")
    audit.record(viewer.persona_id or "", "routing.on_call_proposed", row.key)
    return row


def _set(viewer: Viewer, persona_id: str, space: Space, days: Days, state: str) -> OnCall:
    _check(days)
    theme = space.theme or ""
    # Two at once take turns.
    db.session.execute(select(Space.id).where(Space.id == space.id).with_for_update(key_share=True))
    meeting = db.session.scalars(
        select(OnCall).where(
            OnCall.theme == theme,
            OnCall.persona_id == persona_id,
            OnCall.from_on <= days.last,
            OnCall.until_on >= days.first,
        )
    ).first()
    if meeting is not None and (meeting.from_on, meeting.until_on) == (days.first, days.last):
        return meeting
    if meeting is not None:
        raise Invalid("first", _l("Some of these days are on the calendar already for this name."))
    row = OnCall(
        theme=theme,
        persona_id=persona_id,
        from_on=days.first,
        until_on=days.last,
        state=state,
        set_by=viewer.persona_id or "",
    )
    db.session.add(row)
    db.session.flush()
    return row


def _check(days: Days) -> None:
    now = today()
    if days.first < now:
        raise Invalid("first", _l("Choose a first day that is not past."))
    if days.last < days.first:
        raise Invalid("last", _l("The last day comes before the first."))
    if days.last - days.first > LONGEST or days.last - now > FURTHEST:
        raise Invalid("last", _l("At most sixty days at once, within a year."))


def agree(viewer: Viewer, space: Space, row: OnCall) -> None:
    """Agree to be on call, as somebody proposed. Twice is harmless."""
    require(may_be_on_call(viewer, space) and row.persona_id == viewer.persona_id)
    row.state = "agreed"
    db.session.flush()


def end(viewer: Viewer, space: Space, row: OnCall) -> None:
    """Take days off the calendar: one's own, declined ones, or as a keeper of the space."""
    require(may_end_on_call(viewer, space, row))
    if row.persona_id != viewer.persona_id:
        audit.record(viewer.persona_id or "", "routing.on_call_ended", row.key)
    db.session.delete(row)
    db.session.flush()
