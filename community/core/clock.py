"""The one place that asks what time it is, so that tests can say."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from flask import current_app, has_app_context

from config import TIME_ZONE


def now() -> datetime:
    """This moment, in UTC, with its zone."""
    return datetime.now(UTC)


def today() -> date:
    """Today's date where the site is, as its readers count days: in the evening, UTC has tomorrow already.

    What is kept is kept by this day, as it is to be shown. Where there is no site, that of one which does
    not say where it is.
    """
    site = current_app.extensions.get("settings") if has_app_context() else None
    return now().astimezone(ZoneInfo(site.time_zone if site else TIME_ZONE)).date()


def this_hour() -> datetime:
    """This moment cut to the hour: what the account side may keep of a sign-in."""
    return now().replace(minute=0, second=0, microsecond=0)


def quarter_after(moment: datetime) -> datetime:
    """The next quarter of the hour: where nobody may learn the minute, nothing is told before it."""
    cut = moment.replace(minute=moment.minute - moment.minute % 15, second=0, microsecond=0)
    return cut + timedelta(minutes=15)


def ago(**parts: float) -> datetime:
    """A moment in the past: ``ago(days=2)``."""
    return now() - timedelta(**parts)
