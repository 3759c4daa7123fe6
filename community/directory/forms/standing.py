"""What a form of something that is there already was made from, and how that differs from what was typed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask_babel import gettext as _
from wtforms import BooleanField, Field, HiddenField

from community.core.forms import Form
from community.core.i18n import day


@dataclass(frozen=True)
class Difference:
    """A field that says something else by now than what was typed into it."""

    label: str
    there: str
    typed: str


class Standing(Form):
    """A form that may be sent after somebody else changed the same thing."""

    seen = HiddenField()

    @property
    def read(self) -> str:
        """The mark that was sent; "" when none was, which is that of nothing."""
        return str((self.seen.raw_data or [""])[0])

    def again(self, now: Mapping[str, Any], mark: str) -> list[Difference]:
        """Make this a form of what stands there ``now``: each field in which that is not what was typed."""
        self.seen.data = mark
        found = []
        for name, value in now.items():
            if name in self and (there := in_words(self[name], value)) != (
                typed := in_words(self[name], self[name].data)
            ):
                found.append(Difference(str(self[name].label.text), there, typed))
        return found


def in_words(field: Field, value: Any) -> str:
    """What a field would say with this value, as a page shows it."""
    if isinstance(field, BooleanField):
        return _("yes") if value else _("no")
    if hasattr(field, "iter_choices"):
        wanted = set(value) if isinstance(value, (list, tuple, set)) else {value}
        return ", ".join(str(one[1]) for one in field.iter_choices() if one[0] in wanted)
    return day(value) if isinstance(value, date) else str("" if value is None else value).strip()
