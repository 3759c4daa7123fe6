"""The names a member writes under: made, changed, left behind, found again by their code.

Who asks is a member, by an id that never leaves accounts; ``require`` says whether the name is theirs.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from flask_babel import lazy_gettext as _l
from sqlalchemy import delete, select
from sqlalchemy.exc import IntegrityError

from community.accounts import proposals, vault
from community.accounts.audiences import speaks_as_professional
from community.accounts.members import User
from community.accounts.models import GROUPS, LIVED, PROFESSIONAL_GROUPS, Duty, Persona, PersonaGroup
from community.accounts.names import fault_of, skeleton, tidy_name
from community.accounts.services import attesting, duties, likeness
from community.accounts.services.credentials_ends import leave as end_vouched
from community.accounts.signals import member_joined, persona_left
from community.core import archives, clock
from community.core.access import require
from community.core.announce import announce
from community.core.db import db
from community.core.errors import Conflict, Invalid, NotFound
from community.core.jobs import enqueue_one
from community.core.regions import REGIONS
from community.operations import erasures


@dataclass(frozen=True)
class Wish:
    """The name somebody asks for, before it is a persona."""

    kind: str  # public or protected
    name: str
    groups: tuple[str, ...] = ()
    region: str | None = None
    lang: str = "fr"


def check_form(wish: Wish, *, proposed: bool = True) -> None:
    """Whether this name, these groups and this region may stand together; asks nothing of the database.

    :param proposed: a protected name has to be one of those that this site proposes.
    :raises Invalid: with the field and what to do.
    """
    if wish.kind not in {"public", "protected"}:
        raise Invalid("kind", _l("Choose how you want to take part."))
    fault = fault_of(tidy_name(wish.name), wish.kind)
    if fault is not None:
        raise Invalid("name", fault)
    if wish.kind == "protected" and proposed and not proposals.is_proposed(wish.name):
        raise Invalid("proposed", _l("Choose one of the names that the site proposes."))
    check_groups(wish.groups)
    _check_region(wish.region)


def check_groups(groups: Collection[str], field: str = "groups") -> None:
    """:raises Invalid: an unknown group, or lived experience beside a profession on one name."""
    chosen = set(groups)
    if chosen - set(GROUPS):
        raise Invalid(field, _l("Choose groups from the list."))
    if chosen & LIVED and chosen & PROFESSIONAL_GROUPS:
        raise Invalid(
            field,
            _l(
                "On one name, lived experience cannot stand beside a profession of care. "
                "Take a protected name for the one or the other."
            ),
        )


def _check_region(region: str | None) -> None:
    if region and region not in REGIONS:
        raise Invalid("region", _l("Choose a region from the list."))


def free_proposals(lang: str, how_many: int = 6) -> list[str]:
    """Neutral names that nobody writes under."""
    asked = {skeleton(name): name for name in proposals.propose(lang, how_many * 2)}
    taken = set(db.session.scalars(select(Persona.skeleton).where(Persona.skeleton.in_(asked))))
    return sorted(name for read, name in asked.items() if read not in taken)[:how_many]


def make(member_id: str, wish: Wish, *, vouched: bool = False) -> tuple[Persona, str]:
    """Make a name and tie it to its member. Returns it with its recovery code, to be shown once.

    :param vouched: whoever loads it answers for the name (demonstration, import).
    :raises Invalid: the name cannot be taken. :raises Conflict: there is a public one, or sixteen.
    """
    hold(member_id)
    owned = names_of(member_id)
    if not vouched:
        check_form(wish)
        if likeness.is_anothers(wish.name):
            raise Invalid("name", _l("Another member writes under a name that looks like this one."))
    if wish.kind == "public" and any(persona.kind == "public" for persona in owned):
        raise Conflict(_l("You have a public name already; any other is a protected one."))
    persona = _new(wish)
    code = _give_code(persona)
    try:
        with db.session.begin_nested():
            db.session.add(persona)
            db.session.flush()
    except IntegrityError:
        raise Invalid("name", _l("Another member writes under a name that looks like this one.")) from None
    try:
        vault.link(member_id, persona.id, None if vault.personas_of(member_id) else 0)
    except Conflict:
        raise Conflict(_l("A member may hold sixteen names, and you do.")) from None
    announce(member_joined, persona_id=persona.id)
    return persona, code


def hold(member_id: str) -> None:
    """The account stays while a name is tied to it. :raises NotFound: it was closed a moment ago."""
    kept = select(User.id).where(User.id == member_id).with_for_update(read=True, key_share=True)
    if db.session.scalar(kept) is None:
        raise NotFound


def _new(wish: Wish) -> Persona:
    name = tidy_name(wish.name)
    return Persona(
        name=name,
        skeleton=skeleton(name),
        kind=wish.kind,
        state="active",
        region=wish.region or None,
        lang=wish.lang,
        made_on=clock.today().replace(day=1),
        groups=[PersonaGroup(group=code) for code in sorted(set(wish.groups))],
    )


def code_hash(code: str) -> str:
    """What is kept of a recovery code. It needs no key and no salt: the code has 100 random bits."""
    letters = "".join(c for c in code.upper() if c.isalnum())
    return hashlib.sha256(f"recovery code\n{letters}".encode()).hexdigest()


def lacks_code(persona_id: str) -> bool:
    """Whether nothing could bring this name back if the site lost its key."""
    return db.session.scalar(select(Persona.recovery_hash).where(Persona.id == persona_id)) is None


def _give_code(persona: Persona) -> str:
    code = proposals.recovery_code()
    persona.recovery_hash = code_hash(code)
    return code


def names_of(member_id: str) -> list[Persona]:
    """The active names of a member, the first one first."""
    ids = [persona_id for _, persona_id in sorted(vault.personas_of(member_id).items())]
    rows = db.session.scalars(select(Persona).where(Persona.id.in_(ids), Persona.state == "active"))
    by_id = {row.id: row for row in rows}
    return [by_id[persona_id] for persona_id in ids if persona_id in by_id]


def _theirs(member_id: str, persona_id: str) -> Persona:
    found = [persona for persona in names_of(member_id) if persona.id == persona_id]
    require(bool(found))
    return found[0]


def new_recovery_code(member_id: str, persona_id: str) -> str:
    """A new code for a name, to be shown once; the one before opens nothing any more."""
    return _give_code(_theirs(member_id, persona_id))


def describe(member_id: str, persona_id: str, groups: Sequence[str], region: str | None) -> None:
    """Change the groups and the region of a name. :raises Invalid: they cannot stand together."""
    persona = _theirs(member_id, persona_id)
    check_groups([*groups, *titles_of(persona)])
    _check_region(region)
    if set(groups) & LIVED and attesting.is_asked(persona_id):
        raise Invalid("groups", _l("This name writes as a verified clinician. Give that up first."))
    wanted = set(groups)
    kept = [row for row in persona.groups if row.group in wanted]
    new = wanted - {row.group for row in kept}
    persona.groups = [*kept, *(PersonaGroup(group=code) for code in sorted(new))]
    persona.region = region or None


def titles_of(persona: Persona) -> set[str]:
    """The professions of its titles that wait or hold."""
    return {one.profession for one in persona.credentials if speaks_as_professional(one)}


def leave(member_id: str, persona_id: str) -> None:
    """Leave a name behind: what it wrote stays, under "former member"; there is no way back.

    :raises Conflict: it is the last administrator.
    """
    persona = _theirs(member_id, persona_id)
    for duty in list(db.session.scalars(select(Duty).where(Duty.persona_id == persona_id))):
        duties.end(persona_id, duty)
    vault.unlink(member_id, persona_id)
    persona.recovery_hash = None
    archives.leave(persona_id, keep=True)  # what holds the name is found by it
    retire(persona)
    announce(persona_left, persona_id=persona_id)
    erasures.record("persona", persona_id)


def there() -> Sequence[str]:
    """Every name that was not left."""
    return db.session.scalars(select(Persona.id).where(Persona.state == "active")).all()


def leave_again(persona_id: str) -> None:
    """Leave a name that an older backup brought back; nothing stands in the way, not even a duty."""
    member_id = vault.member_of(persona_id)
    if member_id is not None:
        vault.unlink(member_id, persona_id)
    db.session.execute(delete(Duty).where(Duty.persona_id == persona_id))
    persona = db.session.get_one(Persona, persona_id)
    persona.recovery_hash = None
    archives.leave(persona_id, keep=True)  # what holds the name is found by it
    retire(persona)
    announce(persona_left, persona_id=persona_id)


def retire(persona: Persona) -> None:
    """Make a persona a former member: its name, region, groups and titles are forgotten.

    Where a recovery code can still bring it back (the vault was lost), name and groups are kept for
    that day and shown to nobody.
    """
    persona.state = "former"
    attesting.forget(persona.id)
    if persona.recovery_hash is None:
        end_vouched(persona.id, keep=True)
        persona.name, persona.skeleton, persona.region = "", None, None
        persona.groups, persona.credentials = [], []


def recover(member_id: str, code: str) -> Persona:
    """Take a name back after the vault was lost, by the code shown when the name was made.

    :raises Invalid: no name waits for this code.
    """
    hold(member_id)
    persona = db.session.scalar(
        select(Persona).where(Persona.recovery_hash == code_hash(code), Persona.state == "former")
    )
    if persona is None or vault.member_of(persona.id) is not None:
        raise Invalid("code", _l("No name waits for this code. Check each group of five, then try again."))
    owned = names_of(member_id)
    if persona.kind == "public" and any(other.kind == "public" for other in owned):
        raise Conflict(_l("You have a public name already; any other is a protected one."))
    vault.link(member_id, persona.id, None if owned else 0)
    enqueue_one("accounts.forget_order_again")
    persona.state = "active"
    return persona
