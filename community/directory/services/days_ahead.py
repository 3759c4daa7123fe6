"""How far ahead something is planned or looked at again: nobody keeps to a day of another decade."""

from __future__ import annotations

from datetime import date, timedelta

from flask_babel import lazy_gettext as _l

from community.core import clock
from community.core.errors import Invalid

LATEST = timedelta(days=730)


def check_review(review_on: date | None, before: date | None) -> None:
    """The day of the next review: to come, unless it stood there before. :raises Invalid: it is none such."""
    check_near("review_on", review_on)
    if review_on != before and review_on is not None and review_on <= clock.today():
        raise Invalid("review_on", _l("Choose a day to come."))


def check_near(field: str, day: date | None) -> None:
    """:raises Invalid: no day is named, or one more than two years ahead."""
    if day is None or day > clock.today() + LATEST:
        raise Invalid(field, _l("Choose a day within two years."))
