"""What the pages of those who keep the directory say: names of fields, what is wrong, reasons."""

from __future__ import annotations

from datetime import date

from babel.dates import get_day_names
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from community.core.i18n import current_language, day
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
    ("service", "status"): _l("Whether it is given now"),
    ("service", "assured_date"): _l("Confirmed"),
    ("service", "capacity"): _l("Places free"),
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
    "active": _l("Given now"),
    "inactive": _l("Not given now"),
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
    words = str(FIELDS.get((one.kind, one.name), _("Another field")))
    return _("%(field)s, %(lang)s", field=words, lang=LANGUAGES[one.part]) if one.part else words


def changed(one: Changed) -> str:
    """The name of what changed."""
    if one.name == "schedules":
        return _("Opening hours")
    return _("Telephones") if one.name == "phones" else label(one)


def value(one: Mended | Changed | Spot, words: str) -> str:
    """A value in words where it is one of a list."""
    if one.name == "status":
        return str(STATUSES.get(words, words))
    if one.name == "address_withheld":
        return _("Yes") if words else ""
    return _week(words) if one.name == "schedules" else words


def _week(words: str) -> str:
    """Hours of a week as the history keeps them, with days that have their names."""
    days = from_text(words)
    return "; ".join(f"{weekday(code)} {spans}" for code, spans in days.items() if spans)


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
    names = (
        _("January to March %(year)s", year=year),
        _("April to June %(year)s", year=year),
        _("July to September %(year)s", year=year),
        _("October to December %(year)s", year=year),
    )
    return names[number - 1]


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
