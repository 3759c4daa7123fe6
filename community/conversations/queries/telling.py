"""What upper domains are told about a message: whom it reaches. Never its words."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select

from community.accounts.blocking import who_keeps_away
from community.accounts.models import Persona
from community.conversations.models import Member, Message
from community.core.db import db


@dataclass(frozen=True)
class Hearer:
    """A persona a message is news to. ``read_number``: how far it had read, so that one notice stands for
    everything since. ``coarse``: a protected name takes part, so nobody learns the minute."""

    persona_id: str
    conversation_key: str
    read_number: int
    coarse: bool


def hearers_of(message_key: str) -> list[Hearer]:
    """Whom a message is news to: those still in the conversation who did not mute it, nor keep its author
    away, and have not read it yet."""
    message = db.session.get(Message, message_key)
    if message is None or message.state != "shown":
        return []
    rows = db.session.scalars(
        select(Member).where(
            Member.conversation_key == message.conversation_key,
            Member.persona_id != message.author_id,
            Member.left_number.is_(None),
            Member.read_number < message.number,
            ~Member.muted,
        )
    ).all()
    away = who_keeps_away(message.author_id, [row.persona_id for row in rows])
    coarse = _protected_name_in(message.conversation_key)
    return [
        Hearer(row.persona_id, row.conversation_key, row.read_number, coarse)
        for row in rows
        if row.persona_id not in away
    ]


def _protected_name_in(conversation_key: str) -> bool:
    inside = select(Persona.id).join(Member, Member.persona_id == Persona.id)
    rows = inside.where(Member.conversation_key == conversation_key, Persona.kind == "protected")
    return db.session.scalar(rows.limit(1)) is not None
