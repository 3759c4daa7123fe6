"""Saying something in a conversation, and reading it."""

from __future__ import annotations

import json
from dataclasses import dataclass

from flask_babel import lazy_gettext as _l
from sqlalchemy import case, literal, update

from community.accounts.models import Persona
from community.accounts.viewer import Viewer
from community.conversations import pings
from community.conversations.models import Conversation, Member, Message
from community.conversations.permissions import may_see_conversation, may_send, own_membership
from community.conversations.queries.talks import PURPOSE, bound_to, deaf_to, members_of
from community.conversations.services.contacts import refuse_contacts
from community.conversations.signals import conversation_read, message_sent
from community.core import clock
from community.core.access import require
from community.core.announce import announce
from community.core.db import UtcDateTime, db
from community.core.errors import Conflict, NotFound
from community.core.ids import new_key
from community.core.message import message_body
from community.core.padding import spaced
from community.core.publish import Text, before_publish
from community.core.sealing import seal
from community.core.text import render

NOBODY_LEFT = _l("Nobody reads this conversation any more. Your message was not sent, and nothing was lost.")


@dataclass(frozen=True)
class Said:
    """What somebody wrote, as a form hands it over."""

    body: str
    lang: str


def check(viewer: Viewer, said: Said) -> Said:
    """What was written, trimmed. :raises Invalid: it cannot be kept; the sentence names the field."""
    body = message_body(said.body)
    refuse_contacts(viewer, "body", body)
    before_publish(Text("message", "body", body, said.lang, viewer.persona_id))
    return Said(body, said.lang)


def send(viewer: Viewer, conversation: Conversation, said: Said) -> Message:
    """Add a message to a conversation. Those in it are told by the job that is saved with it.

    :raises Conflict: everybody else left meanwhile; carries the text.
    """
    members = members_of(conversation.key)
    if not may_see_conversation(viewer, members):
        raise NotFound
    own = own_membership(viewer, members)
    require(own is not None and not own.left, _l("You left this conversation."))
    if not may_send(viewer, members, deaf_to(viewer, members)):
        raise Conflict(NOBODY_LEFT, yours=said.body)
    return add(viewer, conversation, check(viewer, said))


def add(viewer: Viewer, conversation: Conversation, said: Said) -> Message:
    """Store a message at the end of a conversation. For callers that have asked whether it may be."""
    number = _next_number(conversation)
    # The row of the conversation is locked from here on: who left meanwhile is seen to have left.
    members = members_of(conversation.key)
    own = own_membership(viewer, members)
    if own is None or own.left:
        raise Conflict(NOBODY_LEFT, yours=said.body)
    row = Message(
        key=new_key(),
        conversation_key=conversation.key,
        number=number,
        author_id=viewer.persona_id or "",
        lang=said.lang,
        sent_at=conversation.last_at,
    )
    row.sealed = sealed_words(row, said.body)
    db.session.add(row)
    own.read_number = number
    db.session.flush()
    pings.grew(conversation.key, number, coarse=_coarse(members))
    announce(message_sent, message_key=row.key)
    return row


def sealed_words(row: Message, body: str) -> bytes:
    """The words of a message and their rendered form, sealed for this message alone."""
    plain = json.dumps({"body": body, "html": render(body)}, ensure_ascii=False).encode()
    return seal(PURPOSE, spaced(plain), bound_to(row.conversation_key, row.key))


def _next_number(conversation: Conversation) -> int:
    """Take the next number, in one statement that locks the row: two who send at once come one after
    the other. Whoever waited for the row asked the clock before the other did: no moment goes back."""
    now = literal(clock.now(), UtcDateTime())
    number = db.session.scalar(
        update(Conversation)
        .where(Conversation.key == conversation.key)
        .values(
            last_number=Conversation.last_number + 1,
            last_at=case((Conversation.last_at > now, Conversation.last_at), else_=now),
        )
        .returning(Conversation.last_number)
        .execution_options(synchronize_session=False)
    )
    db.session.expire(conversation, ["last_number", "last_at"])
    if number is None:
        raise NotFound
    return int(number)


def _coarse(members: list[Member]) -> bool:
    faces = [db.session.get(Persona, one.persona_id) for one in members]
    return any(one is not None and one.protected for one in faces)


def read_up_to(viewer: Viewer, conversation: Conversation, number: int) -> None:
    """Move the viewer's own mark; it never moves back, nobody else sees it, and it carries no time."""
    own = own_membership(viewer, members_of(conversation.key))
    if own is None:
        raise NotFound
    reached = max(0, min(number, conversation.last_number))
    if own.left or reached <= own.read_number:
        return
    db.session.execute(
        update(Member)
        .where(
            Member.conversation_key == conversation.key,
            Member.persona_id == viewer.persona_id,
            Member.read_number < reached,
        )
        .values(read_number=reached)
    )
    announce(conversation_read, conversation_key=conversation.key, persona_id=viewer.persona_id)
