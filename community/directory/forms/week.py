"""Hours of an ordinary week as fields of a form: for each day from when until when, or round the clock."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, StringField
from wtforms.validators import ValidationError
from wtforms.widgets import TimeInput

from community.core.forms import Form

DAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
NAMES = {
    "MO": (_l("Monday, from"), _l("Monday, until")),
    "TU": (_l("Tuesday, from"), _l("Tuesday, until")),
    "WE": (_l("Wednesday, from"), _l("Wednesday, until")),
    "TH": (_l("Thursday, from"), _l("Thursday, until")),
    "FR": (_l("Friday, from"), _l("Friday, until")),
    "SA": (_l("Saturday, from"), _l("Saturday, until")),
    "SU": (_l("Sunday, from"), _l("Sunday, until")),
}
_HOUR = re.compile(r"([01]\d|2[0-3]):[0-5]\d(:[0-5]\d)?")


class _Time(StringField):  # type: ignore[misc]
    """A time of day, or nothing."""

    widget = TimeInput()

    def pre_validate(self, form: Form) -> None:
        """:raises ValidationError: what was typed is no time."""
        if self.data and not _HOUR.fullmatch(self.data.strip()):
            raise ValidationError(_("Write the hour as hours:minutes, for example 13:30."))


class Week(Form):
    """Seven days; a day without hours is closed."""

    always = BooleanField(_l("Day and night, every day"))

    def rows(self) -> list[tuple[Any, Any]]:
        """The two fields of each day, Monday first."""
        return [(self[f"opens_{day}"], self[f"closes_{day}"]) for day in DAYS]

    def validate(self, extra_validators: Mapping[str, Any] | None = None) -> bool:
        """Both hours of a day or none."""
        fine = bool(super().validate(extra_validators))
        for opens, closes in self.rows():
            if bool(opens.data) != bool(closes.data):
                field = opens if closes.data else closes
                field.errors = [*field.errors, _("Give both hours of the day, or none.")]
                fine = False
        return fine

    def schedules(self) -> tuple[dict[str, str], ...]:
        """What was typed as schedules of HSDS, the days with the same hours together."""
        if self.always.data:
            return (_weekly(",".join(DAYS), "00:00", "00:00"),)
        days: dict[tuple[str, str], list[str]] = {}
        for day, (opens, closes) in zip(DAYS, self.rows(), strict=True):
            if opens.data:
                days.setdefault((opens.data.strip()[:5], closes.data.strip()[:5]), []).append(day)
        return tuple(_weekly(",".join(some), *times) for times, some in days.items())


for _day in DAYS:
    setattr(Week, f"opens_{_day}", _Time(NAMES[_day][0]))
    setattr(Week, f"closes_{_day}", _Time(NAMES[_day][1]))


def _weekly(days: str, opens: str, closes: str) -> dict[str, str]:
    return {"freq": "WEEKLY", "byday": days, "opens_at": opens, "closes_at": closes}


def week_data(schedules: Iterable[Mapping[str, str]]) -> dict[str, Any]:
    """The values of the fields for these schedules of HSDS."""
    found: dict[str, Any] = {}
    for one in schedules:
        days, opens, closes = one.get("byday", ""), one.get("opens_at", ""), one.get("closes_at", "")
        if opens == closes == "00:00" and days == ",".join(DAYS):
            return {"always": True}
        for day in days.split(","):
            found[f"opens_{day}"], found[f"closes_{day}"] = opens[:5], closes[:5]
    return found
