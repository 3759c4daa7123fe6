"""Which sign-in elsewhere opens which account: found, added, taken away.

An address, a name or anything else that a provider says links nothing: only the exact issuer and the
name it has for somebody do, and only after a fresh sign-in on the account.
"""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from sqlalchemy import delete, select
from sqlalchemy.exc import IntegrityError

from community.accounts.members import User
from community.accounts.oidc.models import LinkedSignIn
from community.accounts.services import passkeys
from community.core.db import db
from community.core.errors import Conflict, NotFound
from community.core.store import settings

_ONLY_WAY = _l("This is the only way into your account. Set a password first.")


def member_of(hashed: bytes) -> User | None:
    """The member whom this sign-in opens."""
    linked = select(LinkedSignIn.member_id).where(LinkedSignIn.subject_hash == hashed)
    member_id = db.session.scalar(linked)
    return None if member_id is None else db.session.get(User, member_id)


def of_member(member_id: str) -> list[LinkedSignIn]:
    """The sign-ins that open this account, oldest first."""
    mine = select(LinkedSignIn).where(LinkedSignIn.member_id == member_id)
    return list(db.session.scalars(mine.order_by(LinkedSignIn.linked_on, LinkedSignIn.id)))


def issuers_of(member_id: str) -> frozenset[str]:
    """The issuers that know this member and check for themselves whom they let in."""
    vouching = {provider.issuer for provider in settings().providers if provider.vouches}
    return frozenset(row.issuer for row in of_member(member_id) if row.issuer in vouching)


def link(member_id: str, issuer: str, hashed: bytes) -> None:
    """Let this sign-in open this account. Said twice, it is there once.

    :raises Conflict: it opens another account.
    """
    try:
        with db.session.begin_nested():
            db.session.add(LinkedSignIn(member_id=member_id, issuer=issuer, subject_hash=hashed))
            db.session.flush()
    except IntegrityError:
        found = member_of(hashed)
        if found is None or found.id != member_id:
            raise Conflict(_l("This sign-in opens another account already.")) from None


def may_remove(member: User) -> bool:
    """Whether a way into this account remains when one of its linked sign-ins goes."""
    return _opens_without(member, sign_ins=1)


def may_remove_passkey(member: User) -> bool:
    """Whether a way into this account remains when one of its passkeys goes."""
    return _opens_without(member, keys=1)


def _opens_without(member: User, *, sign_ins: int = 0, keys: int = 0) -> bool:
    if member.password is not None:
        return True
    return len(of_member(member.id)) > sign_ins or len(passkeys.of(member.id)) > keys


def remove(member: User, link_id: str) -> None:
    """Take a sign-in away from an account.

    :raises NotFound: it is not theirs. :raises Conflict: it is the only way in.
    """
    mine = LinkedSignIn.id == link_id, LinkedSignIn.member_id == member.id
    if db.session.scalar(select(LinkedSignIn.id).where(*mine)) is None:
        raise NotFound
    _one_at_a_time(member)
    if not may_remove(member):
        raise Conflict(_ONLY_WAY)
    db.session.execute(delete(LinkedSignIn).where(*mine))


def remove_passkey(member: User, key: str) -> None:
    """Take a passkey away from an account.

    :raises NotFound: it is not theirs. :raises Conflict: it is the only way in.
    """
    _one_at_a_time(member)
    may = may_remove_passkey(member)
    passkeys.remove(member.id, key)
    if not may:
        raise Conflict(_ONLY_WAY)


def _one_at_a_time(member: User) -> None:
    """Whoever takes two ways away at once takes them one after the other, and the last one stays."""
    db.session.execute(select(User.id).where(User.id == member.id).with_for_update(key_share=True))
