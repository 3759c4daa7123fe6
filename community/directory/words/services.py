"""What the directory says in sentences: reasons, openings, freshness, the words of filters."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from babel.dates import format_time, get_day_names
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext

from community.core import clock
from community.core.i18n import NBSP, current_language, day, number
from community.core.regions import REGIONS
from community.directory.finding import freshness
from community.directory.finding.finder import Reason
from community.directory.hsds import profile
from community.directory.opening import hours

AGES = {"youth": _l("Under 18"), "adult": _l("18 to 64"), "senior": _l("65 and over")}
URGENCIES = {"today": _l("Today"), "week": _l("This week"), "month": _l("This month")}
LANGUAGES = {"fr": _l("In French"), "en": _l("In English"), "other": _l("In another language")}
WISHES = {
    "open": _l("Open now"),
    "self": _l("Without a referral"),
    "free": _l("Free of charge"),
    "accessible": _l("Accessible place"),
    "remote": _l("By telephone or online"),
}
SITUATIONS = {
    "pregnancy": _l("Pregnancy"),
    "several-problems": _l("Several problems at once"),
    "housing": _l("No home"),
    "indigenous": _l("Indigenous person"),
    "women": _l("Woman"),
    "high-tolerance": _l("Still using"),
}
_PLAIN = {
    "words": _l("fits your words"),
    "same-day": _l("starts the same day"),
    "drop-in": _l("no appointment needed"),
    "open": _l("open now"),
    "region": _l("in the region asked"),
    "corridor": _l("reached by a service corridor"),
    "own-corridor": _l("a corridor in force leads there from where you work"),
    "corridor-in-force": _l("a corridor in force leads there"),
    "any-clinician": _l("any clinician may refer"),
    "self": _l("people may come on their own"),
    "window": _l("reached through the single window"),
    "fresh": _l("confirmed recently"),
    "stale": _l("not confirmed for six months: call before sending anybody"),
}


# What keeps its capital wherever it stands.
_PROPER = frozenset({"English", "French", "Indigenous"})


def label(code: str) -> str:
    """A word of the profile, in the language of the page."""
    return profile.label(code, current_language())


def within(words: str) -> str:
    """Words as they stand inside a sentence: without the capital of its beginning."""
    if words[1:2].isupper() or words[1:2].isdigit() or words.split(" ", 1)[0] in _PROPER:
        return words
    return words[:1].lower() + words[1:]


def series(some: Iterable[str]) -> str:
    """Several things in one line: only the first begins with a capital."""
    return ", ".join(within(words) if place else words for place, words in enumerate(some))


def labels(codes: Iterable[str]) -> str:
    """Words of the profile in one line."""
    return series(label(code) for code in codes)


def coded(codes: Iterable[str], prefix: str) -> str:
    """Those of one group ("offers-") in one line."""
    return labels(code for code in sorted(codes) if code.startswith(prefix))


def languages(names: Sequence[profile.Text]) -> str:
    """Names of languages in one line; in French they have no capital."""
    shown = [one.text for one in names]
    french = all(one.lang == "fr" for one in names)
    return series(shown) if french else ", ".join(shown)


def reason(one: Reason) -> str:
    """Why a service stands where it does, as the end of a sentence; "" for what needs no word."""
    if one.code in _PLAIN:
        return str(_PLAIN[one.code])
    if one.code == "wait":
        return wait(int(one.facts[0]))
    if one.code == "distance":
        return _("about %(km)s km away", km=number(int(one.facts[0])))
    if one.code == "language":
        return _("served in French") if one.facts[0] == "fr" else _("served in English")
    if one.code == "only":
        return _("only for: %(whom)s", whom=within(label(one.facts[0])))
    return within(label(one.facts[0])) if one.facts else ""


def reasons(some: tuple[Reason, ...]) -> str:
    """Several reasons in one line."""
    return ", ".join(words for words in map(reason, some) if words)


def wait(days: int) -> str:
    """How long one waits."""
    return _("no wait") if days <= 0 else ngettext("about %(num)s day", "about %(num)s days", days)


def at(moment: time) -> str:
    """A time on the wall: 8 h, 13 h 30; 8:00 a.m."""
    if current_language() == "fr":
        return f"{moment.hour}{NBSP}h" + (f"{NBSP}{moment.minute:02d}" if moment.minute else "")
    return str(format_time(moment, "h:mm a", locale="en_CA")).replace("\u202f", NBSP).replace(" ", NBSP)


def weekday(number: int) -> str:
    """A day of the week, 0 for Monday."""
    return str(get_day_names("wide", locale=current_language())[number])


def days(line: hours.Line) -> str:
    """Monday; Monday to Wednesday."""
    if line.first == line.last:
        return weekday(line.first).capitalize()
    last = weekday(line.last)
    if current_language() == "en":
        last = last.capitalize()
    return _("%(day)s to %(last)s", day=weekday(line.first).capitalize(), last=last)


def times(line: hours.Line) -> str:
    """8:00 a.m. to 4:00 p.m., or round the clock."""
    if any(opens == closes for opens, closes in line.times):
        return _("day and night")
    spans = (_("%(opens)s to %(closes)s", opens=at(opens), closes=at(closes)) for opens, closes in line.times)
    return ", ".join(spans)


def opening(opens: datetime | None, closes: datetime | None, zone: str) -> str:
    """Whether a place is open, and until or from when, on its own clock. "" when its hours are not known."""
    if opens is None or closes is None:
        return ""
    there, now = ZoneInfo(zone), clock.now()
    if opens <= now:
        if (closes - now).days >= 2:
            return _("Open day and night")
        return _("Open now, until %(time)s", time=at(closes.astimezone(there).time()))
    local, today = opens.astimezone(there), now.astimezone(there).date()
    if local.date() == today:
        return _("Closed. Opens today at %(time)s", time=at(local.time()))
    if (local.date() - today).days < 7:
        return _("Closed. Opens %(day)s at %(time)s", day=_named(local.date()), time=at(local.time()))
    return _("Closed. Opens on %(day)s", day=day(local.date()))


def _named(when: date) -> str:
    words = weekday(when.weekday())
    return words.capitalize() if current_language() == "en" else words


@dataclass(frozen=True)
class Free:
    """Places that were free, in words; grey when that was a week ago."""

    words: str
    grey: bool


def free(told: dict[str, Any] | None) -> Free | None:
    """Free places as a list shows them; None once nobody should count on them."""
    as_of = date.fromisoformat(told["as_of"]) if told else None
    state = freshness.capacity_state(as_of, clock.today())
    if told is None or as_of is None or state == "hidden":
        return None
    facts = {"available": told["available"], "total": told["total"], "day": day(as_of)}
    if told["total"] is None:
        return Free(_("%(available)s (told on %(day)s)", **facts), state == "grey")
    return Free(_("%(available)s of %(total)s (told on %(day)s)", **facts), state == "grey")


def confirmed(on: date | None) -> str:
    """When somebody last made sure of a listing."""
    if on is None:
        return _("Never confirmed")
    old = freshness.age(on, clock.today()) or 0
    if old >= freshness.SINK:
        return ngettext("To be checked: %(num)s day", "To be checked: %(num)s days", old)
    return _("Confirmed %(day)s", day=day(on))


def region_name(code: str) -> str:
    """The name of a region as lists show it."""
    if code in REGIONS:
        return REGIONS[code].name(current_language())
    return _("All of Canada") if code == "" else _("Region not told")


def substance(code: str) -> str:
    """The name of a substance."""
    return label(f"substances-{code}")


def place(typed: str) -> str:
    """What was typed as a place, with the name of a region instead of its code."""
    return region_name(typed.lower()) if typed.lower() in REGIONS else typed
