"""Coming back without any mail: codes shown once, each of which lets a member set a new password once.

A code has 100 random bits, so its hash needs neither salt nor key: a lost key file locks nobody out.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

from flask_babel import lazy_gettext as _l
from sqlalchemy import delete, func, select

from community.accounts import proposals
from community.accounts.members import RescueCode, SignIn, User
from community.accounts.services import second_factor
from community.core.db import db
from community.core.errors import Invalid
from community.core.ids import new_key

HOW_MANY = 8


def draw() -> list[str]:
    """As many codes as a member holds, kept nowhere yet."""
    return [proposals.recovery_code() for _ in range(HOW_MANY)]


def code_hash(code: str) -> str:
    """What is kept of a code, however its groups were typed."""
    letters = "".join(c for c in code.upper() if c.isalnum())
    return hashlib.sha256(f"rescue code\n{letters}".encode()).hexdigest()


def keep(member_id: str, codes: Sequence[str]) -> None:
    """Make these the codes of a member; those from before open nothing any more."""
    db.session.execute(delete(RescueCode).where(RescueCode.member_id == member_id))
    db.session.add_all(RescueCode(code_hash=code_hash(code), member_id=member_id) for code in codes)
    db.session.flush()


def left(member_id: str) -> int:
    """How many codes a member has not used."""
    mine = select(func.count()).select_from(RescueCode).where(RescueCode.member_id == member_id)
    return db.session.scalar(mine) or 0


def use(member_id: str, code: str) -> bool:
    """Use up a code of a member; whether there was such a code."""
    mine = delete(RescueCode).where(
        RescueCode.code_hash == code_hash(code), RescueCode.member_id == member_id
    )
    return db.session.scalar(mine.returning(RescueCode.code_hash)) is not None


def come_back(sign_in_name: str, code: str, password_hash: str) -> User:
    """Set a new password by a code, which is used up; every session of the member ends. Returns who it is.

    Asks the database for the same rows whether or not anybody has that name.

    :raises Invalid: the name and the code do not go together, or the code was used.
    """
    member = _of_name(sign_in_name)
    member_id = member.id if member else ""
    # With an address, codes serve the second step alone: they would be password and second step at once.
    if second_factor.has_one(member_id) and member is not None and member.email:
        member_id = ""
    used = use(member_id, code)
    if member is None or not member.active or not used:
        raise Invalid("code", _l("The name and the code do not go together, or the code was used before."))
    member.password, member.fs_uniquifier = password_hash, new_key()
    db.session.execute(delete(SignIn).where(SignIn.member_id == member.id))
    return member


def _of_name(typed: str) -> User | None:
    """The member of a sign-in name or, where codes were made for such an account, of an address."""
    column = User.email if "@" in typed else User.username
    return db.session.scalar(select(User).where(column == proposals.as_kept(typed)))
