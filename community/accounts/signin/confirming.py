"""The button that confirms an address, with the password of whoever asked to join.

Anybody can ask to join under any address, and the latest request takes the place of one nobody confirmed.
So the link in the mail shows that the address is right, and the password that both come from one person:
without it, who presses the button could open an account that somebody else holds the key of.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from flask import Response, render_template, request
from flask_babel import gettext as _
from flask_security.confirmable import confirm_email_token_status
from flask_wtf import FlaskForm
from sqlalchemy.orm.exc import StaleDataError

from community.accounts.members import User
from community.accounts.signin.forms import password_field
from community.accounts.signin.passwords import normal
from community.core.db import db
from community.core.limits import by_place, limiter
from community.core.sealing import tag

View = Callable[..., Any]

_MOST = "10 per 15 minutes"


class ConfirmForm(FlaskForm):  # type: ignore[misc]
    """The password that was chosen when joining."""

    password = password_field("current-password")

    def opens(self, member: User) -> bool:
        """Whether this is the password that was chosen with the request; says so beside the field."""
        if not self.validate():
            return False
        if member.verify_and_update_password(normal(self.password.data or "")):
            return True
        said = _("This is not the password that was chosen with the latest request under this address.")
        self.password.errors = [said]
        return False


def waiting(token: str) -> User | None:
    """Who waits to be confirmed by this link; nobody when it is too old, used or made up."""
    expired, invalid, member = confirm_email_token_status(token)  # type: ignore[no-untyped-call]
    if expired or invalid or member is None or member.confirmed_at is not None:
        return None
    found: User = member
    return found


def asks_first(view: View) -> View:
    """A link in a mail changes nothing by being opened: programs open links too. A button confirms."""

    @wraps(view)
    def guarded(token: str) -> Any:
        member = waiting(token)
        if member is None:
            return view(token=token)
        form = ConfirmForm()
        if request.method == "POST" and form.opens(member):
            return _confirmed(view, token)
        page = render_template("accounts/confirm.html", token=token, form=form)
        return page, 422 if form.errors else 200, {"Cache-Control": "no-store"}

    return limiter.limit(_MOST, key_func=_by_request, methods=["POST"], deduct_when=_guessed)(guarded)


def _confirmed(view: View, token: str) -> Any:
    try:
        return view(token=token)
    except StaleDataError:  # another request took its place while the password was looked at
        db.session.rollback()
        return view(token=token)


def _by_request() -> str:
    """Counts guesses at the password of one request to join, wherever they come from."""
    member = waiting((request.view_args or {}).get("token", ""))
    return "c:" + tag("limit", member.id).hex()[:32] if member is not None else by_place()


def _guessed(response: Response) -> bool:
    """Only a wrong password counts, not a link that leads nowhere."""
    return response.status_code not in {302, 303}
