"""What a reader may choose about content notes."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from community.core.forms import Form, options
from community.forum import words
from community.forum.forms.posts import Ticks
from community.forum.models.posts import NOTES


class OpenNotesForm(Form):
    """The content notes that stay open."""

    notes = Ticks(
        _l("Show these without folding them"),
        choices=options((code, words.NOTES[code]) for code in NOTES),
        validate_choice=False,  # the service says it in our words
    )
