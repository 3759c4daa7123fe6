"""Frozen facts about the persona that asks. Every rule is a function of a Viewer and a thing.

The anonymous visitor is a viewer too. Nothing here says which member is behind the persona.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache
from operator import attrgetter
from typing import Any, NamedTuple

from sqlalchemy import (
    BindParameter,
    CompoundSelect,
    Select,
    bindparam,
    cast,
    exists,
    func,
    literal,
    null,
    select,
    union_all,
)

from community.accounts import audiences
from community.accounts.models import PROFESSIONS, Credential, Duty, Persona, PersonaGroup
from community.core import clock
from community.core.changes import numbers
from community.core.changes.kept_answers import kept
from community.core.db import UtcDateTime
from community.core.prepared import Prepared, moment


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
    # The vault attests that a verified clinician speaks under this protected name; which one, nobody learns.
    attested: bool = False

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

    One statement, as it is asked at every request. Upper domains add theirs to it.
    """
    return _read(persona_id).viewer


def viewer_kept(persona_id: str) -> Viewer | None:
    """The same, kept while nothing changed of the persona and nothing it has came to its end."""
    known = numbers.of(persona_id)
    made_of = known and (known.people, known.spaces, known.own)
    found = kept(("viewer", persona_id), made_of, lambda: _read(persona_id), until=lambda read: read.until)
    return found.viewer


class _Found(NamedTuple):
    """A viewer, and when time alone changes what it may do."""

    viewer: Viewer | None
    until: datetime | None


def _read(persona_id: str) -> _Found:
    further = audiences.further()
    found: dict[str, list[_Fact]] = defaultdict(list)
    for row in _asked(further).rows_apart(persona_id=persona_id, now=clock.now()):
        found[row[0]].append(_Fact(*row))
    ends = min((moment(row.at) for row in found["end"]), default=None)
    return _Found(_viewer(persona_id, found, further), ends)


def _viewer(
    persona_id: str, found: dict[str, list[_Fact]], further: tuple[audiences.Admissions, ...]
) -> Viewer | None:
    if not found["persona"]:
        return None
    _what, name, kind, lang, region, _at = found["persona"][0]
    added = {
        audience
        for place, (_rows, admitted, _ends) in enumerate(further)
        for row in found[f"further {place}"]
        for audience in admitted(row.one, row.two)
    }
    return build(
        Persona(
            id=persona_id,
            name=name,
            kind=kind,
            lang=lang,
            region=region or None,
            attested=bool(found["attested"]),
        ),
        {row.one for row in found["group"]},
        [
            Credential(
                profession=row.one, jurisdiction=row.two, state=row.three, until=row.at and moment(row.at)
            )
            for row in sorted(found["title"], key=attrgetter("four"))
        ],
        [Duty(duty=row.one, scope=row.two) for row in found["duty"]],
        added,
    )


class _Fact(NamedTuple):
    """A row of the statement, as the driver gives it."""

    what: str
    one: str
    two: str
    three: str
    four: Any
    at: Any


@lru_cache
def _asked(further: tuple[audiences.Admissions, ...]) -> Prepared:
    return Prepared(lambda: _facts(further))


def _facts(further: tuple[audiences.Admissions, ...]) -> CompoundSelect[Any]:
    """All that is asked of ``persona_id`` at ``now``, each row with what it is about."""
    me: BindParameter[str] = bindparam("persona_id")
    speaks = exists().where(Persona.id == me, Persona.state == "active")
    region = func.coalesce(Persona.region, "")
    parts = [
        _fact("persona", Persona.name, Persona.kind, Persona.lang, region).where(
            Persona.id == me, Persona.state == "active"
        ),
        _fact("group", PersonaGroup.group).where(PersonaGroup.persona_id == me, speaks),
        _fact(
            "title",
            *(Credential.profession, Credential.jurisdiction, Credential.state, Credential.id),
            at=Credential.until,
        ).where(Credential.persona_id == me, speaks),
        _fact("duty", Duty.duty, Duty.scope).where(Duty.persona_id == me, speaks),
        _fact("attested").where(Persona.id == me, Persona.attested, Persona.state == "active"),
    ]
    now: BindParameter[datetime] = bindparam("now", type_=UtcDateTime())
    titles = select(Credential.until).where(Credential.persona_id == me, Credential.until > now)
    parts.append(_end(titles))
    for place, (rows, _admitted, ends) in enumerate(further):
        added = rows().subquery()
        parts += [_fact(f"further {place}", *added.c), _end(ends())]
    return union_all(*parts)


def _end(moments: Select[datetime | None]) -> Select[Any]:
    at = moments.subquery().c[0]
    return _fact("end", at=at).where(at.is_not(None))


def _fact(what: str, *said: Any, at: Any = None) -> Select[Any]:
    texts = [*said, *[literal("")] * (4 - len(said))]
    moment = cast(null(), UtcDateTime()) if at is None else at
    return select(
        literal(what).label("what"),
        *(text.label(name) for text, name in zip(texts, ("one", "two", "three", "four"), strict=True)),
        moment.label("at"),
    )


def build(
    persona: Persona, groups: set[str], credentials: list[Credential], duties: list[Duty], further: set[str]
) -> Viewer:
    """Put the facts of a persona together, as they are at this moment."""
    now = clock.now()
    duties = [] if audiences.SUSPENDED in further else duties
    held = [
        credential
        for credential in credentials
        if credential.profession in PROFESSIONS and audiences.holds(credential, now)
    ]
    return Viewer(
        persona_id=persona.id,
        name=persona.name,
        monogram=persona.monogram,
        kind=persona.kind,
        audiences=audiences.left_by_limits(
            frozenset(
                {audiences.EVERYONE, audiences.MEMBER}
                | audiences.of_groups(groups, credentials)
                | audiences.of_credentials(credentials, now)
                | audiences.of_attested(attested=persona.attested)
                | further
            )
        ),
        duties=frozenset(duty.duty for duty in duties if not duty.scope),
        moderates=frozenset(duty.scope for duty in duties if duty.duty == "moderator"),
        region=persona.region,
        lang=persona.lang,
        profession=held[0].profession if held else "",
        jurisdiction=held[0].jurisdiction if held else "",
        groups=frozenset(groups),
        attested=persona.attested,
    )
