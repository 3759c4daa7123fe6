"""Flask-Security's forms in our words and with our fields."""

from __future__ import annotations

from typing import Any

from flask import g
from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from flask_security.forms import (
    ChangePasswordForm,
    EmailValidation,
    ForgotPasswordForm,
    LoginForm,
    RegisterFormV2,
    ResetPasswordForm,
    SendConfirmationForm,
    VerifyForm,
    email_required,
    password_required,
    unique_user_email,
    valid_user_email,
)
from flask_security.utils import hash_password
from sqlalchemy import select
from wtforms import (
    BooleanField,
    EmailField,
    PasswordField,
    RadioField,
    StringField,
)
from wtforms.validators import DataRequired, ValidationError

from community.accounts import proposals
from community.accounts.forms import NameFields
from community.accounts.members import User
from community.accounts.services import joining, personas
from community.accounts.services.personas import Wish
from community.accounts.signin import letters
from community.accounts.signin.arrivals import Unhurried
from community.accounts.signin.destination import is_ours
from community.accounts.signin.passwords import LONGEST
from community.core.db import db
from community.core.errors import Invalid
from community.core.forms import options
from community.core.i18n import current_language


def password_field(autocomplete: str, label: Any = _l("Password")) -> PasswordField:
    """A password of at most so many letters; ``autocomplete`` says whether it is a new one."""
    checks = [password_required, _not_endless]
    return PasswordField(label, render_kw={"autocomplete": autocomplete}, validators=checks)


def _not_endless(_form: Any, field: Any) -> None:
    """:raises ValidationError: longer than any password, and than what can be hashed."""
    if len(field.data or "") > LONGEST:
        raise ValidationError(gettext("A password has at most 1,000 characters."))


def find_by_identity(typed: str) -> User | None:
    """The member of an address or of a name to sign in with, however it is typed."""
    plain = proposals.as_kept(typed)
    column = User.email if "@" in plain else User.username
    return db.session.scalar(select(User).where(column == plain)) if plain else None


class _GoesOn:
    """Where to go afterwards; an address that is not ours is dropped without a word."""

    def validate_next(self, field: Any) -> None:
        """Forget an address elsewhere."""
        if field.data and not is_ours(field.data):
            field.data = ""


class SignInForm(_GoesOn, LoginForm):
    """Address or name, and password. The first field is called email for Flask-Security's sake."""

    email = StringField(
        _l("E-mail or sign-in name"),
        render_kw={"autocomplete": "username", "autocapitalize": "none", "spellcheck": "false"},
        validators=[DataRequired(_l("Write your address or your sign-in name."))],
    )
    password = password_field("current-password")
    shared = BooleanField(_l("This device is shared: leave nothing on it"))
    remember = None
    submit = None

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.password.description = ""  # the link to a forgotten password has its own place

    def validate(self, **kwargs: Any) -> bool:
        """Find the member first; Flask-Security then compares hashes, also where there is nobody."""
        self.ifield = self.email
        self.user = find_by_identity(self.email.data or "")
        g.shared_device = bool(self.shared.data)
        return bool(super().validate(**kwargs))


class AgainForm(_GoesOn, VerifyForm):
    """The password once more, before one's names are listed or a duty is used."""

    password = password_field("current-password")
    submit = None


class JoinForm(Unhurried, NameFields, RegisterFormV2):
    """Everything that joining asks, each consent by itself, nothing ticked beforehand."""

    email = EmailField(
        _l("E-mail"),
        render_kw={"autocomplete": "email"},
        validators=[email_required, EmailValidation(verify=True), unique_user_email],
    )
    password = password_field("new-password")
    kind = RadioField(
        _l("How do you want to take part?"),
        choices=options([("public", _l("Under my own name")), ("protected", _l("Under a protected name"))]),
        validate_choice=False,
    )
    age = BooleanField(_l("I am 14 or older"), validators=[DataRequired(_l("Members are 14 or older."))])
    charter = BooleanField(
        _l("I have read the charter and agree to it"),
        validators=[DataRequired(_l("Read the charter; whoever takes part agrees to it."))],
    )
    notifications = BooleanField(_l("Write to me when somebody answers me"))
    research = BooleanField(_l("My answers to surveys may serve research, without my name"))
    submit = None

    def wish(self) -> Wish:
        """The name that is asked for."""
        return self.read_wish(self.kind.data or "", current_language())

    def agreed(self) -> list[str]:
        """The purposes that were ticked."""
        purposes = (*joining.NEEDED, *joining.OPTIONAL)
        return [purpose for purpose in purposes if getattr(self, purpose).data]

    def validate(self, **kwargs: Any) -> bool:
        """Everything at once, so that a person corrects once."""
        g.join_form = self  # Flask-Security's signal carries the values, not the form that reads them
        good = bool(super().validate(**kwargs))
        try:
            personas.check_form(self.wish())
        except Invalid as fault:
            self[fault.field].errors = [*self[fault.field].errors, str(fault.sentence)]
            return False
        return good or self._takes_the_place()

    def _takes_the_place(self) -> bool:
        """Whether this takes the place of a request under the same address that nobody has confirmed.

        Whoever reads its mail then confirms what was asked for last, with that password: who asked first
        for an address of somebody else would otherwise hold the key of an account that another one opens.
        """
        waits = self.existing_email_user
        if waits is None or waits.confirmed_at is not None or set(self.errors) != {"email"}:
            return False
        joining.forget([str(waits.id)])
        self.email.errors, self.existing_email_user = [], None
        return True


class _SameWork:
    """Answers and works alike, whether or not anybody has the address."""

    letter = ""
    hash_when_unknown = True

    def validate(self, **kwargs: Any) -> bool:
        """Hash and write a letter in every case; send it in one."""
        good = bool(super().validate(**kwargs))  # type: ignore[misc]
        typed: str = self.email.data or ""  # type: ignore[attr-defined]
        unknown = list(self.errors) == ["email"] and "@" in typed  # type: ignore[attr-defined]
        if good or (unknown and self.hash_when_unknown):
            hash_password("not a password")
        if unknown:
            letters.send_nothing(self.letter)
        return good


class ForgottenForm(_SameWork, ForgotPasswordForm):
    """An address to which a way back is sent."""

    letter = "reset"
    hash_when_unknown = False  # Flask-Security does that itself here
    email = EmailField(
        _l("E-mail"),
        render_kw={"autocomplete": "email"},
        validators=[email_required, EmailValidation(verify=True), valid_user_email],
    )
    submit = None


class ConfirmAgainForm(_SameWork, SendConfirmationForm):
    """An address to which the link is sent once more."""

    letter = "confirm"
    email = EmailField(
        _l("E-mail"),
        render_kw={"autocomplete": "email"},
        validators=[email_required, EmailValidation(verify=True), valid_user_email],
    )
    submit = None


class NewPasswordForm(ResetPasswordForm):
    """A new password after the old one was forgotten; written once, as the field can show it."""

    password = password_field("new-password", _l("New password"))
    password_confirm = None
    submit = None


class ChangeForm(ChangePasswordForm):
    """The old password and a new one."""

    password = password_field("current-password", _l("Password now"))
    new_password = password_field("new-password", _l("New password"))
    new_password_confirm = None
    submit = None

    def validate(self, **kwargs: Any) -> bool:
        """Whoever comes in by another way has no old one; Flask-Security asked them to prove it again."""
        if not g.member.password:
            self.password.validators = [_not_endless]
        return bool(super().validate(**kwargs))
