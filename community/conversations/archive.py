"""What a name takes along of its conversations, and what is let go of when it leaves."""

from __future__ import annotations

from typing import Any

from sqlalchemy import delete, select

from community.accounts.blocking import forget as forget_distances
from community.accounts.distances import Distance
from community.conversations.models import Conversation, Member, Message, Reach
from community.conversations.queries.talks import subject_of, words_of
from community.conversations.services import members
from community.core import archives
from community.core.archives import Rows
from community.core.db import db


def init_app() -> None:
    """Say it to the archives."""
    archives.part("conversations", rows)
    archives.eraser("conversations", leave)


def rows(persona_id: str) -> Rows:
    """The conversations of a name, what it said in them, who may write to it, whom it keeps away.

    Of the others only their keys: what they wrote is theirs, and in their archives.
    """
    mine = db.session.execute(
        select(Member, Conversation)
        .join(Conversation, Conversation.key == Member.conversation_key)
        .where(Member.persona_id == persona_id)
        .order_by(Conversation.started_on, Conversation.key)
    ).all()
    reach = db.session.get(Reach, persona_id)
    away = select(Distance).where(Distance.persona_id == persona_id).order_by(Distance.key)
    return {
        "conversations": [_conversation(member, row) for member, row in mine],
        "messages": [_message(row) for row in db.session.scalars(_messages(persona_id))],
        "who_may_write_to_me": [{"who": reach.who}] if reach else [],
        "kept_away": [{"name": row.other_id, "kind": row.kind} for row in db.session.scalars(away)],
    }


def _messages(persona_id: str) -> Any:
    rows = select(Message).where(Message.author_id == persona_id)
    return rows.order_by(Message.conversation_key, Message.number)


def _conversation(own: Member, row: Conversation) -> dict[str, Any]:
    return {
        "key": row.key,
        "subject": subject_of(row),
        "started_on": row.started_on,
        "muted": own.muted,
        "left_on": own.left_on,
    }


def _message(row: Message) -> dict[str, Any]:
    return {
        "conversation": row.conversation_key,
        "number": row.number,
        "sent_at": row.sent_at,
        "lang": row.lang,
        "body": words_of(row).body,
    }


def leave(persona_id: str, keep: bool) -> None:
    """Leave every conversation; without ``keep``, what was said in them goes too."""
    members.forget(persona_id)
    forget_distances(persona_id)
    if not keep:
        db.session.execute(delete(Message).where(Message.author_id == persona_id))
