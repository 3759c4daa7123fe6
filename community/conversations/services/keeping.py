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


def reseal(after: str) -> str:
    """Put a batch of what is sealed here under the newest key. Returns where to go on, "" at the end.

    What no key opens any more stays as it is.
    """
    what, _, key = after.partition(" ")
    steps = ("talk", "said")
    step = what or steps[0]
    last = {"talk": _subjects, "said": _messages}[step](key)
    if last:
        return f"{step} {last}"
    place = steps.index(step) + 1
    return f"{steps[place]} " if place < len(steps) else ""


def _again(sealed: bytes, associated: bytes) -> bytes:
    try:
        return seal(PURPOSE, unseal(PURPOSE, sealed, associated), associated)
    except CannotUnseal:
        return sealed


def _subjects(after: str) -> str:
    rows = db.session.scalars(
        select(Conversation)
        .where(Conversation.key > after, Conversation.subject.is_not(None))
        .order_by(Conversation.key)
        .limit(BATCH)
    ).all()
    for row in rows:
        row.subject = _again(row.subject or b"", bound_to(row.key, "subject"))
    return rows[-1].key if rows else ""


def _messages(after: str) -> str:
    rows = db.session.scalars(
        select(Message).where(Message.key > after).order_by(Message.key).limit(BATCH)
    ).all()
    for row in rows:
        row.sealed = _again(row.sealed, bound_to(row.conversation_key, row.key))
    return rows[-1].key if rows else ""
