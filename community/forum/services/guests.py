"""Inviting one persona into a topic, or somebody into a space until a date."""

from __future__ import annotations

from datetime import datetime, timedelta

from flask_babel import lazy_gettext as _l
from sqlalchemy import delete, select

from community.accounts.models import Persona
from community.accounts.viewer import Viewer
from community.core import audit, clock
from community.core.access import require
from community.core.db import db
from community.core.errors import Invalid, NotFound
from community.core.tidy import tidy
from community.forum.models import Space, SpaceMember, Topic, TopicGuest
from community.forum.permissions import (
    is_keeper,
    may_invite,
    may_invite_to_space,
    may_moderate,
    may_see_space,
)
from community.forum.queries.guests import persona_named
from community.forum.queries.members import standings_of

LONGEST = timedelta(days=180)
# The same words for a name nobody bears, a name that may not be seen, and a name written otherwise.
UNKNOWN = _l(
    "No name you can see is written exactly like this. Copy it from one of their messages, or ask for "
    "their public name."
)


def _named(viewer: Viewer, name: str) -> Persona:
    found = persona_named(viewer, tidy(name))
    if found is None:
        raise Invalid("name", UNKNOWN)
    if found.id == viewer.persona_id:
        raise Invalid("name", _l("This is your own name."))
    return found


def invite_into_topic(viewer: Viewer, topic: Topic, name: str) -> Persona:
    """Invite one persona, by its exact shown name, into this topic and nothing else of its space.

    Asking twice for the same persona is harmless.
    :raises Invalid: no such name that the viewer sees, or somebody is invited already.
    """
    require(may_invite(viewer, topic))
    guest = _named(viewer, name)
    # Two invitations at once take their turn on the topic's row: there is one guest at most.
    db.session.execute(select(Topic.id).where(Topic.id == topic.id).with_for_update(key_share=True))
    already = db.session.scalar(select(TopicGuest.persona_id).where(TopicGuest.topic_id == topic.id))
    if already is not None and already != guest.id:
        raise Invalid("name", _l("Somebody is invited here already. One guest at a time: end that first."))
    if already is None:
        invited_by = viewer.persona_id
        db.session.add(TopicGuest(topic_id=topic.id, persona_id=guest.id, invited_by=invited_by))
        db.session.flush()
    return guest


def end_topic_invitation(viewer: Viewer, topic: Topic) -> None:
    """The guest no longer reads the topic; what they wrote stays. The guest may leave by themselves."""
    mine = (TopicGuest.topic_id == topic.id, TopicGuest.persona_id == viewer.persona_id)
    leaving = viewer.signed_in and db.session.scalar(select(TopicGuest.topic_id).where(*mine)) is not None
    # Also in a closed topic, into which nobody is invited any more.
    require(leaving or is_keeper(viewer, topic) or may_moderate(viewer, topic.space))
    db.session.execute(delete(TopicGuest).where(TopicGuest.topic_id == topic.id))


def invite_into_space(viewer: Viewer, space: Space, name: str, until: datetime) -> Persona:
    """Let a persona read and write in the space as a guest, until a date at most six months away.

    Inviting a guest again moves the date.
    :raises Invalid: no such name that the viewer sees, a member already, or a date out of bounds.
    """
    require(may_invite_to_space(viewer, space))
    if not clock.now() < until <= clock.now() + LONGEST:
        raise Invalid("until", _l("Choose a day between tomorrow and six months from now."))
    guest = _named(viewer, name)
    # Two keepers who invite the same guest at once take their turn on the space's row.
    db.session.execute(select(Space.id).where(Space.id == space.id).with_for_update(key_share=True))
    row = db.session.get(SpaceMember, (space.id, guest.id), populate_existing=True)
    if row is not None and row.standing != "guest":
        raise Invalid("name", _l("This name is a member of the space already."))
    if row is None:
        row = SpaceMember(space_id=space.id, persona_id=guest.id, standing="guest")
        db.session.add(row)
    row.until, row.invited_by = until, viewer.persona_id
    db.session.flush()
    audit.record(viewer.persona_id or "", "space.guest_invited", space.slug, until=until.date().isoformat())
    return guest


def end_space_invitation(viewer: Viewer, space: Space, persona_id: str) -> None:
    """The guest no longer reads the space, from this moment. :raises NotFound: not a guest of it."""
    own = viewer.persona_id == persona_id and may_see_space(viewer, space)
    require(own or may_invite_to_space(viewer, space))
    if standings_of(space, [persona_id]).get(persona_id) != "guest":
        raise NotFound
    row = db.session.get_one(SpaceMember, (space.id, persona_id))
    row.until = clock.now()
    audit.record(viewer.persona_id or "", "space.guest_ended", space.slug)
