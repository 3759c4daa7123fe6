"""What a name takes along of its conversations, loads elsewhere, and lets go of when it leaves."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, time
from typing import Any

from sqlalchemy import delete, select, update

from community.accounts.blocking import forget as forget_distances
from community.accounts.distances import Distance
from community.accounts.models import Persona
from community.conversations.models import Conversation, Member, Message, Reach
from community.conversations.queries.talks import PURPOSE, bound_to, subject_of, words_of
from community.conversations.services import members
from community.conversations.services.messages import sealed_words
from community.core import archives
from community.core.archive_rows import BadRow, columns, each, text
from community.core.archives import Rows
from community.core.db import db
from community.core.ids import new_key
from community.core.padding import spaced
from community.core.publish import Text, before_publish
from community.core.sealing import seal
from community.forum.models import Declaration

LOADED = ("conversations", "messages", "who_may_write_to_me")
LANGS = ("fr", "en")


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

    A conversation that is there already, as another name of it was loaded before, is joined. Names that it
    keeps away are kept away where they are.

    :raises BadRow: a row is not one of an archive. :raises Invalid: a text identifies somebody.
    """
    said = list(each(found, "messages"))
    for row in each(found, "conversations"):
        _load(persona_id, row, [one for one in said if one.get("conversation") == row.get("key")])
    for row in each(found, "who_may_write_to_me"):
        db.session.add(Reach(persona_id=persona_id, **columns(Reach, row, "who")))
    away = sum(_keep_away(persona_id, row) for row in each(found, "kept_away"))
    db.session.flush()
    return away + sum(len(found.get(name, [])) for name in LOADED)


def _keep_away(persona_id: str, row: Mapping[str, Any]) -> bool:
    other, kind = text(row, "name"), columns(Distance, row, "kind")["kind"]
    if other == persona_id or db.session.get(Persona, other) is None:
        return False
    db.session.add(Distance(persona_id=persona_id, other_id=other, kind=kind))
    return True


def _load(persona_id: str, row: Mapping[str, Any], said: Sequence[Mapping[str, Any]]) -> None:
    own = columns(Member, row, "muted", "left_on")
    talk = _talk(persona_id, row)
    for one in said:
        _say(persona_id, talk, one)
    own |= {"read_number": talk.last_number, "left_number": talk.last_number if own["left_on"] else None}
    db.session.add(Member(conversation_key=talk.key, persona_id=persona_id, **own))


def _talk(persona_id: str, row: Mapping[str, Any]) -> Conversation:
    values = columns(Conversation, row, "key", "started_on")
    if there := db.session.get(Conversation, values["key"]):
        return there
    first = datetime.combine(values["started_on"], time(), UTC)
    talk = Conversation(started_by=persona_id, last_number=0, last_at=first, **values)
    if subject := text(row, "subject"):
        _look(persona_id, "subject", subject, "fr")
        talk.subject = seal(PURPOSE, spaced(subject.encode()), bound_to(talk.key, "subject"))
    db.session.add(talk)
    db.session.flush()
    return talk


def _say(persona_id: str, talk: Conversation, one: Mapping[str, Any]) -> None:
    body, values = text(one, "body"), columns(Message, one, "number", "lang", "sent_at")
    if values["lang"] not in LANGS:
        raise BadRow("“messages” holds a language that there is not.")
    _look(persona_id, "body", body, values["lang"])
    made = Message(key=new_key(), conversation_key=talk.key, author_id=persona_id, **values)
    made.sealed = sealed_words(made, body)
    db.session.add(made)
    talk.last_number, talk.last_at = max(talk.last_number, made.number), max(talk.last_at, made.sent_at)


def _look(persona_id: str, field: str, words: str, lang: str) -> None:
    """As whatever is published: but for kinds of numbers that the name declared to be nobody's."""
    said = db.session.scalars(select(Declaration.kind).where(Declaration.persona_id == persona_id))
    before_publish(Text("message", field, words, lang, None, imported=True, asked_for=frozenset(said)))


def leave(persona_id: str, keep: bool) -> None:
    """Leave every conversation; without ``keep``, what was said in them goes too, and what it called them."""
    members.forget(persona_id)
    forget_distances(persona_id)
    if not keep:
        db.session.execute(delete(Message).where(Message.author_id == persona_id))
        begun = update(Conversation).where(Conversation.started_by == persona_id)
        db.session.execute(begun.values(subject=None))
