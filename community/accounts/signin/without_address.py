"""What a person may send who joins, or comes back, without any mail."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, HiddenField, PasswordField, StringField
from wtforms.validators import DataRequired, ValidationError

from community.accounts import words
from community.accounts.forms import NameFields
from community.accounts.services import joining, without_address
from community.accounts.services.personas import Wish
from community.accounts.signin.arrivals import Unhurried
from community.accounts.signin.passwords import fault_of, words_of_name
from community.core.forms import Form, options
from community.core.forms import Words as Length
from community.core.i18n import current_language


def _fit(form: Any, field: Any) -> None:
    """:raises ValidationError: this cannot be a password."""
    known = form.sign_in_name.data if "sign_in_name" in form else ""
    fault = fault_of(field.data or "", words_of_name(known or ""))
    if fault:
        raise ValidationError(fault)


def _password(label: Any) -> PasswordField:
    return PasswordField(label, render_kw={"autocomplete": "new-password"}, validators=[_fit])


class JoinByNameForm(Unhurried, NameFields, Form):
    """Everything that joining without an address asks; nothing is ticked beforehand."""

    password = _password(_l("Password"))
    name = None
    age = BooleanField(_l("I am 14 or older"), validators=[DataRequired(_l("Members are 14 or older."))])
    charter = BooleanField(
        _l("I have read the charter and agree to it"),
        validators=[DataRequired(_l("Read the charter; whoever takes part agrees to it."))],
    )
    research = BooleanField(_l("My answers to surveys may serve research, without my name"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.groups.choices = options((code, words.group_name(code)) for code in without_address.GROUPS)

    def wish(self) -> Wish:
        """The name that is asked for."""
        return self.read_wish("protected", current_language())

    def agreed(self) -> list[str]:
        """The purposes that were ticked."""
        return [purpose for purpose in (*joining.NEEDED, "research") if getattr(self, purpose).data]


class WrittenDownForm(Form):
    """That the name and the codes are on paper; with it, sealed, the account to be made."""

    plan = HiddenField()
    written = BooleanField(
        _l("I have written down my sign-in name and my codes"),
        validators=[
            DataRequired(_l("Write them down first, then tick this box: nobody can show them to you again."))
        ],
    )


class ComeBackForm(Form):
    """A sign-in name, a code and a new password."""

    sign_in_name = StringField(
        _l("Sign-in name or e-mail"),
        description=_l("Two words and four digits, as the site gave them to you."),
        render_kw={"autocomplete": "username", "autocapitalize": "none", "spellcheck": "false"},
        validators=[Length(1, 255, _l("The sign-in name"))],
    )
    code = StringField(
        _l("One of your rescue codes"),
        description=_l("Four groups of five. It works once: cross it out afterwards."),
        render_kw={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"},
        validators=[Length(20, 40, _l("The code"))],
    )
    password = _password(_l("New password"))
