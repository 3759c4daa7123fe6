"""From a service's public document to its rows in lists: one per place. Pure."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from community.directory.finding import marks, places
from community.directory.hsds import profile
from community.directory.opening import hours
from community.directory.opening.schedules import MOST, rules

MOST_PLACES = 50  # of one service; more would be a list of its own
SUMMARY = 220  # characters of a description that a card shows
UNKNOWN = "--"
_SCHEDULE = (
    "freq",
    "interval",
    "byday",
    "bymonthday",
    "byyearday",
    "byweekno",
    "wkst",
    "dtstart",
    "until",
    "count",
    "valid_from",
    "valid_to",
    "opens_at",
    "closes_at",
)
_FREE = ("free", "gratuit", "no cost", "aucun", "none", "sans frais", "no fee")
_Json = dict[str, Any]


@dataclass(frozen=True)
class Row:
    """A service at a place as the table keeps it."""

    service_id: str
    place_id: str
    region: str
    marks: int
    minimum_age: float | None
    maximum_age: float | None
    confirmed_on: date | None
    open_from: datetime | None
    open_until: datetime | None
    latitude: float | None
    longitude: float | None
    wait_days: int | None
    zone: str
    schedules: str
    card: str


def rows(document: _Json, now: datetime) -> list[Row]:
    """The rows of a service; none when it is not given now."""
    if str(document.get("status") or "active") != "active":
        return []
    links = list(_objects(document.get("service_at_locations")))[:MOST_PLACES]
    return [_row(document, link, now) for link in links or [{}]]


def _row(document: _Json, link: _Json, now: datetime) -> Row:
    location = _object(link.get("location"))
    address = next(_objects(location.get("addresses")), {})
    withheld = bool(location.get("address_withheld"))
    region = _region(document, location, address)
    north, east = (None, None) if withheld else _position(location, address)
    zone = zone_of(location, region)
    schedules = _schedules(link) or _schedules(location) or _schedules(document)
    span = hours.current_or_next(rules(schedules), ZoneInfo(zone), now)
    facts = profile.read(document)
    return Row(
        service_id=str(document["id"]),
        place_id=str(location.get("id") or ""),
        region=region,
        marks=marks.number(marks.of_facts(facts) | _more(document, location)),
        minimum_age=_age(document.get("minimum_age")),
        maximum_age=_age(document.get("maximum_age")),
        confirmed_on=confirmed_on(document),
        open_from=span.opens if span else None,
        open_until=span.closes if span else None,
        latitude=north,
        longitude=east,
        wait_days=facts.wait_days,
        zone=zone,
        schedules=json.dumps(schedules),
        card=json.dumps(_card(document, location, address), ensure_ascii=False),
    )


def regions(document: _Json) -> set[str]:
    """The regions in which a service is given, as its rows would say."""
    links = list(_objects(document.get("service_at_locations")))[:MOST_PLACES]
    places_of = [_object(link.get("location")) for link in links or [{}]]
    return {_region(document, one, next(_objects(one.get("addresses")), {})) for one in places_of}


def zone_of(location: _Json, region: str) -> str:
    """The place's own time zone where it names one, else that of its region."""
    named = str(location.get("time_zone") or "")
    try:
        return ZoneInfo(named).key if named and len(named) <= 40 else places.zone_of(region)
    except (KeyError, ValueError, OSError):
        return places.zone_of(region)


def _region(document: _Json, location: _Json, address: _Json) -> str:
    if address and not location.get("address_withheld"):
        text = {name: str(address.get(name) or "") for name in ("postal_code", "state_province", "city")}
        return places.region_of(text["postal_code"], text["state_province"], text["city"]) or UNKNOWN
    named = [str(area.get("name") or "") for area in _objects(document.get("service_areas"))]
    found = {area.region for area in map(places.understood, named) if area is not None}
    if found:
        provinces = {code[:2] for code in found}
        return next(iter(found)) if len(found) == 1 else next(iter(provinces)) if len(provinces) == 1 else ""
    return UNKNOWN if location.get("address_withheld") else ""


