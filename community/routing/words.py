"""What routing calls its things, in the language of the page."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from babel.dates import format_date
from flask_babel import gettext as _
from flask_babel import ngettext

from community.core import clock
from community.core.i18n import LOCALES, current_language, day, zone
from community.forum.words import delay, theme_name
from community.routing.models import AnswerMonth
from community.routing.queries.asking import today
from community.routing.queries.waiting import Waiting

_A_WEEK = 7
ALL, NONE = "all", ""


def waited(since: datetime, *, protected: bool = False) -> str:
    """How long a question has had no answer: hours for two days, then days; days alone where protected."""
    hours = max(int((clock.now() - since).total_seconds() // 3600), 0)
    if protected:
        days = max((today() - since.astimezone(zone()).date()).days, 0)
        return _days(days) if days else _("Asked today")
    if hours < 1:
        return _("Just asked")
    if hours < 48:
        return ngettext("No answer for %(num)s hour", "No answer for %(num)s hours", hours)
    return _days(hours // 24)


def _days(days: int) -> str:
    return ngettext("No answer for %(num)s day", "No answer for %(num)s days", days)


def why(line: Waiting) -> str:
    """Why a question is laid before its reader."""
    if line.why == "on_call" and line.until:
        theme = theme_name(line.theme)
        return _("You are on call for %(theme)s until %(day)s", theme=theme, day=near(line.until))
    if line.why == "on_call":
        return _("You were on call when it waited")
    if line.why == "keeper":
        return _("You keep this space, and nobody has answered for three days")
    if line.why == "by_name":
        return _("The person who asked chose you by name")
    return _("It lies in what you said you can answer")


def near(value: date) -> str:
    """A day close by as its weekday, another as its date."""
    ahead = (value - today()).days
    if ahead == 0:
        return _("this evening")
    if 0 < ahead < _A_WEEK:
        return format_date(value, "EEEE", locale=LOCALES[current_language()])
    return day(value)


def month(value: date) -> str:
    """October 2026."""
    return str(format_date(value, "LLLL y", locale=LOCALES[current_language()]))


def short_month(value: date) -> str:
    """Oct."""
    return str(format_date(value, "LLL", locale=LOCALES[current_language()]))


def theme_line(code: str) -> str:
    """What a row of the figures is about."""
    return {ALL: _("All themes"), NONE: _("Without a theme")}.get(code) or theme_name(code)


def reached(row: AnswerMonth, seconds: int | None) -> str:
    """A percentile in words: a length of time, or that so many never had an answer."""
    if seconds is not None:
        return delay(seconds)
    return _("not reached")


def described(rows: Sequence[AnswerMonth]) -> str:
    """A chart in one sentence, for whoever does not see it."""
    shown = [row for row in rows if row.median is not None]
    if not shown:
        return _("No month has enough questions to be shown.")
    first, last = shown[0], shown[-1]
    return _(
        "The median went from %(first)s in %(from)s to %(last)s in %(to)s.",
        first=delay(first.median or 0),
        last=delay(last.median or 0),
        **{"from": month(first.month), "to": month(last.month)},
    )
