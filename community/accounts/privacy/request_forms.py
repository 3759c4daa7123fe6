"""What administrators send to the register of requests."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from wtforms import DateField, RadioField, StringField, TextAreaField
from wtforms.validators import InputRequired

from community.accounts.privacy.requests import LONGEST_FILE, LONGEST_WHY
from community.accounts.privacy.words import ANSWER_NAMES, REQUEST_NAMES
from community.core.forms import Creates, Form, Words, options


class RequestForm(Creates):
    """A request that came in."""

    kind = RadioField(
        _l("What is asked"),
        choices=options(REQUEST_NAMES.items()),
        validators=[InputRequired(_l("Choose what is asked."))],
    )
    received_on = DateField(
        _l("Day on which it came in"),
        validators=[InputRequired(_l("Give the day on which it came in."))],
    )
    file = StringField(
        _l("Number of your own file"),
        description=_l("Where the letter lies. No name, no address."),
        validators=[Words(1, LONGEST_FILE, _l("The number of your file"))],
    )


class AnswerForm(Form):
    """What was answered, and when."""

    answer = RadioField(
        _l("What was answered"),
        choices=options(ANSWER_NAMES.items()),
        validators=[InputRequired(_l("Choose what was answered."))],
    )
    answered_on = DateField(
        _l("Day on which the answer left"),
        validators=[InputRequired(_l("Give the day on which the answer left."))],
    )
    why = TextAreaField(_l("Why"), validators=[Words(0, LONGEST_WHY, _l("The reason"))])