def _position(location: _Json, address: _Json) -> tuple[float | None, float | None]:
    north, east = location.get("latitude"), location.get("longitude")
    if isinstance(north, (int, float)) and isinstance(east, (int, float)):
        return float(north), float(east)
    area = places.areas().get(places.cut(str(address.get("postal_code") or "")))
    return (area.latitude, area.longitude) if area else (None, None)


def _schedules(thing: _Json) -> list[_Json]:
    found = _objects(thing.get("schedules"))
    return [{name: one[name] for name in _SCHEDULE if one.get(name) is not None} for one in found][:MOST]


def confirmed_on(document: _Json) -> date | None:
    """The day on which somebody last made sure of it."""
    try:
        return date.fromisoformat(str(document.get("assured_date"))[:10])
    except ValueError:
        return None


def _age(given: Any) -> float | None:
    return float(given) if isinstance(given, (int, float)) and 0 <= given < 200 else None


def _more(document: _Json, location: _Json) -> set[str]:
    """What plain HSDS says, in the words of lists: languages, cost, accessibility."""
    spoken = [*_objects(document.get("languages")), *_objects(location.get("languages"))]
    found = {_language(one) for one in spoken}
    fees = str(document.get("fees_description") or "").lower()
    if any(word in fees for word in _FREE) or any(one.get("amount") == 0 for one in _costs(document)):
        found.add("free")
    if next(_objects(location.get("accessibility")), None):
        found.add("accessible")
    if not location or location.get("location_type") == "virtual":
        found.add("remote")
    return found


def _costs(document: _Json) -> Iterator[_Json]:
    return _objects(document.get("cost_options"))


def _language(one: _Json) -> str:
    code = str(one.get("code") or "").lower()[:2]
    name = str(one.get("name") or "").lower()
    if code == "fr" or name in {"french", "français"}:
        return "lang-fr"
    return "lang-en" if code == "en" or name in {"english", "anglais"} else "lang-other"


def _card(document: _Json, location: _Json, address: _Json) -> _Json:
    organization = _object(document.get("organization"))
    phone = next((one for one in phones(document, location)), None)
    return {
        "name": _both(document, "name"),
        "summary": {
            lang: [text[:SUMMARY], own] for lang, (text, own) in _both(document, "description").items()
        },
        "organization": _both(organization, "name"),
        "town": str(address.get("city") or "")[:80],
        "withheld": bool(location.get("address_withheld")),
        "front_door": _both(location, "front_door"),
        "phone": phone,
        "send": _both(document, "send"),
        "capacity": _capacity(document),
    }


def _capacity(document: _Json) -> _Json | None:
    """How many places were free, and on which day: without a day nobody is told."""
    told = profile.read(document).capacity
    if told is None or told.available is None or told.as_of is None:
        return None
    return {"available": told.available, "total": told.total, "as_of": told.as_of.isoformat()}


def _both(thing: _Json, name: str) -> dict[str, list[str]]:
    found = {lang: profile.text(thing, name, lang) for lang in ("fr", "en")}
    return {lang: [one.text, one.lang] for lang, one in found.items()}


def phones(document: _Json, location: _Json) -> Iterator[_Json]:
    """The telephones of a service, those of the place first: number, address for a link, what it is for."""
    organization = _object(document.get("organization"))
    for thing in (location, document, organization):
        for one in _objects(thing.get("phones")):
            shown = str(one.get("number") or "").strip()[:40]
            digits = "".join(character for character in shown if character.isdigit())
            if shown:
                extension = str(one.get("extension") or "")[:10]
                yield {
                    "shown": shown,
                    "tel": digits,
                    "extension": extension,
                    "says": _both(one, "description"),
                }


def _objects(given: Any) -> Iterator[_Json]:
    yield from (one for one in (given if isinstance(given, list) else ()) if isinstance(one, dict))


def _object(given: Any) -> _Json:
    return given if isinstance(given, dict) else {}
