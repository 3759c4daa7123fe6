"""Titles on their way: claimed, shown to be theirs, decided on by two who coordinate."""

from __future__ import annotations

from community.accounts.models import Credential
from community.accounts.services import credentials
from community.accounts.services.credentials import Because
from community.accounts.services.credentials_steps import prove
from community.accounts.titles import Institution
from community.core import clock
from community.core.db import db, transaction
from tests import cast as people
from tests.cast import Someone

READ = "The register of the college, read today."
HOSPITAL = "hospital.example"
COORDINATORS = ("Ines Calder", "Otto Frame")


def cast_with_coordinators() -> dict[str, Someone]:
    """The cast, two more who coordinate, and an institution whose mail counts."""
    found = people.assemble()
    with transaction():
        db.session.add(Institution(value=HOSPITAL, kind="domain", name="A hospital", added_on=clock.today()))
        for name in COORDINATORS:
            found[name] = people.persona(name)
            people.duty(found[name], "coordinator")
    return found


def claim(who: Someone, profession: str = "physician", place: str = "on", **more: str) -> Credential:
    """A title that somebody claims."""
    return credentials.claim(who.viewer, profession, place, "12345", **more)


def decide(
    who: Someone, row: Credential, decision: str = "verified", code: str = "register", *, spoke: bool = False
) -> Credential:
    """What a coordinator decides."""
    return credentials.decide(who.viewer, row, decision, Because(READ, code), spoke=spoke)


def verified(who: Someone, cast: dict[str, Someone], profession: str = "physician") -> Credential:
    """A title that went all its way."""
    row = claim(who, profession)
    prove(row, "mailbox")
    for name in COORDINATORS:
        if row.state != "verified":
            decide(cast[name], row)
    return row
