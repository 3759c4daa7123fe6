"""What a name takes along of its conversations, loads elsewhere, and lets go of when it leaves."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, time
from typing import Any

from sqlalchemy import delete, select, update

from community.accounts.blocking import forget as forget_distances
from community.accounts.distances import Distance
from community.conversations.models import Conversation, Member, Message, Reach
from community.conversations.queries.talks import PURPOSE, bound_to, subject_of, words_of
from community.conversations.services import members
from community.conversations.services.messages import sealed_words
from community.core import archives
from community.core.archives import Row, Rows
from community.core.db import db
from community.core.ids import new_key
from community.core.padding import spaced
from community.core.sealing import seal

LOADED = ("conversations", "messages", "who_may_write_to_me")


def init_app() -> None:
    """Say it to the archives."""
    archives.part("conversations", rows, load)
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


def load(persona_id: str, found: Rows) -> int:
    """Load the conversations of a name with what it said in them itself: the words of others are in theirs.

    A conversation that is there already, as another name of it was loaded before, is joined.
    """
    for row in found.get("conversations", []):
        said = [one for one in found.get("messages", []) if one["conversation"] == row["key"]]
        _load(persona_id, row, said)
    for row in found.get("who_may_write_to_me", []):
        db.session.add(Reach(persona_id=persona_id, who=row["who"]))
    db.session.flush()
    return sum(len(found.get(name, [])) for name in LOADED)


def _load(persona_id: str, row: Row, said: Sequence[Row]) -> None:
    begun = date.fromisoformat(row["started_on"])
    talk = db.session.get(Conversation, row["key"])
    if talk is None:
        first = datetime.combine(begun, time(), UTC)
        talk = Conversation(
            key=row["key"], started_by=persona_id, started_on=begun, last_number=0, last_at=first
        )
        if row["subject"]:
            talk.subject = seal(PURPOSE, spaced(row["subject"].encode()), bound_to(talk.key, "subject"))
        db.session.add(talk)
        db.session.flush()
    for one in said:
        sent = datetime.fromisoformat(one["sent_at"])
        made = Message(key=new_key(), conversation_key=talk.key, number=one["number"], author_id=persona_id)
        made.lang, made.sent_at, made.sealed = one["lang"], sent, sealed_words(made, one["body"])
        db.session.add(made)
        talk.last_number, talk.last_at = max(talk.last_number, made.number), max(talk.last_at, sent)
    left = date.fromisoformat(row["left_on"]) if row["left_on"] else None
    own = Member(conversation_key=talk.key, persona_id=persona_id, muted=row["muted"], left_on=left)
    own.read_number, own.left_number = talk.last_number, talk.last_number if left else None
    db.session.add(own)


def leave(persona_id: str, keep: bool) -> None:
    """Leave every conversation; without ``keep``, what was said in them goes too, and what it called them."""
    members.forget(persona_id)
    forget_distances(persona_id)
    if not keep:
        db.session.execute(delete(Message).where(Message.author_id == persona_id))
        begun = update(Conversation).where(Conversation.started_by == persona_id)
        db.session.execute(begun.values(subject=None))
