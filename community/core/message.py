"""The text of a message, in the open or in a conversation: what of it can be kept."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from community.core.errors import Invalid
from community.core.text import MAX_BODY, says_nothing
from community.core.tidy import tidy


def message_body(written: str) -> str:
    """The text, trimmed. :raises Invalid: it cannot be kept; what was written is kept beside the sentence."""
    body = tidy(written)
    if "\x00" in body:
        raise Invalid("body", _l("Your message holds a character that cannot be stored (NUL). Remove it."))
    if len(body) > MAX_BODY:
        raise Invalid("body", _l("Your message is too long: at most 20,000 characters."), kept=body)
    if says_nothing(body):
        raise Invalid("body", _l("Your message is empty. Write something first."))
    return body
