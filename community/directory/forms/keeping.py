"""What those who keep records, and those who suggest corrections, may send: field by field."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, Field, HiddenField, RadioField, SelectField, StringField, TextAreaField
from wtforms.validators import ValidationError

from community.core.errors import Invalid
from community.core.forms import Creates, Form, Words, blame, options
from community.directory.forms.standing import Difference, in_words
from community.directory.mending import spots
from community.directory.mending.spot_values import (
    AGES,
    LONGEST,
    NOT_IN_ORDER,
    STATUSES,
    ages_in_order,
    checked,
)
from community.directory.mending.spots import Mended, Spot
from community.directory.services.corrections import BECAUSE
from community.directory.words import keeping as keeping_words

_EMPTY = _l("This cannot be left empty.")


class Fits:
    """Validator: what was typed may stand in this spot; kept in the form it is stored in."""

    def __init__(self, spot: Spot) -> None:
        self.spot = spot

    def __call__(self, _form: Form, field: Field) -> None:
        """:raises ValidationError: with a sentence that says what may stand there."""
        typed = field.data if isinstance(field.data, str) else ""
        if typed == self.spot.value:
            return  # what stands there already was not typed here
        try:
            field.data = checked(field.name, self.spot.form, typed)
        except Invalid as problem:
            raise ValidationError(str(problem.sentence)) from None
        if not field.data and self.spot.needed:
            raise ValidationError(str(_EMPTY))


class RecordsForm(Creates):
    """The spots of one page. ``digest`` tells whether they changed while it was open."""

    digest = HiddenField()
    all_right = BooleanField(_l("Everything else on the page of this service is right today, too"))
    spots: Sequence[Spot] = ()

    def validate(self, *args: Any, **more: Any) -> bool:
        """Each spot by itself, and the ages of a service together."""
        fits = bool(super().validate(*args, **more))
        for key in (one.key for one in self.spots if one.name == AGES[0]):
            typed = {name: self[key.replace(AGES[0], name)].data or "" for name in AGES}
            if not ages_in_order(typed):
                blame(self, Invalid(key, NOT_IN_ORDER))
                fits = False
        return fits

    @property
    def values(self) -> dict[str, str]:
        """What stands in each spot now."""
        return {one.key: self[one.key].data or "" for one in self.spots}

    @property
    def mended(self) -> list[Mended]:
        """What is different from what stood there."""
        return spots.mended(self.spots, self.values)

    def again(self) -> list[Difference]:
        """Make this a form of what stands there by now: each spot in which that is not what was typed."""
        self.digest.data = spots.digest(self.spots)
        return [
            Difference(
                str(self[one.key].label.text),
                in_words(self[one.key], one.value),
                in_words(self[one.key], typed),
            )
            for one in self.spots
            if (typed := self.values[one.key]) != one.value
        ]

    @property
    def moved(self) -> bool:
        """Whether a value changed since the form was opened."""
        return bool(self.digest.data) and self.digest.data != spots.digest(self.spots)


def records_form(some: Sequence[Spot], **more: Any) -> RecordsForm:
    """A form with a field for each of these spots."""
    fields = {one.key: _field(one) for one in some}
    made: RecordsForm = type("RecordsForm", (RecordsForm,), {**fields, "spots": tuple(some)})(**more)
    if not made.digest.data:
        made.digest.data = spots.digest(some)
    return made


def _field(spot: Spot) -> Any:
    label, fits = keeping_words.label(spot), [Fits(spot)]
    if spot.form == "status":
        chosen = options((code, keeping_words.STATUSES[code]) for code in STATUSES)
        return SelectField(label, choices=chosen, default=spot.value, validators=fits)
    most = {"maxlength": LONGEST[spot.form]} if spot.form in LONGEST else {}
    if spot.form == "text":
        return TextAreaField(label, default=spot.value, validators=fits, render_kw={"rows": 4, **most})
    return StringField(label, default=spot.value, validators=fits, render_kw=most)


class SuggestForm(RecordsForm):
    """The same for somebody who does not keep the records."""

    all_right = None


def suggest_form(some: Sequence[Spot], **more: Any) -> SuggestForm:
    """A form with a field for each of the spots that may be suggested."""
    fields = {one.key: _field(one) for one in some}
    made: SuggestForm = type("SuggestForm", (SuggestForm,), {**fields, "spots": tuple(some)})(**more)
    if not made.digest.data:
        made.digest.data = spots.digest(some)
    return made


class DecideForm(Form):
    """Why a correction is not accepted."""

    because = RadioField(
        _l("Why not"),
        choices=options((code, keeping_words.BECAUSE[code]) for code in BECAUSE),
        validate_choice=False,
    )


class PlacesForm(Form):
    """How many places are free today."""

    available = StringField(_l("Places free today"))
    total = StringField(_l("Of how many"))

    def validate_available(self, field: StringField) -> None:
        """:raises ValidationError: not a number of places."""
        field.data = _number(field.data, needed=True)

    def validate_total(self, field: StringField) -> None:
        """:raises ValidationError: not a number, or fewer than are free."""
        field.data = _number(field.data, needed=False)
        free = self.available.data
        if field.data and isinstance(free, str) and free.isdigit() and int(field.data) < int(free):
            raise ValidationError(_("There cannot be more places free than there are."))


def _number(typed: str | None, *, needed: bool) -> str:
    plain = (typed or "").strip()
    if not plain and not needed:
        return ""
    if not (plain.isascii() and plain.isdigit() and len(plain) <= 4):
        raise ValidationError(_("Write a number of places, from 0 to 9,999."))
    return str(int(plain))


class KeeperForm(Form):
    """Who is to keep the records."""

    name = StringField(_l("Public name, exactly as it is shown"), validators=[Words(1, 80, _l("The name"))])


_FACTS = ("name_en", "name_fr", "description_en", "description_fr", "website", "phone")


class OrganizationForm(Creates):
    """An organization that is not in the directory yet."""

    name_en = StringField(_l("Name, in English"))
    name_fr = StringField(_l("Name, in French"))
    description_en = TextAreaField(_l("What it is, in English"))
    description_fr = TextAreaField(_l("What it is, in French"))
    website = StringField(_l("Address of its site on the web"))
    phone = StringField(_l("Telephone number"))

    def validate(self, *args: Any, **more: Any) -> bool:
        """Each in its form, and at least one name with what it is."""
        if not super().validate(*args, **more):
            return False
        forms = {"name": "title", "description": "text", "website": "web", "phone": "phone"}
        for name in _FACTS:
            field = self[name]
            try:
                field.data = checked(name, forms[name.partition("_")[0]], field.data or "")
            except Invalid as problem:
                field.errors = [str(problem.sentence)]
        for lang in ("en", "fr"):
            name, words = self[f"name_{lang}"], self[f"description_{lang}"]
            if bool(name.data) != bool(words.data):
                words.errors = [_("Write the name and what it is, both in the same language.")]
        if not self.name_en.data and not self.name_fr.data:
            self.name_en.errors = [_("Write a name in English or in French.")]
        return not self.errors

    @property
    def facts(self) -> dict[str, str]:
        """What was typed, by field."""
        return {name: self[name].data for name in _FACTS if self[name].data}
