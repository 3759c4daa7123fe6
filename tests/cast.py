"""The cast: the people that every rule is asked about, in the words of the product.

Each test works with the same few: who owns, who belongs, who must see nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from flask.testing import FlaskClient

from community.accounts import session, vault
from community.accounts.members import User
from community.accounts.models import Credential, Duty, Persona, PersonaGroup
from community.accounts.viewer import VISITOR, Viewer, viewer_of
from community.core import clock
from community.core.db import db, transaction
from community.core.ids import new_key

# In the order in which rule tables list them.
NAMES = (
    "visitor",  # nobody signed in
    "member",  # a member of the public, no title
    "claimed",  # says she is a physician; nobody checked
    "physician",  # a verified family physician in Ontario
    "expired",  # his title lapsed yesterday
    "social_worker",  # a verified professional who is not a clinician
    "lived",  # a protected name of a person with lived experience
    "also_lived",  # the public name of that same person
    "moderator",  # a person with lived experience who moderates that space
    "coordinator",  # verifies titles
    "administrator",  # keeps the structure
    "policy",  # works for a ministry, which was verified
)


@dataclass(frozen=True)
class Someone:
    """One of the cast: the persona, and the member behind it (None for the visitor)."""

    name: str
    persona_id: str | None = None
    member_id: str | None = None

    @property
    def viewer(self) -> Viewer:
        """Who they are to the rules, now."""
        if self.persona_id is None:
            return VISITOR
        found = viewer_of(self.persona_id)
        assert found is not None
        return found

    def signs_in(self, client: FlaskClient) -> FlaskClient:
        """Make this browser theirs."""
        if self.persona_id is None or self.member_id is None:
            return client
        with transaction():
            # By more than a password: duties wait for it.
            values = session.new_values(self.member_id, self.persona_id, strong=True)
        with client.session_transaction() as cookie:
            cookie.clear()
            cookie.update(values)
        return client


def member(email: str | None = None, **more: object) -> User:
    """A member with a confirmed address."""
    row = User(
        email=email or f"{new_key().lower()}@example.org",
        fs_uniquifier=new_key(),
        active=True,
        confirmed_at=clock.now(),
        joined_at=clock.now(),
        **more,
    )
    db.session.add(row)
    db.session.flush()
    return row


def persona(
    name: str,
    *,
    kind: str = "public",
    groups: Sequence[str] = ("public",),
    region: str | None = None,
    owner: User | None = None,
    slot: int | None = 0,
) -> Someone:
    """A persona and, unless ``owner`` is given, a new member behind it."""
    owner = owner or member()
    row = Persona(
        name=name,
        skeleton=name.lower(),
        kind=kind,
        region=region,
        lang="en",
        made_on=clock.today().replace(day=1),
        groups=[PersonaGroup(group=code) for code in groups],
    )
    db.session.add(row)
    db.session.flush()
    vault.link(owner.id, row.id, slot)
    return Someone(name, row.id, owner.id)


def title(who: Someone, profession: str, *, state: str = "verified", days_left: int = 300) -> Credential:
    """A professional title of this persona; ``days_left`` below zero has lapsed."""
    row = Credential(
        persona_id=who.persona_id,
        profession=profession,
        jurisdiction="on",
        state=state,
        since=None if state == "claimed" else clock.now() - timedelta(days=60),
        until=None if state == "claimed" else clock.now() + timedelta(days=days_left),
    )
    db.session.add(row)
    db.session.flush()
    return row


def duty(who: Someone, name: str, scope: str = "") -> None:
    """Something the community entrusts to this persona."""
    db.session.add(Duty(persona_id=who.persona_id, duty=name, scope=scope, given_on=clock.today()))
    db.session.flush()


# The cast of the database that a test uses, where it stands there already.
standing: dict[str, Someone] | None = None


def assemble() -> dict[str, Someone]:
    """The whole cast, in an open transaction or in one of its own."""
    if standing is not None:
        return dict(standing)
    with transaction():
        cast = {"visitor": Someone("visitor"), **_people()}
    return {name: cast[name] for name in NAMES}


def _people() -> dict[str, Someone]:
    someone = member()
    found = {
        "member": persona("Robin Tallgrass"),
        "claimed": persona("Hollis Grey", groups=["physician"]),
        "physician": persona("Noemie Larch", groups=["physician"], region="on"),
        "expired": persona("Theo Brook", groups=["physician"]),
        "social_worker": persona("Sasha Field", groups=["social_worker"]),
        "lived": persona("Quiet-Alder", kind="protected", groups=["lived_experience"], owner=someone, slot=1),
        "also_lived": persona("Alex Orchard", owner=someone, slot=0),
        "moderator": persona("Far-Lake", kind="protected", groups=["lived_experience"]),
        "coordinator": persona("Solene Marsh"),
        "administrator": persona("Desmond Oak"),
        "policy": persona("Perrine Vale", groups=["government"]),
    }
    title(found["claimed"], "physician", state="claimed")
    title(found["physician"], "physician")
    title(found["expired"], "physician", days_left=-1)
    title(found["social_worker"], "social_worker")
    title(found["policy"], "government")
    duty(found["moderator"], "moderator", "lived-experience")
    duty(found["coordinator"], "coordinator")
    duty(found["administrator"], "administrator")
    return found
