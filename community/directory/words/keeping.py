"""What the pages of those who keep the directory say: names of fields, what is wrong, reasons."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date
from typing import Any

from babel.dates import get_day_names
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext

from community.core.i18n import current_language, day
from community.core.quarters import quarter_name
from community.directory.hsds import profile
from community.directory.mending.spots import Mended, Spot
from community.directory.opening.weekly import DAYS, from_text
from community.directory.queries.corrections import Difference
from community.directory.queries.history import Changed

FIELDS = {
    ("service", "name"): _l("Name of the service"),
    ("service", "description"): _l("What is offered"),
    ("service", "application_process"): _l("How to get in"),
    ("service", "eligibility_description"): _l("For whom"),
    ("service", "fees_description"): _l("Cost"),
    ("service", "send"): _l("What to send"),
    ("service", "url"): _l("Address of its page on the web"),
    ("service", "email"): _l("E-mail address"),
    ("service", "minimum_age"): _l("From which age, in years"),
    ("service", "maximum_age"): _l("Up to which age, in years"),
    ("service", "wait_days"): _l("Wait, in days"),
    ("service", "status"): _l("Whether it is offered now"),
    ("service", "assured_date"): _l("Confirmed"),
    ("service", "capacity"): _l("Places free"),
    ("service", "offered"): _l("Kinds of help"),
    ("service", "alternate_name"): _l("Other name"),
    ("service", "wait_time"): _l("Wait"),
    ("service", "interpretation_services"): _l("Interpretation"),
    ("service", "fees"): _l("Cost"),
    ("service", "licenses"): _l("Licences"),
    ("service", "accreditations"): _l("Accreditations"),
    ("service", "alert"): _l("Notice"),
    ("service", "last_modified"): _l("Last changed at its source"),
    ("service", "assurer_email"): _l("E-mail address of whoever confirmed it"),
    ("service", "organization_id"): _l("The organization"),
    ("organization", "alternate_name"): _l("Other name"),
    ("organization", "legal_status"): _l("Legal form"),
    ("organization", "year_incorporated"): _l("Year it was founded"),
    ("location", "alternate_name"): _l("Other name"),
    ("location", "description"): _l("What the place is like"),
    ("location", "transportation"): _l("How to get there"),
    ("location", "latitude"): _l("Latitude"),
    ("location", "longitude"): _l("Longitude"),
    ("location", "time_zone"): _l("Time zone"),
    ("address", "country"): _l("Country"),
    ("address", "region"): _l("Region"),
    ("phone", "type"): _l("Kind of telephone"),
    ("schedule", "opens_at"): _l("Opens at"),
    ("schedule", "closes_at"): _l("Closes at"),
    ("schedule", "byday"): _l("Days of the week"),
    ("schedule", "description"): _l("Hours in words"),
    ("schedule", "valid_from"): _l("From which day"),
    ("schedule", "valid_to"): _l("Up to which day"),
    ("organization", "name"): _l("Name of the organization"),
    ("organization", "description"): _l("What it is"),
    ("organization", "website"): _l("Address of its site on the web"),
    ("organization", "email"): _l("E-mail address"),
    ("phone", "number"): _l("Telephone number"),
    ("phone", "extension"): _l("Extension"),
    ("phone", "description"): _l("What the telephone is for"),
    ("location", "name"): _l("Name of the place"),
    ("location", "front_door"): _l("Where to go when the address is withheld"),
    ("location", "address_withheld"): _l("Address withheld, for safety"),
    ("address", "address_1"): _l("Street and number"),
    ("address", "address_2"): _l("Floor or office"),
    ("address", "city"): _l("Town"),
    ("address", "state_province"): _l("Province or territory"),
    ("address", "postal_code"): _l("Postal code"),
}
STATUSES = {
    "active": _l("Offered now"),
    "inactive": _l("Not offered now"),
    "temporarily closed": _l("Closed for a while"),
    "defunct": _l("Ended for good"),
}
WHAT = {
    "phone": _l("The telephone number is wrong"),
    "hours": _l("The hours are wrong"),
    "address": _l("The address is wrong"),
    "web": _l("The link does not work"),
    "closed": _l("The service is closed"),
    "other": _l("Something else is wrong"),
    "changed": _l("Something has changed"),
    "fields": _l("Other values are suggested"),
    "new": _l("A new organization"),
    "shown": _l("To show a withheld address again"),
}
BECAUSE = {
    "right": _l("We made sure: what stands there is right"),
    "unsure": _l("Nobody could confirm it"),
    "elsewhere": _l("It was corrected in another way"),
    "unsuited": _l("It does not belong in the directory"),
}
REPORTS = {
    "helpful": _l("Was helpful"),
    "waiting": _l("Put on a waiting list"),
    "refused": _l("Was refused"),
    "changed": _l("Something has changed"),
}
BY = {
    "keeper": _l("a keeper of the organization"),
    "coordinator": _l("a coordinator"),
    "correction": _l("a correction by a reader"),
    "import": _l("a file that was brought in"),
}
PARTS = {
    "texts": _l("Texts"),
    "facts": _l("Facts"),
    "phones": _l("Telephones"),
    "places": _l("Addresses"),
    "hours": _l("Hours"),
}
LANGUAGES = {"en": _l("in English"), "fr": _l("in French")}
STATES = {
    "waiting": _l("Waits"),
    "accepted": _l("Accepted"),
    "refused": _l("Was not accepted"),
}


def weekday(code: str) -> str:
    """A day of the week: Monday."""
    return str(get_day_names("wide", locale=current_language())[DAYS.index(code)]).capitalize()


def label(one: Spot | Mended | Changed) -> str:
    """The name of a value, with its language or its day."""
    if one.name == "hours":
        return weekday(one.part)
    words = str(FIELDS.get((one.kind, one.name), _("Another field (%(name)s)", name=one.name)))
    return _("%(field)s, %(lang)s", field=words, lang=LANGUAGES[one.part]) if one.part else words


def changed(one: Changed) -> str:
    """The name of what changed."""
    if one.name == "schedules":
        return _("Opening hours")
    return _("Telephones") if one.name == "phones" else label(one)


def value(one: Mended | Changed | Spot, words: str) -> str:
    """A value in words, whatever its form."""
    if not words:
        return ""
    in_words = _IN_WORDS.get(one.name)
    return in_words(words) if in_words else _plainly(words)


def _plainly(words: str) -> str:
    """A list or an object as the history keeps it, without its brackets; texts as they are."""
    found = _read(words)
    if isinstance(found, dict):
        return ", ".join(f"{name} {_plainly(str(said))}" for name, said in found.items())
    return ", ".join(_plainly(str(said)) for said in found) if isinstance(found, list) else words


def _read(words: str) -> Any:
    """The list or object that a value is; None for a text, and for what was too long to be kept in whole."""
    try:
        return json.loads(words) if words[0] in "[{" else None
    except (ValueError, RecursionError):
        return None


def _places(words: str) -> str:
    """Free places as the history keeps them: 3 places free of 8, 22 November 2026."""
    found = _read(words)
    free = found.get("available") if isinstance(found, dict) else None
    if not isinstance(free, int):
        return _plainly(words)
    said = ngettext("%(num)s place free", "%(num)s places free", free)
    if isinstance(total := found.get("total"), int):
        said = _("%(free)s of %(total)s", free=said, total=total)
    return f"{said}, {on(found['as_of'])}" if found.get("as_of") else said


def _help(words: str) -> str:
    """Codes of kinds of help, by their names."""
    found = _read(words)
    terms = [profile.find(str(code)) for code in found] if isinstance(found, list) else []
    return ", ".join(
        one.name_fr if current_language() == "fr" else one.name_en for one in terms if one
    ) or _plainly(words)


def _week(words: str) -> str:
    """Hours of a week as the history keeps them, with days that have their names."""
    days = from_text(words)
    return "; ".join(f"{weekday(code)} {spans}" for code, spans in days.items() if spans)


_IN_WORDS: dict[str, Callable[[str], str]] = {
    "status": lambda words: str(STATUSES.get(words, words)),
    "address_withheld": lambda words: _("Yes") if words.lower() == "true" else _("No"),
    "schedules": _week,
    "capacity": _places,
    "offered": _help,
    "assured_date": lambda words: on(words),
    "last_modified": lambda words: on(words[:10]),
}
# What the register says of those who keep the directory.
REGISTER: dict[str, object] = {
    "directory.correction_accepted": _l("Correction to the directory accepted"),
    "directory.correction_refused": _l("Correction to the directory not accepted"),
    "directory.correction_seconded": _l("Telephone number agreed to, for a second person"),
    "directory.keeper_named": _l("Keeper of an organization named"),
    "directory.keeper_ended": _l("Keeping of an organization ended"),
    "directory.address_withheld": _l("Address withheld, for safety"),
    "directory.address_asked_for": _l("Withheld address: asked to show it again"),
}


def moved(one: Difference) -> str:
    """What stands there now, when that was changed since."""
    return value(one.mended, one.now)


def on(text: str) -> str:
    """A day of the history: 22 November 2026."""
    try:
        return day(date.fromisoformat(text))
    except ValueError:
        return text


def quarter(year: int, number: int) -> str:
    """A quarter: January to March 2026."""
    return quarter_name(year, number)


def heading(one: Spot, place: int, of: int) -> str:
    """Above the fields of one record."""
    if one.id == "new":
        return _("One more telephone")
    words = str(_HEADINGS.get("hours" if one.name == "hours" else one.kind, ""))
    return f"{words} {place}" if of > 1 else words


_HEADINGS = {
    "service": _l("The service"),
    "organization": _l("The organization"),
    "phone": _l("Telephone"),
    "location": _l("The place"),
    "address": _l("Address"),
    "hours": _l("Opening hours"),
}
_PROPOSED = {
    "name_en": _l("Name, in English"),
    "name_fr": _l("Name, in French"),
    "description_en": _l("What it is, in English"),
    "description_fr": _l("What it is, in French"),
    "website": _l("Address of its site on the web"),
    "phone": _l("Telephone number"),
}


def proposed(field: str) -> str:
    """The name of a field of a proposed organization."""
    return str(_PROPOSED.get(field, ""))
