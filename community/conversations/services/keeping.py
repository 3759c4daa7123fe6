"""Keeping what is sealed readable, and letting go of what nobody reads any more."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import delete, exists, select

from community.conversations.models import Conversation, Member, Message
from community.conversations.queries.talks import PURPOSE, bound_to
from community.core import clock
from community.core.db import db
from community.core.sealing import CannotUnseal, seal, unseal

BATCH = 200
KEPT = timedelta(days=30)


def drop_ended() -> int:
    """Drop conversations that everybody left thirty days ago. Returns how many, a batch at a time."""
    here = exists().where(Member.conversation_key == Conversation.key, Member.left_on.is_(None))
    late = exists().where(Member.conversation_key == Conversation.key, Member.left_on > clock.today() - KEPT)
    keys = db.session.scalars(select(Conversation.key).where(~here, ~late).limit(BATCH)).all()
    for table, column in (
        (Message, Message.conversation_key),
        (Member, Member.conversation_key),
        (Conversation, Conversation.key),
    ):
        db.session.execute(delete(table).where(column.in_(keys)))
    return len(keys)


def _again(sealed: bytes, associated: bytes) -> bytes:
    """The same under the newest key; what no key opens any more stays as it is."""
    try:
        return seal(PURPOSE, unseal(PURPOSE, sealed, associated), associated)
    except CannotUnseal:
        return sealed


def reseal_subjects(after: str) -> str:
    """Put the next subjects under the newest key. Returns where to go on, "" at the end."""
    rows = db.session.scalars(
        select(Conversation)
        .where(Conversation.key > after, Conversation.subject.is_not(None))
        .order_by(Conversation.key)
        .limit(BATCH)
    ).all()
    for row in rows:
        row.subject = _again(row.subject or b"", bound_to(row.key, "subject"))
    return rows[-1].key if rows else ""


def reseal_messages(after: str) -> str:
    """Put the next messages under the newest key. Returns where to go on, "" at the end."""
    rows = db.session.scalars(
        select(Message).where(Message.key > after).order_by(Message.key).limit(BATCH)
    ).all()
    for row in rows:
        row.sealed = _again(row.sealed, bound_to(row.conversation_key, row.key))
    return rows[-1].key if rows else ""
