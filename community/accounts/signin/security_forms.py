"""What a person may send about how they sign in."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l
from flask_security.forms import EmailValidation, email_required
from wtforms import EmailField, HiddenField, StringField

from community.core.forms import Form
from community.core.forms import Words as Length


def _code(label: Any, description: Any = "") -> StringField:
    return StringField(
        label,
        description=description,
        # The keyboard of figures would shut out rescue codes, which have letters.
        render_kw={"autocomplete": "one-time-code", "autocapitalize": "characters", "spellcheck": "false"},
        validators=[Length(6, 40, _l("The code"))],
    )


class SecondStepForm(Form):
    """The code of an app, or one of the rescue codes."""

    code = _code(_l("Code"), _l("The six digits that your app shows now, or one of your rescue codes."))


class AppForm(Form):
    """The first code of an app; with it, sealed, the secret that the app was given."""

    plan = HiddenField()
    code = _code(_l("The six digits that the app shows now"))


class AddressForm(Form):
    """The address an account is to have."""

    email = EmailField(
        _l("New address"),
        render_kw={"autocomplete": "email"},
        validators=[email_required, EmailValidation(verify=True)],
    )


class PasskeyAnswerForm(Form):
    """What a browser answers about a passkey; a script fills it in."""

    answer = HiddenField()
    next = HiddenField()


class NewPasskeyForm(Form):
    """What a browser answers when it has made a passkey, and what its owner calls it."""

    label = StringField(
        _l("What you call it"),
        description=_l("So that you recognize it in the list: my phone, the blue key. No name of a person."),
        render_kw={"autocomplete": "off", "maxlength": 60},
        validators=[Length(1, 60, _l("What you call it"))],
    )
    answer = HiddenField()
