"""Private messages: told once for everything that was not read yet, and named nowhere."""

from __future__ import annotations

from sqlalchemy import update

from community.conversations.queries.telling import hearers_of
from community.core.db import db
from community.core.pings import ring
from community.notifications.models import Notice
from community.notifications.services.telling import Event, tell


def tell_of_message(message_key: str) -> None:
    """Tell those it was sent to. Ten messages that nobody read are one notice and one letter."""
    for hearer in hearers_of(message_key):
        name = f"message:{hearer.conversation_key}:{hearer.read_number}"
        event = Event(name, about=hearer.conversation_key, coarse=hearer.coarse)
        tell(event, {hearer.persona_id: "message"})


def no_news(conversation_key: str, persona_id: str) -> None:
    """Mark as read what a persona was told of a conversation."""
    told = update(Notice).where(
        Notice.persona_id == persona_id,
        Notice.kind == "message",
        Notice.about == conversation_key,
        ~Notice.read,
    )
    done = db.session.execute(told.values(read=True))
    if done.rowcount:  # type: ignore[attr-defined]
        ring(persona_id)
