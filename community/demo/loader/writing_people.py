"""Writing the people of the demonstration, in the transaction of the caller.

They come through the services of accounts, which tie their names to their accounts in the vault; titles are
written as rows, because services write as of now and these have dates of their own.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta

from community.accounts import services as accounts
from community.accounts.models import AFFILIATIONS, CLINICIANS, Credential, CredentialDecision, Persona
from community.accounts.viewer import OPERATOR
from community.core.db import db
from community.demo.loader.moments import Calendar
from community.demo.loader.people import Also, Person, Title, names
from community.forum.models import Space, SpaceMember

_READ = {
    "fr": "Nom et numéro vus au registre public de l’ordre (registre inventé, pour la démonstration).",
    "en": "Name and number seen in the college’s public register (an invented one, for the demonstration).",
}
_CALLED = {
    "fr": "Confirmé au numéro publié par l’organisme (inventé, pour la démonstration).",
    "en": "Confirmed at the number that the organization publishes (an invented one, for the demonstration).",
}


def add_person(person: Person, password_hash: str, since: date) -> None:
    """An account with its name, and its second one when it has one.

    :param since: the month from which the community knows the name.
    """
    member_id, persona_id, _code = accounts.bring_in(
        _wish(person), email=f"{person.id}@demo.invalid", password_hash=password_hash
    )
    _known_since(persona_id, since)
    if person.also is not None:
        second, _code = accounts.make_persona(member_id, _wish(person.also), vouched=True)
        _known_since(second.id, since)


def _wish(name: Person | Also) -> accounts.Wish:
    region = name.region if isinstance(name, Person) else ""
    return accounts.Wish(name.kind, name.name, name.groups, region or None, name.lang)


def _known_since(persona_id: str, since: date) -> None:
    persona = db.session.get_one(Persona, persona_id)
    persona.made_on = since.replace(day=1)
    db.session.flush()


def add_title(person: Person, ids: dict[str, str], deciders: Sequence[str], calendar: Calendar) -> None:
    """A title with its dated steps: claimed, then read in the register by two people."""
    title = person.credential
    if title is None:
        return
    since, until = _span(title, calendar)
    row = Credential(
        persona_id=ids[person.id],
        profession=title.profession,
        jurisdiction=title.jurisdiction,
        state="lapsed" if title.state == "expired" else title.state,
        since=None if title.state == "claimed" else since,
        until=until,
        claimed_at=since if title.state == "claimed" else since - timedelta(days=4),
        proof="" if title.state == "claimed" else "mailbox",
        proved_on=None if title.state == "claimed" else (since - timedelta(days=3)).date(),
    )
    db.session.add(row)
    db.session.flush()
    by = [ids[name] for name in deciders if name != person.id]
    for number, (decision, who, reason, at) in enumerate(_steps(person, title, by, since, until), 1):
        db.session.add(
            CredentialDecision(
                credential_id=row.id,
                number=number,
                decision=decision,
                by=who or row.persona_id,
                reason=reason,
                at=at,
            )
        )
    db.session.flush()


def _span(title: Title, calendar: Calendar) -> tuple[datetime, datetime | None]:
    since = calendar.at(-title.since_days, 10, 20)
    return since, None if title.until_days is None else calendar.at(title.until_days, 10, 20)


def _steps(
    person: Person, title: Title, by: Sequence[str], since: datetime, until: datetime | None
) -> Iterable[tuple[str, str, str, datetime]]:
    reason = (_CALLED if title.profession in AFFILIATIONS else _READ)[person.lang]
    if title.state == "claimed":
        yield "claimed", "", "", since
        return
    yield "claimed", "", "", since - timedelta(days=4)
    if len(by) > 1 and title.profession in CLINICIANS:
        yield "pending", by[1], reason, since - timedelta(days=2)
    yield "verified", by[0], reason, since
    if title.state == "expired" and until is not None:
        yield "lapsed", "calendar", "", until


def give_duties(person: Person, ids: dict[str, str]) -> None:
    """What the community entrusts to this person."""
    for duty in person.duties:
        name, _colon, scope = duty.partition(":")
        accounts.give_duty(OPERATOR, ids[person.id], name, scope)


def let_in(person: Person, ids: dict[str, str], spaces: dict[str, Space], calendar: Calendar) -> None:
    """The spaces the person belongs to or keeps, and those it is a guest of for some days."""
    for slug in person.member_of:
        join(spaces[slug], ids[person.id], "member")
    for slug in (slug for slug, space in spaces.items() if space.kind == "lived" and person.moderates(slug)):
        join(spaces[slug], ids[person.id], "keeper")
    for slug in person.guest_of:
        host = next((ids[other.id] for other in names().values() if _keeps(other, slug)), None)
        join(spaces[slug], ids[person.id], "guest", calendar.at(person.guest_days, 12), host)


def _keeps(name: Person | Also, slug: str) -> bool:
    return isinstance(name, Person) and name.moderates(slug)


def join(
    space: Space, persona_id: str, standing: str, until: datetime | None = None, by: str | None = None
) -> None:
    """Let a name into a space with this standing, until a day, invited by somebody."""
    row = db.session.get(SpaceMember, (space.id, persona_id))
    if row is None:
        row = SpaceMember(space_id=space.id, persona_id=persona_id)
        db.session.add(row)
    row.standing, row.until, row.invited_by = standing, until, by
    db.session.flush()
