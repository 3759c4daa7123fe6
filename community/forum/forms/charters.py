"""What is asked to write the charter of a space."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, TextAreaField

from community.core.forms import Form, Words

LONGEST = 8_000


class CharterForm(Form):
    """The charter in both languages."""

    words_en = TextAreaField(_l("Charter in English"), validators=[Words(0, LONGEST, _l("The charter"))])
    words_fr = TextAreaField(_l("Charter in French"), validators=[Words(0, LONGEST, _l("The charter"))])
    version = HiddenField(default="0")

    @property
    def made_from(self) -> int:
        """The version that was shown; none of ours counts as the first."""
        text = self.version.data or ""
        return int(text) if text.isascii() and text.isdigit() and len(text) < 9 else 0
