"""Leaving a conversation, muting it; what ends when a name blocks another or is left behind."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from sqlalchemy import Select, delete, func, select

from community.accounts.viewer import Viewer
from community.conversations.models import ContactAttempt, Conversation, Member, Reach
from community.conversations.permissions import own_membership
from community.conversations.queries.talks import members_of
from community.conversations.signals import conversation_read
from community.core import clock
from community.core.access import require
from community.core.announce import announce
from community.core.db import db
from community.core.errors import NotFound


def leave(viewer: Viewer, conversation: Conversation) -> None:
    """Read no further, from now on; the others see that the viewer left, and the day. Twice is harmless."""
    own = own_membership(viewer, members_of(conversation.key))
    if own is None:
        raise NotFound
    _leave(conversation.key, own.persona_id)


def _leave(key: str, persona_id: str) -> None:
    """The row of the conversation is locked first: a message that is being sent comes before or after."""
    last = db.session.scalar(
        select(Conversation.last_number).where(Conversation.key == key).with_for_update(key_share=True)
    )
    own = db.session.get(Member, (key, persona_id), populate_existing=True)
    if own is None or own.left:
        return
    own.left_number, own.left_on = last or 0, clock.today()
    db.session.flush()
    announce(conversation_read, conversation_key=key, persona_id=persona_id)


def mute(viewer: Viewer, conversation: Conversation, *, muted: bool) -> None:
    """Be told of this conversation no longer, or again."""
    own = own_membership(viewer, members_of(conversation.key))
    if own is None:
        raise NotFound
    require(not own.left, _l("You left this conversation."))
    own.muted = muted
    db.session.flush()


def end_between(persona_id: str, other_id: str) -> None:
    """What two names have between themselves ends for the one that blocks: it leaves, as anybody may."""
    alone = (
        select(Member.conversation_key)
        .where(Member.conversation_key.in_(_keys(persona_id)), Member.conversation_key.in_(_keys(other_id)))
        .group_by(Member.conversation_key)
        .having(func.count() == 2)
    )
    for key in db.session.scalars(alone).all():
        _leave(key, persona_id)


def forget(persona_id: str) -> None:
    """A name that was left reads nothing and is written to no more; what it said stays with the others."""
    for key in db.session.scalars(_keys(persona_id).where(Member.left_number.is_(None))).all():
        _leave(key, persona_id)
    for table in (Reach, ContactAttempt):
        db.session.execute(delete(table).where(table.persona_id == persona_id))


def _keys(persona_id: str) -> Select[str]:
    return select(Member.conversation_key).where(Member.persona_id == persona_id)
