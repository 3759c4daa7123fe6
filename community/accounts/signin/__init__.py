"""Signing in: Flask-Security's pages in our words, our design and our two languages.

Of it we use joining, confirming, password, reset, change and the second asking for the password; the
second step is ours, in ``second_step``.
What it does with sessions is replaced by ``accounts.session``, its mail by ``letters``, its rules for
passwords by ``passwords``.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from flask import Flask, flash, g, render_template, request
from flask_babel import gettext as _
from flask_security import Security
from flask_security.signals import (
    password_reset,
    user_authenticated,
    user_confirmed,
    user_registered,
)
from flask_wtf import FlaskForm

from community.accounts import session as sessions
from community.accounts.guards import FRESH
from community.accounts.members import User
from community.accounts.services import devices, joining, passkeys, personas, rescue
from community.accounts.session import first_names
from community.accounts.signin import archive, arrivals, datastore, doors, forms, letters, other_ways, record
from community.accounts.signin.letters import Letters
from community.accounts.signin.messages import MESSAGES
from community.accounts.signin.passwords import SHORTEST, Passwords
from community.accounts.signin.second_step import SecondStep
from community.core import clock
from community.core.i18n import PREFIX

_PAGES = {
    "LOGIN_URL": "/sign-in",
    "LOGOUT_URL": "/sign-out",
    "REGISTER_URL": "/join",
    "CONFIRM_URL": "/confirm",
    "RESET_URL": "/password/forgotten",
    "CHANGE_URL": "/password/change",
    "VERIFY_URL": "/sign-in/again",
    "POST_LOGIN_VIEW": "core.home",
    "POST_LOGOUT_VIEW": "core.home",
    "POST_REGISTER_VIEW": "accounts.joined",
    "POST_CONFIRM_VIEW": "security.login",
    "POST_RESET_VIEW": "security.login",
    "POST_CHANGE_VIEW": "accounts.names",
    "POST_VERIFY_VIEW": "accounts.names",
}
_LETTERS = {
    "REGISTER_EMAIL_TEMPLATE": "confirm",
    "REGISTER_EMAIL_EXISTING_TEMPLATE": "known",
    "EMAIL_TEMPLATE_CONFIRM": "confirm",
    "EMAIL_TEMPLATE_PASSWORD_RESET": "reset",
    "EMAIL_TEMPLATE_PASSWORD_RESET_NOTICE": "changed",
    "EMAIL_TEMPLATE_PASSWORD_CHANGE_NOTICE": "changed",
    # The words are ours, in the member's language: nothing is rendered by Flask-Security.
    "EMAIL_PLAINTEXT": False,
    "EMAIL_HTML": False,
}
_CHOICES: dict[str, Any] = {
    "URL_PREFIX": PREFIX,
    "STATIC_FOLDER": None,
    "CLI_USERS_NAME": None,
    "CLI_ROLES_NAME": None,
    "CONFIRMABLE": True,
    "REGISTERABLE": True,
    "RECOVERABLE": True,
    "CHANGEABLE": True,
    "RETURN_GENERIC_RESPONSES": True,
    "PASSWORD_CONFIRM_REQUIRED": False,
    "PASSWORD_LENGTH_MIN": SHORTEST,
    "PASSWORD_SCHEMES": ["argon2", "plaintext"],
    # The hash depends on nothing but the password, or a new key file would lock everybody out.
    "PASSWORD_SINGLE_HASH": True,
    # Binds a signed link to the state of the account; what is hashed is no password.
    "HASHING_SCHEMES": ["hex_sha256"],
    "EMAIL_VALIDATOR_ARGS": {"check_deliverability": False},
    "CONFIRM_EMAIL_WITHIN": timedelta(days=2),
    "RESET_PASSWORD_WITHIN": timedelta(minutes=30),
    "FRESHNESS": FRESH,
    "FRESHNESS_GRACE_PERIOD": timedelta(0),  # a page that is opened makes no password younger
    "API_ENABLED_METHODS": ["session"],
    "JOIN_USER_ROLES": False,
    "DATETIME_FACTORY": clock.now,
    "I18N_DOMAIN": "messages",
    "USER_IDENTITY_ATTRIBUTES": [{"email": {"mapper": lambda typed: typed, "case_insensitive": False}}],
}


def init_app(app: Flask) -> None:
    """Wire Flask-Security; call it after ``session.init_app``."""
    folder = str(app.extensions["root"] / "community" / "translations")
    settings = {**_PAGES, **_LETTERS, **_CHOICES, "I18N_DIRNAME": [folder]}
    messages = {f"MSG_{name}": words for name, words in MESSAGES.items()}
    for name, value in {**settings, **messages}.items():
        app.config.setdefault(f"SECURITY_{name}", value)
    security = Security(
        app,
        datastore.Members(),
        login_form=forms.SignInForm,
        verify_form=forms.AgainForm,
        register_form=forms.JoinForm,
        forgot_password_form=forms.ForgottenForm,
        reset_password_form=forms.NewPasswordForm,
        change_password_form=forms.ChangeForm,
        send_confirmation_form=forms.ConfirmAgainForm,
        mail_util_cls=Letters,
        password_util_cls=Passwords,
        render_template=_page,
    )
    security.two_factor_plugins = SecondStep()
    security.want_json(lambda _request: False)
    security.login_manager.user_loader(sessions.member_of_cookie)
    security.login_manager._request_callback = None  # no token opens a session here
    # Roles are of nobody here: no request asks for the row of a member to look for some.
    security.principal.identity_loaders.clear()
    app.jinja_env.globals["passkey_place"] = passkeys.place
    security.verify_context_processor(lambda: {"has_passkey": bool(passkeys.of(g.member.id))})
    datastore.take_turns()
    arrivals.init_app(app)
    doors.init_app(app)
    record.init_app(app)
    archive.register(devices.FORGOTTEN_AFTER.days)
    _listen(app)


def _page(template: str, **facts: Any) -> Any:
    """A page of Flask-Security; 422 where a form was refused."""
    html = render_template(template, **facts)
    refused = any(isinstance(fact, FlaskForm) and fact.errors for fact in facts.values())
    return (html, 422) if refused and request.method == "POST" else html


def _listen(app: Flask) -> None:
    # Kept here by name: blinker forgets receivers that nobody else holds.
    user_authenticated.connect(_signed_in, app)
    user_registered.connect(_asked_to_join, app)
    user_confirmed.connect(_confirmed, app)
    password_reset.connect(_reset, app)


# The ways in that prove more than a password; a demonstration's people have none to prove.
_STRONG_WAYS = frozenset({"passkey", "second step", "demonstration"})


def _signed_in(_app: Flask, user: User, authn_via: list[str], **_facts: Any) -> None:
    """A new session id at each sign-in; after a change of password all others are dead."""
    speaking = g.viewer.persona_id
    ways = set(authn_via)
    if ways == {"change"}:
        sessions.close_all(user.id)
    chosen = g.get("enter_as") or speaking or next(iter(first_names(user.id)), None)
    strong = None if ways == {"change"} else bool(ways & _STRONG_WAYS)
    other_ways.remind(user)  # before nothing of the old cookie is left
    sessions.renew(user, persona_id=chosen, shared=bool(g.get("shared_device")), strong=strong)
    if ways != {"change"}:
        record.opened()
    if ways & {"change", "demonstration"}:
        return
    if devices.recognize(user.id, devices.device_of(request.user_agent.string)):
        letters.tell(user, "new device")
    _what_lacks(user, chosen)


def _what_lacks(user: User, chosen: str | None) -> None:
    """Say what a member should make while nothing is lost yet."""
    if chosen and personas.lacks_code(chosen):
        said = (_("This name has no recovery code yet."), _("Make one on the page of your names."))
        flash(said, "gold")  # type: ignore[arg-type]
    if user.email is None and not rescue.left(user.id):
        said = (_("You have no rescue codes left."), _("Make new ones on the page of your password."))
        flash(said, "gold")  # type: ignore[arg-type]


def _asked_to_join(_app: Flask, user: User, **_facts: Any) -> None:
    form = g.join_form
    joining.begin(user, form.wish(), form.agreed())


def _confirmed(_app: Flask, user: User, **_facts: Any) -> None:
    joining.complete(user)


def _reset(_app: Flask, user: User, **_facts: Any) -> None:
    sessions.close_all(user.id)
    other_ways.password_replaced()
