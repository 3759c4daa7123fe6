"""Days and hours as people type them, with errors in the language of the page."""

from __future__ import annotations

from datetime import date, datetime, time
from typing import Any

from flask_babel import gettext as _
from wtforms import DateField, TimeField

from community.core.i18n import zone


class Day(DateField):  # type: ignore[misc]
    """A day; ``required=True`` refuses an empty one."""

    data: date | None

    def __init__(self, label: Any = None, *, required: bool = False, **more: Any) -> None:
        super().__init__(label, **more)
        self.required = required

    def process_formdata(self, valuelist: list[str]) -> None:
        """:raises ValueError: what was typed is no day, or nothing was."""
        typed = " ".join(valuelist).strip()
        if not typed:
            self.data = None
            if self.required:
                raise ValueError(_("Choose a day."))
            return
        try:
            super().process_formdata([typed])
        except ValueError:
            raise ValueError(_("Write the date as year-month-day.")) from None


class Hour(TimeField):  # type: ignore[misc]
    """An hour of the day, always asked."""

    def __init__(self, label: Any = None, **more: Any) -> None:
        super().__init__(label, format=["%H:%M", "%H:%M:%S"], **more)

    def process_formdata(self, valuelist: list[str]) -> None:
        """:raises ValueError: what was typed is no hour."""
        try:
            super().process_formdata([" ".join(valuelist).strip()])
        except ValueError:
            raise ValueError(_("Write the hour as hours:minutes, for example 13:30.")) from None


def moment_of(day: date, hour: time) -> datetime:
    """That hour of that day where the site is."""
    return datetime.combine(day, hour, tzinfo=zone())


def end_of(day: date) -> datetime:
    """The last second of that day where the site is: "until" a day includes it."""
    return datetime.combine(day, time(23, 59, 59), tzinfo=zone())
