"""The single values of a service or an organization that somebody may mend: where each stands, what may stand
there, and the rows that put another value in its place. Pure.

A spot is told by the kind and id of its record, its field, and for texts the language; for opening hours the
day. What is withheld from everybody is in no spot: spots are made of public documents.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from community.directory.dialling import dialled_anew
from community.directory.hsds import profile
from community.directory.opening import weekly
from community.directory.withholding import CUT

LANGUAGES = ("en", "fr")
MOST = 120  # spots of one page
NEW = "new"  # in place of the id of a record that is not there yet

# Of each kind the fields that may be mended, and the form of each (see ``spot_values``).
FIELDS: Mapping[str, Mapping[str, str]] = {
    "service": {
        "name": "title",
        "description": "text",
        "application_process": "text",
        "eligibility_description": "text",
        "fees_description": "text",
        "send": "text",
        "url": "web",
        "email": "mail",
        "minimum_age": "age",
        "maximum_age": "age",
        "wait_days": "days",
        "status": "status",
    },
    "organization": {"name": "title", "description": "text", "website": "web", "email": "mail"},
    "phone": {"number": "phone", "extension": "extension", "description": "line"},
    "location": {"name": "line", "front_door": "line"},
    "address": {
        "address_1": "street",
        "address_2": "short",
        "city": "town",
        "state_province": "town",
        "postal_code": "postal",
    },
}
IN_TWO_LANGUAGES = frozenset({"title", "text", "line"})
# What may not be left empty.
ALWAYS = frozenset(
    {
        ("service", "name"),
        ("service", "status"),
        ("organization", "name"),
        ("address", "address_1"),
        ("address", "city"),
        ("address", "state_province"),
        ("address", "postal_code"),
    }
)
_Json = dict[str, Any]


@dataclass(frozen=True)
class Spot:
    """One value and where it stands. ``part`` is a language, a day of the week ("MO"), or nothing."""

    kind: str
    id: str
    name: str
    part: str
    value: str
    group: str  # of which form: texts, facts, phones, places, hours
    holder: tuple[str, str] = ("", "")  # of a phone: what it is the phone of

    @property
    def key(self) -> str:
        """Its name in a form."""
        return ".".join(filter(None, (self.kind, self.id, self.name, self.part)))

    @property
    def form(self) -> str:
        """What may stand there."""
        return "hours" if self.name == "hours" else FIELDS[self.kind][self.name]

    @property
    def needed(self) -> bool:
        """Whether it may not be left empty: of texts, in the language the record is in."""
        return (self.kind, self.name) in ALWAYS and (self.form not in IN_TWO_LANGUAGES or bool(self.value))


@dataclass(frozen=True)
class Mended:
    """Another value for a spot; ``file``: one that no form asks for, and only the last file can say."""

    kind: str
    id: str
    name: str
    part: str
    before: str
    after: str
    holder: tuple[str, str] = ("", "")
    file: bool = False

    @property
    def key(self) -> str:
        """That of its spot."""
        return ".".join(filter(None, (self.kind, self.id, self.name, self.part)))

    @property
    def calls(self) -> bool:
        """Whether it puts a telephone number there, in words too: two people must agree to it."""
        if (self.kind, self.name) == ("phone", "number"):
            return bool(self.after)
        return self.name != "hours" and dialled_anew(self.before, self.after)

    def as_values(self) -> _Json:
        """As it is kept."""
        return {**vars(self), "holder": list(self.holder)}


def mended_from(values: Mapping[str, Any]) -> Mended:
    """What :meth:`Mended.as_values` gave."""
    kind, id = values.get("holder") or ("", "")
    return Mended(**{**values, "holder": (kind, id)})


def is_mendable(kind: str, name: str) -> bool:
    """Whether those who keep a record may change this field of it, or this list."""
    return name in FIELDS.get(kind, {}) or name in {"phones", "schedules", "capacity"}


def of_service(document: _Json) -> list[Spot]:
    """Every spot of a service: its own, those of its phones, its places and their hours."""
    found = [*_own("service", document, "texts"), *_phones(("service", document["id"]), document)]
    for link in _objects(document.get("service_at_locations")):
        location = _object(link.get("location"))
        if location.get("id"):
            found += _place(location)
    holders = hours_holders(document)
    for kind, thing in holders:
        found += _hours(kind, thing)
    return found


def of_organization(document: _Json) -> list[Spot]:
    """Every spot of an organization: its own and those of its phones."""
    return [
        *_own("organization", document, "texts"),
        *_phones(("organization", document["id"]), document),
    ]


def hours_holders(document: _Json) -> list[tuple[str, _Json]]:
    """What the opening hours of a service hang on: each place, or the service where there is none."""
    found = []
    for link in _objects(document.get("service_at_locations")):
        location = _object(link.get("location"))
        if not link.get("schedules") and location.get("schedules"):
            found.append(("location", location))
        else:
            found.append(("service_at_location", link))
    if document.get("schedules") and not any(thing.get("schedules") for _, thing in found):
        return [("service", document)]
    return found or [("service", document)]


def _own(kind: str, thing: _Json, group: str) -> Iterator[Spot]:
    for name, form in FIELDS[kind].items():
        if form in IN_TWO_LANGUAGES:
            for lang in LANGUAGES:
                yield Spot(kind, thing["id"], name, lang, text_in(thing, name, lang), group)
        else:
            own = group if form in {"text", "title"} or group != "texts" else "facts"
            yield Spot(kind, thing["id"], name, "", plain(thing.get(name)), own)


def _phones(holder: tuple[str, str], thing: _Json) -> Iterator[Spot]:
    for one in _objects(thing.get("phones")):
        for spot in _own("phone", one, "phones"):
            yield Spot(**{**vars(spot), "holder": holder})


def _place(location: _Json) -> Iterator[Spot]:
    yield from _own("location", location, "places")
    if not location.get("address_withheld"):
        for one in _objects(location.get("addresses")):
            yield from _own("address", one, "places")
    yield from _phones(("location", location["id"]), location)


def _hours(kind: str, thing: _Json) -> Iterator[Spot]:
    week = weekly.of_schedules(_objects(thing.get("schedules")))
    for day in weekly.DAYS:
        yield Spot(kind, thing["id"], "hours", day, week.get(day, ""), "hours")


def text_in(thing: _Json, name: str, lang: str) -> str:
    """A text in this language and no other."""
    found = profile.text(thing, name, lang)
    return found.text if found.lang == lang else ""


def in_words(value: Any) -> str:
    """A value of any kind, as the history of a record tells it."""
    if value is None or isinstance(value, str):
        return value or ""
    return json.dumps(value, ensure_ascii=False)


def plain(value: Any) -> str:
    """A single value as people type it."""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return "" if value is None or isinstance(value, (dict, list)) else str(value)


def new_phone(holder: tuple[str, str]) -> list[Spot]:
    """The empty spots of a phone that is to be added."""
    return [
        Spot("phone", NEW, name, part, "", "phones", holder)
        for name, form in FIELDS["phone"].items()
        for part in (LANGUAGES if form in IN_TWO_LANGUAGES else ("",))
    ]


def digest(spots: Iterable[Spot]) -> str:
    """A word that changes when one of these values does."""
    told = "\n".join(f"{one.key}={one.value}" for one in spots)
    return hashlib.sha256(told.encode()).hexdigest()[:24]


def mended(spots: Iterable[Spot], values: Mapping[str, str]) -> list[Mended]:
    """What somebody changed, of the spots of a form; a text that shows a cut is left as it is."""
    found = []
    for one in spots:
        after = values.get(one.key)
        if after is None or after == one.value or CUT in after:
            continue
        found.append(Mended(one.kind, one.id, one.name, one.part, one.value, after, one.holder))
    return found


def _objects(given: Any) -> list[_Json]:
    found = [one for one in (given if isinstance(given, list) else ()) if isinstance(one, dict)]
    return [one for one in found if one.get("id")][:40]


def _object(given: Any) -> _Json:
    return given if isinstance(given, dict) else {}
