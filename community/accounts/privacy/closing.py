"""Closing an account: it is emptied at once, and its names are let go of on days apart.

The links in the vault go first. From then on nobody is behind the names; each stays as it is until a
random day within thirty, no two on the same, so that nobody sees them leave together, nor with the account.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping, Sequence
from datetime import timedelta

from flask_babel import lazy_gettext as _l
from sqlalchemy import delete, select
from sqlalchemy.exc import IntegrityError

from community.accounts import order, proposals, vault
from community.accounts.members import User
from community.accounts.models import Duty, Persona
from community.accounts.names import skeleton
from community.accounts.privacy.models import CHOICES, Leaving, PersonaArchive
from community.accounts.services import attesting, duties, joining, personas
from community.accounts.signals import persona_left
from community.core import archives, clock
from community.core.announce import announce
from community.core.db import db
from community.core.errors import Invalid, NotFound
from community.core.jobs import enqueue_one
from community.operations import erasures

WITHIN_DAYS = 30
REPLACED = "replaced"  # in the ledger of erasures: the name gave way to one that the site drew
_CHANCE = random.SystemRandom()


def close(member_id: str, choices: Mapping[str, str]) -> None:
    """Close an account.

    :param choices: for each of its names, what becomes of what it wrote.
    :raises Invalid: a name has no choice. :raises Conflict: it is the last administrator's.
    :raises NotFound: it was closed a moment ago.
    """
    _hold(member_id)
    owned = personas.names_of(member_id)
    if any(choices.get(persona.id) not in CHOICES for persona in owned):
        raise Invalid("choice", _l("Choose for each name what becomes of what it wrote."))
    _give_back_duties([persona.id for persona in owned if not persona.protected])
    days = _CHANCE.sample(range(1, WITHIN_DAYS + 1), len(owned))
    _CHANCE.shuffle(owned)
    for persona, day in zip(owned, days, strict=True):
        begin(member_id, persona.id, choices[persona.id], day)
    db.session.flush()
    _forget_order()
    joining.forget([member_id])


def _hold(member_id: str) -> None:
    """Nobody ties another name to an account that is being closed: it would be left behind with nobody."""
    if db.session.scalar(select(User.id).where(User.id == member_id).with_for_update()) is None:
        raise NotFound


def _give_back_duties(persona_ids: Sequence[str]) -> None:
    """Only a public name coordinates or administers, and a member has one: nothing shows but itself."""
    for duty in list(db.session.scalars(select(Duty).where(Duty.persona_id.in_(persona_ids)))):
        duties.end(duty.persona_id, duty)


def begin(member_id: str, persona_id: str, choice: str, days: int) -> None:
    """Cut a name from its account, and set the day on which it is let go of."""
    vault.unlink(member_id, persona_id)
    persona = db.session.get_one(Persona, persona_id)
    persona.recovery_hash = None
    db.session.execute(delete(PersonaArchive).where(PersonaArchive.persona_id == persona_id))
    row = Leaving(persona_id=persona_id, choice=choice, due_on=clock.today() + timedelta(days=days))
    db.session.add(row)
    erasures.record(f"leaving {choice}", persona_id)


def _forget_order() -> None:
    """PostgreSQL keeps rows as they were written, and by which transaction: whose names they are."""
    order.lay_by_key(("leaving",))
    enqueue_one("accounts.forget_order_again")


def due() -> list[str]:
    """The names whose day has come."""
    return list(db.session.scalars(select(Leaving.persona_id).where(Leaving.due_on <= clock.today())))


def let_go(persona_id: str) -> None:
    """Do with a name what its owner chose. Harmless twice."""
    row = db.session.get(Leaving, persona_id)
    if row is None:
        return
    persona = db.session.get_one(Persona, persona_id)
    for duty in list(db.session.scalars(select(Duty).where(Duty.persona_id == persona_id))):
        duties.end(persona_id, duty)
    archives.leave(persona_id, keep=row.choice != "removed")
    if row.choice == "neutral":
        _rename(persona)
        erasures.record(REPLACED, persona_id)
    else:
        personas.retire(persona)
        erasures.record("persona", persona_id)
    if row.choice == "removed":
        erasures.record("words", persona_id)
    announce(persona_left, persona_id=persona_id)
    db.session.delete(row)
    db.session.flush()


def _rename(persona: Persona) -> None:
    """A name that the site draws, protected: who spoke with whom can be read, and not who it was."""
    persona.kind, persona.region = "protected", None
    persona.groups, persona.credentials = [], []
    attesting.forget(persona.id)
    for name in _free_names(persona.lang):
        try:
            with db.session.begin_nested():
                persona.name, persona.skeleton = name, skeleton(name)
                db.session.flush()
            return
        except IntegrityError:
            continue


def _free_names(lang: str) -> Iterator[str]:
    for _ in range(50):
        yield from personas.free_proposals(lang)
    # Every name is taken: one that says nothing, and that nobody chooses.
    while True:
        yield f"{proposals.propose(lang, 1)[0]}-{_CHANCE.randrange(100, 10_000)}"


def there() -> Sequence[str]:
    """Every name that might have been cut from its account since a backup."""
    return db.session.scalars(select(Persona.id).where(Persona.state == "active")).all()


def begin_again(choice: str, persona_id: str) -> None:
    """Cut a name from the account that an older backup brought back; its day is drawn anew."""
    member_id = vault.member_of(persona_id)
    if member_id is not None and db.session.get(Leaving, persona_id) is None:
        begin(member_id, persona_id, choice, _CHANCE.randint(1, WITHIN_DAYS))


def waiting() -> Sequence[str]:
    """Every name whose day is still to come."""
    return db.session.scalars(select(Leaving.persona_id)).all()


def with_words() -> Sequence[str]:
    """Every name whose words might have come back."""
    return db.session.scalars(select(Persona.id)).all()


def remove_words_again(persona_id: str) -> None:
    """Remove what an older backup brought back of a name."""
    archives.leave(persona_id, keep=False)


def address_of(member_id: str) -> tuple[str, str] | None:
    """Where to write that the account is closed, and in which language."""
    member = db.session.get_one(User, member_id)
    return (member.email, member.lang) if member.email else None
