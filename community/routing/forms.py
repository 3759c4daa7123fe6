"""What people may send to routing, field by field."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, IntegerField, RadioField, SelectMultipleField, StringField
from wtforms.validators import ValidationError
from wtforms.widgets import CheckboxInput, NumberInput

from community.core.days import Day
from community.core.forms import Creates, Form, Words, options
from community.core.i18n import NAMES, current_language
from community.core.regions import REGIONS
from community.forum.themes import THEMES
from community.routing.models import MOST_A_WEEK


class Weekly(IntegerField):  # type: ignore[misc]
    """A number of questions, in the words of the page when it is none."""

    widget = NumberInput(min=0, max=MOST_A_WEEK, step=1)

    def process_formdata(self, valuelist: list[str]) -> None:
        """:raises ValueError: what was typed is no number."""
        typed = " ".join(valuelist).strip()
        if not (typed.isascii() and typed.isdecimal() and len(typed) < 4):
            self.data = None
            raise ValueError(_("Choose between 0 and 20 questions a week."))
        self.data = int(typed)


def _boxes(label: Any) -> SelectMultipleField:
    return SelectMultipleField(label, option_widget=CheckboxInput())


class CanAnswerForm(Form):
    """What a name can answer: nothing ticked of a kind means any of it."""

    weekly = Weekly(_l("At most how many questions a week, 0 to 20"))
    themes = _boxes(_l("Themes"))
    langs = _boxes(_l("Languages"))
    regions = _boxes(_l("Regions"))
    by_name = BooleanField(_l("Whoever asks may choose me by name"))
    paused = BooleanField(_l("Pause: lay nothing before me for now"))

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        lang = current_language()
        self.themes.choices = options((code, theme.name(lang)) for code, theme in THEMES.items())
        self.regions.choices = options((code, place.name(lang)) for code, place in REGIONS.items())
        self.langs.choices = options(NAMES.items())

    def validate_weekly(self, field: Weekly) -> None:
        """:raises ValidationError: a number beyond what is offered."""
        if field.data is not None and not 0 <= field.data <= MOST_A_WEEK:
            raise ValidationError(_("Choose between 0 and 20 questions a week."))


class TakeForm(Creates):
    """The days on which one is on call."""

    first = Day(_l("First day"), required=True)
    last = Day(_l("Last day"), required=True)


class ProposeForm(Creates):
    """Somebody else, and the days; it stands on the same page as the other."""

    name = StringField(_l("Name, exactly as it is shown"), validators=[Words(1, 80, _l("The name"))])
    first = Day(_l("First day"), required=True, id="propose-first")
    last = Day(_l("Last day"), required=True, id="propose-last")


class ByNameForm(Creates):
    """Whom to ask, among those who allow it."""

    persona = RadioField(_l("Whom do you ask?"))
