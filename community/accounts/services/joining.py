"""Becoming a member: what was agreed to, and the first name, which exists once the address is confirmed."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Sequence
from datetime import timedelta

from flask_babel import lazy_gettext as _l
from sqlalchemy import delete, select

from community.accounts import turns
from community.accounts.members import Consent, User
from community.accounts.models import Persona
from community.accounts.services import personas
from community.accounts.services.personas import Wish
from community.core import clock
from community.core.db import db
from community.core.errors import Conflict, Invalid
from community.core.ids import new_key
from community.core.sealing import CannotUnseal, seal, unseal
from community.core.texts import FOLDER
from community.operations import erasures

# Each is asked, given and withdrawn by itself; the first two are needed to take part.
NEEDED = ("charter", "age")
OPTIONAL = ("notifications", "research")
_TEXT_OF = {"charter": "charter", "age": "charter", "notifications": "privacy", "research": "privacy"}

UNCONFIRMED_FOR = timedelta(days=7)
_SEAL = "joining"
_LENGTH = 640  # every wish is padded to this, so that its length says nothing


def text_version(name: str, lang: str) -> str:
    """The version of one of the site's texts: the start of the SHA-256 of its file."""
    return hashlib.sha256((FOLDER / f"{name}.{lang}.md").read_bytes()).hexdigest()[:16]


def begin(member: User, wish: Wish, agreed: Collection[str]) -> None:
    """Keep what a new member agreed to and, sealed, the name they ask for.

    :raises Invalid: something that is needed was not agreed to, or the name cannot be taken.
    """
    if set(NEEDED) - set(agreed):
        raise Invalid("charter", _l("To take part, agree to the charter and confirm your age."))
    personas.check_form(wish)
    db.session.flush()  # consents and the seal need the member's id
    for purpose in agreed:
        agree(member.id, purpose, member.lang)
    member.wish = _sealed(member.id, wish)


def agree(member_id: str, purpose: str, lang: str) -> None:
    """Keep one consent: one purpose, the version and language of the text, the hour."""
    db.session.add(
        Consent(
            member_id=member_id,
            purpose=purpose,
            text_version=text_version(_TEXT_OF[purpose], lang),
            lang=lang,
            given_at=clock.now(),
        )
    )


def consents_of(member_id: str) -> list[Consent]:
    """What a member agreed to and has not withdrawn, and what they have, oldest first."""
    return list(
        db.session.scalars(
            select(Consent).where(Consent.member_id == member_id).order_by(Consent.given_at, Consent.purpose)
        )
    )


def has_agreed(member_id: str, purpose: str) -> bool:
    """Whether a member agrees to this, now."""
    found = select(Consent.id).where(
        Consent.member_id == member_id, Consent.purpose == purpose, Consent.withdrawn_at.is_(None)
    )
    return db.session.scalar(found.limit(1)) is not None


def who_agrees(member_ids: Collection[str], purpose: str) -> frozenset[str]:
    """Those of these members who agree to this, now."""
    found = select(Consent.member_id).where(
        Consent.member_id.in_(member_ids), Consent.purpose == purpose, Consent.withdrawn_at.is_(None)
    )
    return frozenset(db.session.scalars(found))


def whose_text_changed(consents: Sequence[Consent]) -> frozenset[str]:
    """Of what these consents of one member agree to, that whose text is another one today, in whatever
    language it was read."""
    held = [row for row in consents if row.withdrawn_at is None]
    as_today = {
        row.purpose for row in held if row.text_version == text_version(_TEXT_OF[row.purpose], row.lang)
    }
    return frozenset(row.purpose for row in held) - as_today


def choose(member_id: str, purpose: str, given: bool, lang: str) -> None:
    """Give or withdraw a consent; saying the same twice changes nothing, but for a text that changed.

    :raises Invalid: there is no such purpose, or it is needed to take part and cannot be withdrawn here.
    """
    if purpose not in OPTIONAL and not (given and purpose in NEEDED):
        raise Invalid("purpose", _l("Choose from the list."))
    turns.of_member(member_id)
    kept = consents_of(member_id)
    if given:
        if not has_agreed(member_id, purpose) or purpose in whose_text_changed(kept):
            agree(member_id, purpose, lang)
        return
    for consent in kept:
        if consent.purpose == purpose and consent.withdrawn_at is None:
            consent.withdrawn_at = clock.now()


def complete(member: User) -> Persona | None:
    """Make the first name of a member whose address was just confirmed.

    None when somebody took it meanwhile: the member is asked for another at the first sign-in.
    """
    wish = _opened(member)
    member.wish = None
    if wish is None:
        return None
    try:
        persona, _code = personas.make(member.id, wish)
    except (Invalid, Conflict):
        return None
    # A code is shown to its owner or to nobody: the first one is made on the page of names.
    persona.recovery_hash = None
    return persona


def _sealed(member_id: str, wish: Wish) -> bytes:
    plain = json.dumps([wish.kind, wish.name, wish.groups, wish.region, wish.lang], ensure_ascii=False)
    return seal(_SEAL, plain.encode().ljust(_LENGTH), member_id.encode())


def _opened(member: User) -> Wish | None:
    if member.wish is None:
        return None
    try:
        plain = unseal(_SEAL, member.wish, member.id.encode())
    except CannotUnseal:
        return None
    kind, name, groups, region, lang = json.loads(plain)
    return Wish(kind, name, tuple(groups), region, lang)


def bring_in(
    wish: Wish, *, email: str | None = None, username: str | None = None, password_hash: str | None = None
) -> tuple[str, str, str]:
    """A member whose address needs no confirming (command line, demonstration), with the first name.

    Returns the ids of the member and of the persona, and the recovery code.
    """
    member = User(
        id=new_key(),
        email=email,
        username=username,
        password=password_hash,
        active=True,
        fs_uniquifier=new_key(),
        confirmed_at=clock.now(),
        lang=wish.lang,
    )
    db.session.add(member)
    db.session.flush()
    for purpose in NEEDED:
        agree(member.id, purpose, wish.lang)
    persona, code = personas.make(member.id, wish, vouched=True)
    return member.id, persona.id, code


def forget_unconfirmed() -> int:
    """Drop accounts whose address nobody confirmed within a week. Returns how many."""
    old = select(User.id).where(User.confirmed_at.is_(None), User.joined_at < clock.now() - UNCONFIRMED_FOR)
    ids = list(db.session.scalars(old))
    forget(ids)
    return len(ids)


def forget(ids: Sequence[str]) -> None:
    """Empty these accounts: whatever points at a member goes with it, and stays gone after a restore."""
    _forget(ids)
    erasures.record("member", *ids)


def _forget(ids: Sequence[str]) -> None:
    db.session.execute(delete(Consent).where(Consent.member_id.in_(ids)))
    db.session.execute(delete(User).where(User.id.in_(ids)))


def there() -> Sequence[str]:
    """Every account there is."""
    return db.session.scalars(select(User.id)).all()


def forget_again(member_id: str) -> None:
    """Drop an account that an older backup brought back."""
    _forget([member_id])
