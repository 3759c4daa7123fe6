"""Titles on their way: claimed, shown to be theirs, decided on by two who coordinate."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from community.accounts.models import Credential
from community.accounts.services import credentials
from community.accounts.services.credentials import Because
from community.accounts.services.credentials_steps import prove
from community.accounts.titles import Institution
from community.core import clock
from community.core.db import db, in_transaction, transaction
from tests import cast as people
from tests.cast import Someone

READ = "The register of the college, read today."
HOSPITAL = "hospital.example"
COORDINATORS = ("Ines Calder", "Otto Frame")


def _titled(name: str, profession: str, *groups: str, days_left: int = 300) -> Someone:
    someone = people.persona(name, groups=groups or (profession,))
    people.title(someone, profession, days_left=days_left)
    return someone


def _with_duty(name: str, duty: str = "coordinator") -> Someone:
    someone = people.persona(name)
    people.duty(someone, duty)
    return someone


_PEOPLE: dict[str, Callable[[], Someone]] = {
    "member": lambda: people.persona("Robin Tallgrass"),
    "claimed": lambda: people.persona("Hollis Grey", groups=["physician"]),
    "physician": lambda: _titled("Noemie Larch", "physician"),
    "expired": lambda: _titled("Theo Brook", "physician", days_left=-1),
    "social_worker": lambda: _titled("Sasha Field", "social_worker"),
    "lived": lambda: people.persona("Quiet-Alder", kind="protected", groups=["lived_experience"]),
    "policy": lambda: _titled("Perrine Vale", "government"),
    "coordinator": lambda: _with_duty("Solene Marsh"),
    "administrator": lambda: _with_duty("Desmond Oak", "administrator"),
    **{name: partial(_with_duty, name) for name in COORDINATORS},
}


class Few(dict[str, Someone]):
    """Those of the cast whom a test asks for, made when it does: a whole cast is slow to make."""

    def __missing__(self, name: str) -> Someone:
        """Make them, beside what the test has done so far and nobody has stored yet."""
        self[name] = _PEOPLE[name]()
        if not in_transaction():
            db.session.commit()
        return self[name]


def a_few() -> Few:
    """Nobody yet, and an institution whose mail counts."""
    with transaction():
        db.session.add(Institution(value=HOSPITAL, kind="domain", name="A hospital", added_on=clock.today()))
    return Few()


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
