"""Who may be asked, who sees who is on call, who sets it.

Seeing and answering a question is the forum's rule, asked for the very persona: a question is laid
before nobody who could not find it alone. Of a protected space only its own people are asked, never
its guests.
"""

from __future__ import annotations

from sqlalchemy import Select, false, or_, select

from community.accounts.viewer import Viewer
from community.core.db import db
from community.forum.models import Space, SpaceMember, Topic, TopicGuest
from community.forum.permissions import (
    is_keeper,
    is_own,
    may_lead,
    may_moderate,
    may_post_in,
    may_reply,
    may_see_space,
    spaces_seen_by,
    topics_seen_by,
)
from community.forum.queries.reading import muted, needs_answer
from community.routing.models import Laid, OnCall


def may_say_what_they_answer(viewer: Viewer) -> bool:
    """Whether this name can say what it can answer: any that speaks."""
    return viewer.signed_in and viewer.kind != "operator"


# Questions


def may_be_asked(viewer: Viewer, topic: Topic) -> bool:
    """Whether this persona may have the question laid before it: it sees and may answer it, muted
    nothing of it, did not ask it, and in a protected space is one of its own people."""
    seen = topics_seen_by(viewer).where(Topic.id == topic.id, ~muted(viewer))
    found = db.session.scalars(seen).unique().first()
    if found is None or is_own(viewer, found):
        return False
    if not found.space.protected:
        return may_reply(viewer, found, guest=_invited(viewer, found))
    return may_reply(viewer, found) and not _guest_of_space(viewer, found.space)


def _invited(viewer: Viewer, topic: Topic) -> bool:
    return db.session.get(TopicGuest, (topic.id, viewer.persona_id)) is not None


def _guest_of_space(viewer: Viewer, space: Space) -> bool:
    row = db.session.get(SpaceMember, (space.id, viewer.persona_id))
    return row is not None and row.standing == "guest"


def may_ask_by_name(viewer: Viewer, topic: Topic) -> bool:
    """Whether the viewer may choose whom to ask: whoever asked, while the question waits."""
    waits = topic.asks and topic.answered_at is None and topic.open
    return waits and is_keeper(viewer, topic)


def may_see_laid(viewer: Viewer, laid: Laid, topic: Topic) -> bool:
    """Whether this is a question that waits for the viewer; whom others were asked, nobody is told."""
    waits = topic.asks and topic.answered_at is None and topic.state == "open"
    own = viewer.signed_in and laid.persona_id == viewer.persona_id and laid.state == "open"
    return own and waits and topic.imported_from is None


def laid_seen_by(viewer: Viewer) -> Select[Laid]:
    """The questions that wait for the viewer, among those they may still read."""
    rows = select(Laid).join(Topic, Topic.id == Laid.topic_id)
    if not viewer.signed_in:
        return rows.where(false())
    seen = topics_seen_by(viewer).with_only_columns(Topic.id).order_by(None)
    return rows.where(
        Laid.persona_id == viewer.persona_id, Laid.state == "open", needs_answer(), Topic.id.in_(seen)
    )


# On call


def calendar_spaces_seen_by(viewer: Viewer) -> Select[Space]:
    """The clinical spaces whose calendar the viewer sees: those they see, signed in."""
    rows = spaces_seen_by(viewer).where(Space.kind == "clinical", Space.theme.is_not(None))
    return rows if viewer.signed_in else rows.where(false())


def may_see_calendar(viewer: Viewer, space: Space) -> bool:
    """Whether the viewer sees who is on call for the theme of this space."""
    clinical = space.kind == "clinical" and space.theme is not None
    return clinical and viewer.signed_in and may_see_space(viewer, space)


def may_be_on_call(viewer: Viewer, space: Space) -> bool:
    """Whether this persona may be on call for the theme of this space: whoever may write there."""
    return may_see_calendar(viewer, space) and may_post_in(viewer, space)


def may_propose_on_call(viewer: Viewer, space: Space) -> bool:
    """Whether the viewer may propose others: those who keep the space."""
    return may_see_calendar(viewer, space) and (may_lead(viewer, space) or may_moderate(viewer, space))


def may_end_on_call(viewer: Viewer, space: Space, row: OnCall) -> bool:
    """Whether the viewer may take this off the calendar: whose it is, or a keeper of the space."""
    own = viewer.signed_in and row.persona_id == viewer.persona_id
    return may_see_calendar(viewer, space) and (own or may_propose_on_call(viewer, space))


def may_see_on_call(viewer: Viewer, space: Space, row: OnCall) -> bool:
    """Whether the viewer sees this on the calendar of the space's theme."""
    if row.theme != space.theme or not may_see_calendar(viewer, space):
        return False
    return row.state == "agreed" or may_end_on_call(viewer, space, row)


def on_call_seen_by(viewer: Viewer) -> Select[OnCall]:
    """Who is on call where the viewer reads; what is only proposed is seen by whom it is proposed to
    and by those who keep the space."""
    seen = calendar_spaces_seen_by(viewer).order_by(None)
    themes = seen.with_only_columns(Space.theme).options()
    kept = [space.theme for space in db.session.scalars(seen) if may_propose_on_call(viewer, space)]
    shown = or_(OnCall.state == "agreed", OnCall.persona_id == viewer.persona_id, OnCall.theme.in_(kept))
    return select(OnCall).where(OnCall.theme.in_(themes), shown)
