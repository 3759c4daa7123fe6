"""What still opens an account after its password was forgotten and replaced.

A new password ends every session, and nothing else: a passkey that its owner added is the way in they have
left, and taking it away would lock out whoever lost both. One that a stranger added would stay, though. So
whoever comes in with the new password is told to look through the others, each of which a button removes.
"""

from __future__ import annotations

from flask import flash, session
from flask_babel import gettext as _

from community.accounts.members import User
from community.accounts.oidc import links
from community.accounts.services import rescue, second_factor

_MARK = "replaced"


def password_replaced() -> None:
    """Note in this browser that a password was replaced without the old one."""
    session[_MARK] = True


def remind(member: User) -> None:
    """Say at the first sign-in afterwards what else opens the account, where anything does."""
    if not session.pop(_MARK, False):
        return
    if second_factor.has_one(member.id) or links.of_member(member.id) or rescue.left(member.id):
        said = (
            _("The new password changed no other way in."),
            _(
                "Look through your passkeys, the app that shows codes, your rescue codes and other sign-ins,"
                " on the page of how you sign in, and remove what is not yours."
            ),
        )
        flash(said, "gold")  # type: ignore[arg-type]
