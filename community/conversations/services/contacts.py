"""New names do not hand over numbers and addresses in private; who keeps trying begins nothing for a day."""

from __future__ import annotations

from datetime import timedelta

from flask_babel import lazy_gettext as _l

from community.accounts import turns
from community.accounts.models import Persona
from community.accounts.viewer import Viewer
from community.conversations.contacts import hands_over, may_be_new
from community.conversations.models import ContactAttempt
from community.core import clock
from community.core.access import require
from community.core.db import db
from community.core.errors import Invalid

MOST_ATTEMPTS = 3
LOCKED = timedelta(days=1)


class ContactRefused(Invalid):
    """A new name tried to hand over a way to be reached. The edge keeps that it was tried."""


def is_new(viewer: Viewer) -> bool:
    """Whether the viewer's name may be younger than a week."""
    persona = db.session.get(Persona, viewer.persona_id)
    return persona is not None and may_be_new(persona.made_on, clock.today())


def refuse_contacts(viewer: Viewer, field: str, words: str) -> None:
    """:raises ContactRefused: a new name hands over a number, an address or a handle."""
    if hands_over(words) and is_new(viewer):
        raise ContactRefused(
            field,
            _l(
                "This looks like a telephone number, an e-mail address or the name of an account elsewhere. "
                "A new name cannot hand these over in private yet: it protects you and those you write to. "
                "Take it out, and write here for now."
            ),
            kept=words,
        )


def note_attempt(viewer: Viewer) -> None:
    """Keep that it was tried: in a transaction of its own, as the message was refused."""
    require(viewer.signed_in)
    today = clock.today()
    turns.of_persona(viewer.persona_id)
    row = db.session.get(ContactAttempt, viewer.persona_id, populate_existing=True)
    if row is None:
        row = ContactAttempt(persona_id=viewer.persona_id, on_day=today, count=0)
        db.session.add(row)
    if row.on_day < today - LOCKED:
        row.count = 0
    row.on_day, row.count = today, row.count + 1
    db.session.flush()


def is_locked(viewer: Viewer) -> bool:
    """Whether the viewer tried so often that it begins no conversation before the day after tomorrow."""
    row = db.session.get(ContactAttempt, viewer.persona_id)
    return row is not None and row.count >= MOST_ATTEMPTS and clock.today() - row.on_day <= LOCKED
