"""Frozen facts about the persona that asks. Every rule is a function of a Viewer and a thing.

The anonymous visitor is a viewer too. Nothing here says which member is behind the persona.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from community.accounts import audiences
from community.accounts.models import Credential, Duty, Persona
from community.core import clock
from community.core.db import db


@dataclass(frozen=True)
class Viewer:
    """Who asks, as far as rules are concerned."""

    persona_id: str | None = None
    name: str = ""
    monogram: str = ""
    kind: str = "visitor"  # visitor, public, protected, operator
    audiences: frozenset[str] = frozenset({audiences.EVERYONE})
    duties: frozenset[str] = frozenset()  # coordinator, administrator
    moderates: frozenset[str] = frozenset()  # slugs of spaces
    region: str | None = None
    lang: str = "fr"
    # The profession and province of a verified title, for "you write as …"; empty otherwise.
    profession: str = ""
    jurisdiction: str = ""
    groups: frozenset[str] = field(default=frozenset())

    @property
    def signed_in(self) -> bool:
        """Whether a persona speaks."""
        return self.persona_id is not None

    @property
    def protected(self) -> bool:
        """Whether the speaking name is a protected one."""
        return self.kind == "protected"

    @property
    def coordinator(self) -> bool:
        """Whether this persona coordinates the community."""
        return "coordinator" in self.duties

    @property
    def administrator(self) -> bool:
        """Whether this persona administers the community."""
        return "administrator" in self.duties


VISITOR = Viewer()

# The command line of whoever runs the machine; audited under this name.
OPERATOR = Viewer(
    persona_id="operator",
    name="operator",
    kind="operator",
    audiences=frozenset(),
    duties=frozenset({"coordinator", "administrator"}),
)


def viewer_of(persona_id: str) -> Viewer | None:
    """The viewer that this persona is now; None when it is not active.

    One statement, as it is asked at every request: a persona has few groups, titles and duties. Upper
    domains add theirs.
    """
    persona = (
        db.session.scalars(
            select(Persona)
            .where(Persona.id == persona_id, Persona.state == "active")
            .options(joinedload(Persona.groups), joinedload(Persona.credentials), joinedload(Persona.duties))
            .execution_options(populate_existing=True)
        )
        .unique()
        .first()
    )
    if persona is None:
        return None
    return build(persona, persona.credentials, persona.duties, audiences.further(persona_id))


def build(persona: Persona, credentials: list[Credential], duties: list[Duty], further: set[str]) -> Viewer:
    """Put the facts of a persona together, as they are at this moment."""
    now = clock.now()
    groups = {row.group for row in persona.groups}
    held = [credential for credential in credentials if audiences.holds(credential, now)]
    return Viewer(
        persona_id=persona.id,
        name=persona.name,
        monogram=persona.monogram,
        kind=persona.kind,
        audiences=frozenset(
            {audiences.EVERYONE, audiences.MEMBER}
            | audiences.of_groups(groups)
            | audiences.of_credentials(credentials, now)
            | further
        ),
        duties=frozenset(duty.duty for duty in duties if not duty.scope),
        moderates=frozenset(duty.scope for duty in duties if duty.duty == "moderator"),
        region=persona.region,
        lang=persona.lang,
        profession=held[0].profession if held else "",
        jurisdiction=held[0].jurisdiction if held else "",
        groups=frozenset(groups),
    )
