"""Who reads a conversation, who may begin one, who may write in it.

Only those in it read it: no duty opens a conversation, not even an administrator's. A moderator is shown
the copy of one message that somebody in the conversation reported, and nothing around it.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Select, and_, exists, false, or_, select
from sqlalchemy.orm import InstrumentedAttribute

from community.accounts import audiences
from community.accounts.viewer import Viewer
from community.conversations.models import Conversation, Member, Message


def may_take_part(viewer: Viewer) -> bool:
    """Whether this viewer can be in a conversation at all: any name that speaks."""
    return viewer.signed_in and viewer.kind in {"public", "protected"}


# Reading


def own_membership(viewer: Viewer, members: Collection[Member]) -> Member | None:
    """The viewer's own place in a conversation."""
    return next((one for one in members if viewer.signed_in and one.persona_id == viewer.persona_id), None)


def may_see_conversation(viewer: Viewer, members: Collection[Member]) -> bool:
    """Whether the conversation of these members exists for the viewer; also once they left it."""
    return own_membership(viewer, members) is not None


def conversations_seen_by(viewer: Viewer) -> Select[Conversation]:
    """The conversations the viewer is or was in."""
    rows = select(Conversation)
    if not viewer.signed_in:
        return rows.where(false())
    return rows.where(exists(select(Member.persona_id).where(*_of(viewer, Conversation.key))))


def may_see_message(viewer: Viewer, message: Message, members: Collection[Member]) -> bool:
    """Whether the viewer may read this message: in the conversation, and not after they left."""
    own = own_membership(viewer, members)
    if own is None or message.state != "shown":
        return False
    return own.left_number is None or message.number <= own.left_number


def messages_seen_by(viewer: Viewer) -> Select[Message]:
    """The messages whose words the viewer may read."""
    rows = select(Message)
    if not viewer.signed_in:
        return rows.where(false())
    until = or_(Member.left_number.is_(None), Message.number <= Member.left_number)
    inside = exists(select(Member.persona_id).where(*_of(viewer, Message.conversation_key), until))
    return rows.where(inside, Message.state == "shown")


def _of(viewer: Viewer, key: InstrumentedAttribute[str]) -> tuple[ColumnElement[bool], ...]:
    return Member.conversation_key == key, Member.persona_id == viewer.persona_id


# Beginning


@dataclass(frozen=True)
class Door:
    """What the rule needs of a name somebody would write to.

    ``apart``: one of the two blocks the other. ``shares``: both belong to a space that is not open to all.
    """

    kind: str
    active: bool
    who: str = ""  # "": nobody
    apart: bool = False
    shares: bool = False


def may_write_to(viewer: Viewer, door: Door) -> bool:
    """Whether the viewer may begin a conversation with this name. Nobody, unless it said otherwise."""
    if not may_take_part(viewer) or not door.active or door.kind == "imported" or door.apart:
        return False
    return (
        door.who == "anybody"
        or (door.who == "professional" and audiences.PROFESSIONAL in viewer.audiences)
        or (door.who == "shared" and door.shares)
    )


# Writing in it


def may_send(viewer: Viewer, members: Collection[Member], deaf: Collection[str]) -> bool:
    """Whether the viewer may add a message: still in it, with somebody who reads it.

    :param deaf: of the others, those who block the viewer or are blocked, and former members.
    """
    own = own_membership(viewer, members)
    if own is None or own.left or not may_take_part(viewer):
        return False
    return any(not one.left and one is not own and one.persona_id not in deaf for one in members)


def active(column: InstrumentedAttribute[str], viewer: Viewer) -> ColumnElement[bool]:
    """Whether the viewer still is in the conversation of this key, as a condition."""
    return exists(select(Member.persona_id).where(and_(*_of(viewer, column), Member.left_number.is_(None))))
