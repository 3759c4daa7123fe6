"""What a person may send to accounts, field by field. Signing in has its own, in ``signin/forms.py``."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import (
    DateField,
    HiddenField,
    IntegerField,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Optional
from wtforms.widgets import CheckboxInput, ListWidget

from community.accounts import proposals, words
from community.accounts.idleness import CHOICES
from community.accounts.models import GROUPS
from community.accounts.names import tidy_name
from community.accounts.services.duties import DUTIES
from community.accounts.services.personas import Wish, free_proposals
from community.core.errors import Conflict, Invalid
from community.core.forms import Form, options
from community.core.forms import Words as Length
from community.core.i18n import current_language
from community.core.regions import REGIONS


class CheckBoxes(SelectMultipleField):  # type: ignore[misc]
    """Several of a list, each a check box."""

    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()


def regions() -> list[SelectChoice]:
    """Every region by its name, its province before it; first "nowhere in particular"."""
    lang = current_language()
    listed = [(code, ("— " if place.parent else "") + place.name(lang)) for code, place in REGIONS.items()]
    return options([("", _l("I would rather not say")), *listed])


def groups() -> list[SelectChoice]:
    """The stakeholder groups."""
    return options((code, words.group_name(code)) for code in GROUPS)


class NameFields:
    """The part of a form that asks for a name, its groups and its region."""

    name = StringField(_l("The name others will read"), render_kw={"autocomplete": "name", "maxlength": 60})
    proposed = RadioField(_l("Choose a protected name"), validate_choice=False)
    groups = CheckBoxes(_l("Groups this name belongs to"), validate_choice=False)
    region = SelectField(_l("Region"), validate_choice=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        form: Any = self
        form.groups.choices = groups()
        form.region.choices = regions()
        offered = free_proposals(current_language())
        if form.proposed.data and proposals.is_proposed(form.proposed.data):
            offered = [form.proposed.data, *offered[:-1]]
        form.proposed.choices = options((name, name) for name in dict.fromkeys(offered))

    def read_wish(self, kind: str, lang: str) -> Wish:
        """What was asked for."""
        form: Any = self
        name = form.proposed.data if kind == "protected" else form.name.data
        groups = tuple(form.groups.data or ())
        return Wish(kind, tidy_name(name), groups, form.region.data or None, lang)


def put_fault(form: Any, fault: Invalid | Conflict) -> None:
    """Show what a service refused beside its field, or above the form where it has no such field."""
    field = getattr(fault, "field", "")
    if field in form:
        form[field].errors = [*form[field].errors, str(fault.sentence)]
    else:
        form.form_errors.append(str(fault.sentence))


class NewNameForm(NameFields, Form):
    """Another name beside the one in use."""

    kind = RadioField(_l("What kind of name?"), validate_choice=False)

    def __init__(self, kinds: list[str], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        names = {"public": _l("A public name, mine"), "protected": _l("A protected name")}
        self.kind.choices = options((kind, names[kind]) for kind in kinds)
        if len(kinds) == 1:
            self.kind.data = kinds[0]

    def wish(self) -> Wish:
        """The name that is asked for."""
        return self.read_wish(self.kind.data or "", current_language())


class AboutForm(Form):
    """The groups and the region of the name in use."""

    groups = CheckBoxes(_l("Groups this name belongs to"), validate_choice=False)
    region = SelectField(_l("Region"), validate_choice=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.groups.choices = groups()
        self.region.choices = regions()


class ChosenForm(Form):
    """One of one's own names, chosen by a button. In the body: an address would stay in the history."""

    persona = HiddenField(validators=[InputRequired()])


class CodeForm(Form):
    """A recovery code."""

    code = StringField(
        _l("Recovery code"),
        description=_l("Four groups of five, as they were shown when the name was made."),
        render_kw={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"},
        validators=[Length(20, 40, _l("The code"))],
    )


class IdleForm(Form):
    """How long nothing may be done in a session."""

    minutes = RadioField(
        _l("Sign me out when nothing was done for"),
        choices=options((str(one), words.IDLE[one]) for one in CHOICES),
    )


class EndSessionsForm(Form):
    """The account to be signed out everywhere."""

    account = StringField(
        _l("Address or sign-in name of the account"),
        render_kw={"autocomplete": "off", "spellcheck": "false"},
        validators=[Length(3, 255, _l("The address or sign-in name"))],
    )


class DutyForm(Form):
    """A duty for somebody."""

    persona = StringField(
        _l("Key of the name"),
        description=_l("The last part of the address of the person’s page."),
        render_kw={"autocomplete": "off", "spellcheck": "false"},
        validators=[Length(22, 200, _l("The key"))],
    )
    duty = SelectField(_l("Duty"), validate_choice=False)
    scope = StringField(
        _l("Space"),
        description=_l("For a moderator: the last part of the space’s address."),
        render_kw={"autocomplete": "off", "spellcheck": "false"},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.duty.choices = options((duty, words.duty_name(duty)) for duty in DUTIES)


class HelpLineForm(Form):
    """A help line, in both languages."""

    kind = SelectField(_l("Kind"))
    regions = StringField(
        _l("Where it answers"),
        description=_l("Codes of provinces and territories apart by spaces (on qc nu), or * for everywhere."),
        validators=[Length(1, 60, _l("Where it answers"))],
    )
    but = StringField(_l("Except in"), description=_l("Codes, when it answers everywhere but there."))
    shown_fr = StringField(_l("Number as written in French"), validators=[Length(0, 40)])
    shown_en = StringField(_l("Number as written in English"), validators=[Length(0, 40)])
    tel = StringField(_l("Number to call"), description=_l("Digits and + only."), validators=[Length(0, 20)])
    text = StringField(_l("Number to text"), validators=[Length(0, 20)])
    name_fr = StringField(_l("Name in French"), validators=[Length(2, 120, _l("The name"))])
    name_en = StringField(_l("Name in English"), validators=[Length(2, 120, _l("The name"))])
    says_fr = TextAreaField(_l("What it is for, in French"), validators=[Length(2, 400)])
    says_en = TextAreaField(_l("What it is for, in English"), validators=[Length(2, 400)])
    source = StringField(
        _l("Source"),
        description=_l("The page or document that gives the number."),
        validators=[Length(3, 600, _l("The source"))],
    )
    source_date = DateField(_l("Date of the source"), validators=[Optional()])
    position = IntegerField(_l("Place in the list"), validators=[Optional()], default=500)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.kind.choices = options(words.help_kinds())
