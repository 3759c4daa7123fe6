"""What is asked to invite somebody."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import StringField

from community.core.days import Day, end_of
from community.core.forms import Creates, Words


class TopicGuestForm(Creates):
    """The name of the one guest of a topic."""

    name = StringField(_l("Name, exactly as it is shown"), validators=[Words(1, 80, _l("The name"))])


class SpaceGuestForm(TopicGuestForm):
    """A guest of a space, and until when."""

    until = Day(_l("Until"), required=True)

    @property
    def ends(self) -> Any:
        """The moment at which the invitation ends. Call it once the form is valid."""
        return end_of(self.until.data) if self.until.data else None
