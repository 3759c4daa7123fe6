"""What moderation may know of a private message, and do with it: one message that was reported.

Whoever calls has asked its own rule first: a moderator is led here only by a report of somebody in the
conversation, and is shown that one message and nothing around it.
"""

from __future__ import annotations

from dataclasses import dataclass

from community.accounts.viewer import Viewer
from community.conversations.models import Message
from community.conversations.queries.talks import message_seen, words_of
from community.core.db import db


@dataclass(frozen=True)
class Copy:
    """One message as it is now."""

    key: str
    conversation_key: str
    author_id: str
    body: str
    html: str
    lang: str
    state: str  # shown, hidden


def as_read(viewer: Viewer, key: str) -> Copy:
    """A message that somebody in the conversation reads. :raises NotFound: they do not."""
    return _copy(message_seen(viewer, key))


def as_reported(key: str) -> Copy | None:
    """A message that was reported; None when it is gone."""
    row = db.session.get(Message, key)
    return _copy(row) if row is not None else None


def _copy(row: Message) -> Copy:
    words = words_of(row)
    return Copy(row.key, row.conversation_key, row.author_id, words.body, words.html, row.lang, row.state)


def hide(key: str) -> None:
    """Take a message out of everybody's sight. Twice is harmless."""
    _put(key, "hidden")


def show(key: str) -> None:
    """Show a hidden message again."""
    _put(key, "shown")


def _put(key: str, state: str) -> None:
    row = db.session.get(Message, key)
    if row is not None:
        row.state = state
        db.session.flush()
