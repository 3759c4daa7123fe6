"""What a person may send to the privacy centre."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, DateField, HiddenField, StringField, TextAreaField
from wtforms.validators import InputRequired

from community.accounts.privacy.registers import LONGEST, POINTS
from community.accounts.privacy.words import point_hint, point_name
from community.core.forms import Creates, Form
from community.core.forms import Words as Length


class CloseForm(Form):
    """Closing the account. What becomes of each name is beside it, as ``choice:<name>``."""

    sure = BooleanField(_l("Yes, close my account. I know that there is no way back."))


class RecordForm(Creates):
    """An entry of a register: each point, or why it is not known. Its fields are added by ``form_of``."""

    version = HiddenField(default="0")
    known_on = DateField(
        _l("Day on which it became known"),
        validators=[InputRequired(_l("Give the day on which it became known."))],
    )

    @property
    def points(self) -> list[tuple[Any, Any]]:
        """The fields of each point: what is known, and why it is not."""
        return [(self[point], self[f"{point}_unknown"]) for point in self.asked]

    asked: tuple[str, ...] = ()

    def said(self) -> tuple[dict[str, str], dict[str, str]]:
        """What was written for each point, and what was written instead."""
        known = {point: self[point].data or "" for point in self.asked}
        return known, {point: self[f"{point}_unknown"].data or "" for point in self.asked}


def form_of(register: str, **values: Any) -> RecordForm:
    """The form of a register, in the language of the page."""
    fields: dict[str, Any] = {"asked": POINTS[register]}
    for point in POINTS[register]:
        name = point_name(register, point)
        fields[point] = TextAreaField(
            name, description=point_hint(register, point), validators=[Length(0, LONGEST, name)]
        )
        fields[f"{point}_unknown"] = StringField(
            _l("Or why it is not known"), validators=[Length(0, LONGEST, _l("The reason"))]
        )
    form: RecordForm = type("RecordForm", (RecordForm,), fields)(data=values)
    return form
