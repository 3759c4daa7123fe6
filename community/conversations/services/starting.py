"""Beginning a conversation, and saying who may begin one with oneself."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import func, select

from community.accounts import turns
from community.accounts.models import Persona
from community.accounts.names import tidy_name
from community.accounts.viewer import Viewer
from community.conversations.models import MOST_MEMBERS, WHO, Conversation, Member, Reach
from community.conversations.permissions import may_take_part, may_write_to
from community.conversations.queries import doors
from community.conversations.queries.talks import PURPOSE, bound_to
from community.conversations.services.contacts import is_locked, is_new, refuse_contacts
from community.conversations.services.messages import Said, add, check
from community.core import clock
from community.core.access import require
from community.core.db import db
from community.core.errors import Invalid, TooOften
from community.core.ids import new_key
from community.core.padding import spaced
from community.core.publish import Text, before_publish
from community.core.sealing import seal
from community.core.tidy import tidy

MOST_A_DAY, MOST_A_DAY_WHEN_NEW = 10, 3
LONGEST_SUBJECT = 120
_A_DAY = 86_400


@dataclass(frozen=True)
class Opening:
    """Whom somebody writes to, about what, and the first words."""

    names: Sequence[str]
    subject: str
    first: Said


def start(viewer: Viewer, opening: Opening) -> Conversation:
    """Begin a conversation with names that let the viewer write to them.

    :raises Invalid: a name takes no messages from the viewer, or is nobody's: the sentence is the same.
    :raises TooOften: enough were begun today.
    """
    require(may_take_part(viewer))
    _require_room(viewer)
    others = _recipients(viewer, opening.names)
    subject = _subject(viewer, opening)
    said = check(viewer, opening.first)
    row = Conversation(
        key=new_key(), started_by=viewer.persona_id, started_on=clock.today(), last_at=clock.now()
    )
    row.subject = seal(PURPOSE, spaced(subject.encode()), bound_to(row.key, "subject")) if subject else None
    db.session.add(row)
    db.session.flush()
    for persona_id in (viewer.persona_id, *(one.id for one in others)):
        db.session.add(Member(conversation_key=row.key, persona_id=persona_id))
    db.session.flush()
    add(viewer, row, said)
    return row


def _require_room(viewer: Viewer) -> None:
    if is_locked(viewer):
        raise TooOften(
            _l("You cannot begin a conversation today: too often, a number or an address was in one."),
            after=_A_DAY,
        )
    begun = select(func.count()).where(
        Conversation.started_by == viewer.persona_id, Conversation.started_on == clock.today()
    )
    most = MOST_A_DAY_WHEN_NEW if is_new(viewer) else MOST_A_DAY
    if (db.session.scalar(begun) or 0) >= most:
        raise TooOften(_l("You have begun enough conversations for today."), after=_A_DAY)


def _recipients(viewer: Viewer, names: Sequence[str]) -> list[Persona]:
    wanted = list(dict.fromkeys(name for name in map(tidy_name, names) if name))
    if not wanted:
        raise Invalid("to", _l("Write at least one name."))
    if len(wanted) > MOST_MEMBERS - 1:
        raise Invalid("to", _l("At most nine others take part in a conversation."))
    found = doors.named(wanted)
    open_to = doors.doors_of(viewer, list(found.values()))
    for name in wanted:
        persona = found.get(name)
        door = open_to.get(persona.id) if persona else None
        if door is None or not may_write_to(viewer, door):
            # The same for a name that is nobody's: who is here is not to be found out by asking.
            raise Invalid(
                "to", _("“%(name)s” takes no messages from you, or is nobody’s name.", name=name[:80])
            )
    return [found[name] for name in wanted]


def _subject(viewer: Viewer, opening: Opening) -> str:
    subject = " ".join(tidy(opening.subject).replace("\x00", "").split())
    if len(subject) > LONGEST_SUBJECT:
        raise Invalid("subject", _l("At most 120 characters."))
    if subject:
        refuse_contacts(viewer, "subject", subject)
        before_publish(Text("message", "subject", subject, opening.first.lang, viewer.persona_id))
    return subject


def open_door(viewer: Viewer, who: str) -> None:
    """Say who may begin a conversation with the viewer; "" is nobody. :raises Invalid: no such choice."""
    require(may_take_part(viewer))
    if who not in {"", *WHO}:
        raise Invalid("who", _l("Choose among what is offered."))
    turns.of_persona(viewer.persona_id)
    row = db.session.get(Reach, viewer.persona_id)
    if not who:
        if row is not None:
            db.session.delete(row)
    elif row is None:
        db.session.add(Reach(persona_id=viewer.persona_id, who=who))
    else:
        row.who = who
    db.session.flush()
