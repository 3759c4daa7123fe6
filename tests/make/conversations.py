"""Conversations that state only what a test is about."""

from __future__ import annotations

from datetime import date

from community.accounts.models import Persona
from community.conversations.models import Conversation, Message
from community.conversations.queries.talks import MessageView, talk_page, talk_seen
from community.conversations.services import messages, starting
from community.conversations.services.messages import Said
from community.conversations.services.starting import Opening
from community.core.db import db, transaction
from tests.cast import Someone

WORDS = "Would you tell me how your clinic does it?"


def lets_write(who: Someone, whom: str = "anybody") -> Someone:
    """This name lets itself be written to."""
    with transaction():
        starting.open_door(who.viewer, whom)
    return who


def no_longer_new(who: Someone) -> Someone:
    """A name that was made long ago."""
    with transaction():
        db.session.get_one(Persona, who.persona_id).made_on = date(2020, 1, 1)
    return who


def begins(who: Someone, *others: Someone, body: str = WORDS, subject: str = "") -> Conversation:
    """Somebody begins a conversation, through the service that pages use."""
    names = [db.session.get_one(Persona, one.persona_id).name for one in others]
    with transaction():
        return starting.start(who.viewer, Opening(names, subject, Said(body, "en")))


def between(who: Someone, *others: Someone, body: str = WORDS, subject: str = "") -> Conversation:
    """A conversation of these, whoever they let write to them."""
    for one in others:
        lets_write(one)
    return begins(who, *others, body=body, subject=subject)


def says(who: Someone, talk: Conversation, body: str = WORDS) -> Message:
    """Somebody writes in it."""
    with transaction():
        return messages.send(who.viewer, talk_seen(who.viewer, talk.key), Said(body, "en"))


def reads(who: Someone, talk: Conversation) -> list[MessageView]:
    """What somebody finds in it."""
    return list(talk_page(who.viewer, talk_seen(who.viewer, talk.key)).messages)


def bodies(who: Someone, talk: Conversation) -> list[str]:
    """The same as texts."""
    return [one.html.removeprefix("<p>").removesuffix("</p>\n") for one in reads(who, talk)]
