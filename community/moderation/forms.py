"""What people may send to moderation, field by field."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext
from wtforms import BooleanField, HiddenField, RadioField, SelectField, StringField, TextAreaField
from wtforms.validators import Optional, ValidationError

from community.core.forms import Creates, Form, Words, options
from community.core.i18n import current_language, in_language
from community.forum.models import Space
from community.forum.words import REASONS as REASON_WORDS
from community.moderation import words
from community.moderation.models import REASONS, ReasonText
from community.moderation.services.acts import DAYS, MINUTES, OFFERED


class ReportForm(Creates):
    """What is wrong with something."""

    reason = RadioField(
        _l("What is wrong"),
        choices=options((code, REASON_WORDS[code]) for code in REASON_WORDS),
        validate_choice=False,
    )
    words = TextAreaField(_l("What should we know?"), validators=[Words(0, 2000, _l("Your explanation"))])

    def validate_reason(self, field: Any) -> None:
        """:raises ValidationError: no reason was chosen."""
        if field.data not in REASONS:
            raise ValidationError(_("Choose one of the reasons."))


class ActForm(Creates):
    """What is done, why, and what is told."""

    read = HiddenField()  # the mark of what stood on the page
    act = RadioField(_l("What will you do?"), validate_choice=False)
    reason = SelectField(_l("For which reason"), validate_choice=False)
    text = SelectField(_l("A text to send"), validate_choice=False)
    words = TextAreaField(_l("In your own words"), validators=[Words(0, 2000, _l("Your explanation"))])
    days = SelectField(_l("For how long (silence, suspend)"), validate_choice=False)
    minutes = SelectField(_l("Between two messages (slow down)"), validate_choice=False)
    space = SelectField(_l("To which space (move)"), validate_choice=False)
    body = TextAreaField(
        _l("What the message says from now on (edit)"), validators=[Words(0, 20_000, _l("The message"))]
    )
    title = StringField(_l("Title of the new topic (split)"), validators=[Words(0, 300, _l("The title"))])
    into = StringField(
        _l("Address of the other topic (merge)"), validators=[Words(0, 300, _l("The address"))]
    )

    def offer(self, acts: Iterable[str], texts: Iterable[ReasonText], spaces: Iterable[Space]) -> None:
        """Offer what can be done here."""
        lang = current_language()
        self.act.choices = options((code, words.act_words(code)) for code in acts)
        self.reason.choices = options((code, words.reason_words(code)) for code in REASONS)
        self.text.choices = options(
            [
                ("", _("None, only my own words")),
                *((one.code, _short(getattr(one, f"words_{lang}"))) for one in texts),
            ]
        )
        self.days.choices = options((str(n), ngettext("%(num)s day", "%(num)s days", n)) for n in DAYS)
        self.minutes.choices = options(
            (str(n), ngettext("%(num)s minute", "%(num)s minutes", n)) for n in MINUTES
        )
        self.space.choices = options(
            [("", _("Choose a space")), *((one.slug, in_language(one, "name")[0]) for one in spaces)]
        )

    def validate_act(self, field: Any) -> None:
        """:raises ValidationError: nothing was chosen."""
        if field.data not in OFFERED:
            raise ValidationError(_("Choose what is to be done."))

    def validate_reason(self, field: Any) -> None:
        """:raises ValidationError: none was chosen."""
        if field.data not in REASONS:
            raise ValidationError(_("Choose one of the reasons."))

    @staticmethod
    def whole(field: Any) -> int:
        """A number of a list; 0 for anything else."""
        said = str(field.data or "")
        return int(said) if said.isascii() and said.isdecimal() and len(said) < 4 else 0


def _short(said: str) -> str:
    return said if len(said) <= 90 else said[:90].rsplit(" ", 1)[0] + " …"


class AppealForm(Creates):
    """Why somebody else should look again."""

    words = TextAreaField(_l("What should they know?"), validators=[Words(3, 2000, _l("Your explanation"))])


class JudgeForm(Form):
    """What came of the second look."""

    verdict = RadioField(
        _l("The decision"),
        choices=options([("refused", _l("It stands")), ("upheld", _l("It is taken back"))]),
        validate_choice=False,
    )
    answer = TextAreaField(_l("What is told"), validators=[Words(3, 2000, _l("Your answer"))])

    def validate_verdict(self, field: Any) -> None:
        """:raises ValidationError: neither was chosen."""
        if field.data not in ("refused", "upheld"):
            raise ValidationError(_("Say whether the decision stands."))


class TextForm(Form):
    """The words of a decision in both languages."""

    words_en = TextAreaField(_l("In English"), validators=[Words(10, 1000, _l("The English text"))])
    words_fr = TextAreaField(_l("In French"), validators=[Words(10, 1000, _l("The French text"))])
    retired = BooleanField(_l("Offer it no more"), validators=[Optional()])


class WatchForm(Creates):
    """Hours of a week."""

    weekday = SelectField(_l("Day"), validate_choice=False)
    from_hour = SelectField(_l("From what hour"), validate_choice=False)
    until_hour = SelectField(_l("Until what hour"), validate_choice=False)

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        self.weekday.choices = options((str(day), words.weekday(day)) for day in range(7))
        self.from_hour.choices = options((str(hour), words.hour(hour)) for hour in range(24))
        self.until_hour.choices = options((str(hour), words.hour(hour)) for hour in range(1, 25))

    def validate(self, extra_validators: Any = None) -> bool:
        """Every field is one of its list."""
        valid = bool(super().validate(extra_validators))
        for field, sentence in (
            (self.weekday, _("Choose a day of the week.")),
            (self.from_hour, _("Choose an hour.")),
            (self.until_hour, _("Choose an hour.")),
        ):
            if field.data not in {choice.value for choice in field.choices}:
                field.errors = [*field.errors, sentence]
                valid = False
        return valid
