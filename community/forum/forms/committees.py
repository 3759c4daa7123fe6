"""What the chair and the keepers of a committee may send."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, SelectField, TextAreaField
from wtforms.validators import Optional

from community.core.days import Day, Hour
from community.core.forms import Creates, Form, Words, options
from community.core.i18n import NAMES
from community.core.text import MAX_BODY


class MandateForm(Form):
    """What a committee is for, in both languages."""

    mandate_en = TextAreaField(_l("Mandate in English"), validators=[Words(0, 4000, _l("The mandate"))])
    mandate_fr = TextAreaField(_l("Mandate in French"), validators=[Words(0, 4000, _l("The mandate"))])


class MeetingForm(Creates):
    """A meeting: when, and its agenda; once it has started, its minutes."""

    day = Day(_l("Day"), required=True)
    hour = Hour(_l("Hour"))
    lang = SelectField(_l("Language of the text"), choices=options(NAMES.items()))
    agenda = TextAreaField(_l("Agenda"), validators=[Words(0, MAX_BODY, _l("The agenda"))])
    minutes = TextAreaField(_l("Minutes"), validators=[Words(0, MAX_BODY, _l("The minutes"))])
    version = HiddenField(default="0")

    @property
    def made_from(self) -> int:
        """The version of the meeting that the form was made from."""
        typed = str(self.version.data or "")
        return int(typed) if typed.isdecimal() and len(typed) < 9 else -1


class DecisionForm(Creates):
    """Something that was decided."""

    words = TextAreaField(_l("What was decided"), validators=[Words(3, 2000, _l("The decision"))])
    lang = SelectField(_l("Language of the text"), choices=options(NAMES.items()))
    decided_on = Day(_l("Decided on"), required=True)
    meeting = SelectField(_l("At the meeting of"), validators=[Optional()], default="")

    def __init__(self, *args: Any, meetings: Sequence[tuple[str, str]] = (), **more: Any) -> None:
        super().__init__(*args, **more)
        self.meeting.choices = options([("", _("No meeting in particular")), *meetings])
