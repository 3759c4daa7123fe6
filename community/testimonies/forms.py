"""What a person may send about testimonies, and what those who look at them may."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import RadioField, SelectField, StringField, TextAreaField
from wtforms.validators import Optional, ValidationError

from community.core.forms import Creates, Form, Words, options
from community.core.i18n import NAMES
from community.forum import words as forum_words
from community.forum.forms.posts import Ticks
from community.forum.models.posts import NOTES
from community.testimonies import words
from community.testimonies.models import AUDIENCES
from community.testimonies.services.leaving import LEAST, MOST
from community.testimonies.services.reviewing import LEAST_PASSAGE, MOST_PASSAGE


class LeaveForm(Creates):
    """A testimony. Without a token: there is no session it could belong to, and nobody's rights are used."""

    class Meta(Creates.Meta):
        """No cookie is set for it."""

        csrf = False

    body = TextAreaField(_l("Your testimony"), validators=[Words(LEAST, MOST, _l("Your testimony"))])
    note = Ticks(
        _l("Fold it under a note"), choices=options((code, forum_words.NOTES[code]) for code in NOTES)
    )
    audience = RadioField(
        _l("Who may read it"),
        choices=options((code, words.AUDIENCES[code]) for code in AUDIENCES),
        default=AUDIENCES[0],
    )
    lang = SelectField(
        _l("Language of the text"),
        choices=options([("", _l("As it is written")), *NAMES.items()]),
        default="",
    )
    # Nobody sees it; programs that fill in every field do.
    website = StringField(_l("Leave this field empty"))

    def validate_website(self, field: Any) -> None:
        """:raises ValidationError: something stands in it."""
        if field.data:
            raise ValidationError(_l("Leave this field empty: only programs fill it in. Then send again."))


class WithdrawForm(Form):
    """A code."""

    class Meta(Form.Meta):
        """No cookie is set for it."""

        csrf = False

    code = StringField(_l("Your code"), validators=[Words(1, 200, _l("The code"))])


class ReviewForm(Form):
    """What is decided about a testimony, or taken out of it: the button that was pressed says which."""

    passage = StringField(
        _l("A passage, as it stands there"),
        validators=[Optional(), Words(LEAST_PASSAGE, MOST_PASSAGE, _l("The passage"))],
    )
    reason = RadioField(
        _l("Why it is refused"), choices=options(words.REASONS.items()), validators=[Optional()]
    )
