"""What people may send to conversations, field by field."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import RadioField, StringField, TextAreaField
from wtforms.validators import ValidationError

from community.conversations import words
from community.conversations.services.starting import LONGEST_SUBJECT
from community.core.forms import Creates, Form, Words, options
from community.core.text import MAX_BODY


class MessageForm(Creates):
    """A message in a conversation that is there."""

    body = TextAreaField(_l("Message"), validators=[Words(1, MAX_BODY, _l("Your message"))])


class StartForm(MessageForm):
    """A new conversation: with whom, about what, the first message."""

    to = StringField(_l("To"), validators=[Words(1, 1_000, _l("The name"))])
    subject = StringField(_l("Subject"), validators=[Words(0, LONGEST_SUBJECT, _l("The subject"))])

    @property
    def names(self) -> list[str]:
        """The names that were typed, apart by commas: no name holds one."""
        return (self.to.data or "").replace(";", ",").split(",")


class ReachForm(Form):
    """Who may begin a conversation with one's name."""

    who = RadioField(_l("Who may write to me"), choices=options(words.WHO.items()), validate_choice=False)

    def validate_who(self, field: Any) -> None:
        """:raises ValidationError: nothing of what is offered was chosen."""
        if field.data not in words.WHO:
            raise ValidationError(_("Choose among what is offered."))
