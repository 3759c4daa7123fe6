"""What every form shares: CSRF, the idempotency key, texts cleaned of what no database keeps."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from typing import Any

from babel.support import Translations
from flask import request
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from flask_wtf.form import SUBMIT_METHODS, _Auto
from wtforms import Field, HiddenField
from wtforms.fields.choices import SelectChoice
from wtforms.i18n import messages_path
from wtforms.validators import ValidationError

from community.core.errors import Invalid
from community.core.i18n import current_language, number
from community.core.ids import new_key
from community.core.tidy import shows, tidy


class _Sentences:
    """WTForms' own sentences. Flask-WTF reads their catalogue from the disk for each form that is sent."""

    def gettext(self, said: str) -> str:
        """One of its sentences, in the language of the page."""
        return _typeset(_catalogue(current_language()).ugettext(said))

    def ngettext(self, one: str, several: str, number: int) -> str:
        """The same with a number."""
        return _typeset(_catalogue(current_language()).ungettext(one, several, number))


@lru_cache
def _catalogue(lang: str) -> Any:
    return Translations.load(messages_path(), [lang], domain="wtforms")


def _typeset(said: Any) -> str:
    """The sentence with the apostrophe of French: their catalogue has the typewriter's."""
    return str(said).replace("'", "’") if current_language() == "fr" else str(said)


_SENTENCES = _Sentences()


class Form(FlaskForm):  # type: ignore[misc]
    """Base of every form. ``idem`` makes a double click one thing."""

    class Meta(FlaskForm.Meta):  # type: ignore[misc]
        """French or English error messages come from our own catalogue."""

        locales = False

        def get_translations(self, form: FlaskForm) -> _Sentences:
            """What fields say of themselves."""
            return _SENTENCES

        def wrap_formdata(self, form: FlaskForm, formdata: Any) -> Any:
            """What was sent as a form, also when it is nothing. Never JSON: its values are of any type."""
            if formdata is _Auto:
                return request.form if request.method in SUBMIT_METHODS else None
            return super().wrap_formdata(form, formdata)

    idem = HiddenField(default=new_key)


class Creates(Form):
    """A form that creates something."""


def options(pairs: Iterable[tuple[str, Any]]) -> list[SelectChoice]:
    """Pairs of (value, words) as the choices of a field; WTForms 3.4 takes no tuples any more."""
    return [SelectChoice(value, words) for value, words in pairs]


class Words:
    """Validator: between ``least`` and ``most`` characters once trimmed, and no NUL."""

    def __init__(self, least: int, most: int, what: Any = None) -> None:
        self.least, self.most = least, most
        self.what = what or _l("This text")

    def __call__(self, form: Form, field: Field) -> None:
        """:raises ValidationError: with a sentence that names the field and the bound."""
        text = field.data or ""
        if "\x00" in text:
            raise ValidationError(
                _l("%(what)s holds a character that cannot be stored (NUL). Remove it.", what=self.what)
            )
        length = len(tidy(text))
        if self.least and not shows(text):
            raise ValidationError(_l("%(what)s is empty. Write something first.", what=self.what))
        if length < self.least:
            raise ValidationError(
                _l("%(what)s is too short: at least %(n)s characters.", what=self.what, n=number(self.least))
            )
        if length > self.most:
            raise ValidationError(
                _l(
                    "%(what)s is too long: %(found)s characters, at most %(n)s.",
                    what=self.what,
                    found=number(length),
                    n=number(self.most),
                )
            )


def blame(form: Form, problem: Invalid) -> None:
    """Put a service's refusal beside the field it names, or on top when the form has no such field."""
    field = form._fields.get(problem.field)
    if field is None:
        form.form_errors.append(str(problem.sentence))
    else:
        field.errors = [*field.errors, str(problem.sentence)]
