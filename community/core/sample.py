"""A form refused once, for the page that shows every part of a page with its states."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from wtforms import (
    BooleanField,
    PasswordField,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.widgets import CheckboxInput

from community.core.forms import Form, Words, options

_CHOICES = options([("light", _l("Light")), ("dark", _l("Dark")), ("", _l("As the device"))])


class Sample(Form):
    """One field of each kind; nobody sends it."""

    body = TextAreaField(_l("Your text"), [Words(1, 20_000)])
    note = SelectMultipleField(_l("Light or dark"), choices=_CHOICES, option_widget=CheckboxInput())
    name = StringField(_l("Name"), [Words(3, 60)])
    place = SelectField(_l("Province or territory"), choices=_CHOICES, validate_choice=False)
    secret = PasswordField(_l("Password"), [Words(12, 200)])
    level = RadioField(_l("Light or dark"), choices=_CHOICES, default="dark")
    agreed = BooleanField(_l("I accept the charter"))


def refused() -> Sample:
    """The form as it comes back with its errors."""
    form = Sample(formdata=None, meta={"csrf": False})
    form.validate()
    return form
