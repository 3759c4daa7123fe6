"""What the page of a service shows, from its public document."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from community.accounts.viewer import Viewer
from community.core import clock
from community.core.db import db
from community.core.errors import NotFound
from community.directory.finding import freshness, listed, marks, places
from community.directory.hsds import profile
from community.directory.hsds.checks import is_uuid
from community.directory.hsds.profile import Capacity, Text
from community.directory.models import Listing
from community.directory.opening import hours
from community.directory.opening.schedules import rules
from community.directory.permissions import listings_seen_by
from community.directory.queries import documents

MOST = 20  # of each kind of thing that is shown
_Json = dict[str, Any]


@dataclass(frozen=True)
class Place:
    """Where a service is given: its address, or the door that a withheld one has for everybody."""

    name: Text
    lines: tuple[str, ...]
    withheld: bool
    front_door: Text
    accessibility: tuple[str, ...]
    week: list[hours.Line]
    notes: tuple[str, ...]  # hours that are only told in words
    opening: hours.Span | None
    zone: str
    always: bool
    region: str


@dataclass(frozen=True)
class ServicePage:
    """A service as its page tells it."""

    id: str
    name: Text
    description: Text
    organization: Text
    organization_id: str
    website: str
    words: frozenset[str]
    status: str
    phones: list[_Json]
    places: list[Place]
    languages: tuple[Text, ...]
    fees: Text
    eligibility: Text
    application: Text
    send: Text
    documents: tuple[str, ...]
    minimum_age: float | None
    maximum_age: float | None
    wait_days: int | None
    capacity: Capacity | None
    capacity_state: str
    confirmed_on: date | None
    freshness: str
    others: list[tuple[str, Text]]


def service_page(viewer: Viewer, id: str, lang: str) -> ServicePage:
    """The page of a service in this language. :raises NotFound: there is none, or not for this viewer."""
    found = documents.service(viewer, id) if is_uuid(id) else None
    if found is None:
        raise NotFound()
    today = clock.today()
    facts = profile.read(found)
    organization = found.get("organization") if isinstance(found.get("organization"), dict) else {}
    locations = [_object(link.get("location")) for link in _all(found, "service_at_locations")]
    confirmed = listed.confirmed_on(found)
    owner = str((organization or {}).get("id") or "")
    return ServicePage(
        id=id,
        organization=profile.text(organization or {}, "name", lang),
        organization_id=owner,
        website=_address(found.get("url")) or _address((organization or {}).get("website")),
        words=frozenset(marks.of_facts(facts)),
        status=str(found.get("status") or "active"),
        phones=_phones(found, locations, lang),
        places=[_place(found, link, lang) for link in _all(found, "service_at_locations")],
        languages=tuple(profile.text(one, "name", lang) for one in _all(found, "languages")),
        documents=tuple(
            profile.text(one, "document", lang).text for one in _all(found, "required_documents")
        ),
        minimum_age=_age(found.get("minimum_age")),
        maximum_age=_age(found.get("maximum_age")),
        wait_days=facts.wait_days,
        capacity=facts.capacity,
        capacity_state=freshness.capacity_state(facts.capacity.as_of if facts.capacity else None, today),
        confirmed_on=confirmed,
        freshness=freshness.state(confirmed, today),
        others=_others(viewer, owner, id, lang) if owner else [],
        **_texts(found, lang),
    )


def _texts(found: _Json, lang: str) -> dict[str, Text]:
    fields = {
        "name": "name",
        "description": "description",
        "fees": "fees_description",
        "eligibility": "eligibility_description",
        "application": "application_process",
        "send": "send",
    }
    return {ours: profile.text(found, theirs, lang) for ours, theirs in fields.items()}


def _others(viewer: Viewer, organization_id: str, id: str, lang: str) -> list[tuple[str, Text]]:
    """What else the organization gives, by the names that lists show."""
    ids = [one["id"] for one in documents.services_of(viewer, organization_id) if one["id"] != id][:MOST]
    listings = listings_seen_by(viewer).with_only_columns(Listing.service_id, Listing.card)
    found = {}
    for service_id, card in db.session.execute(listings.where(Listing.service_id.in_(ids))):
        name, own = json.loads(card)["name"][lang]
        found[service_id] = Text(name, own, None)
    return [(one, found[one]) for one in ids if one in found]


def _place(found: _Json, link: _Json, lang: str) -> Place:
    location = _object(link.get("location"))
    withheld = bool(location.get("address_withheld"))
    address = {} if withheld else next(_all(location, "addresses"), {})
    region = _region(address)
    zone = listed.zone_of(location, region)
    schedules = next(
        (given for thing in (link, location, found) if (given := list(_all(thing, "schedules")))), []
    )
    understood = rules(schedules)
    return Place(
        name=profile.text(location, "name", lang),
        lines=_lines(address),
        withheld=withheld,
        front_door=profile.text(location, "front_door", lang),
        accessibility=tuple(_told(location, "accessibility", "description", lang)),
        week=hours.week(understood),
        notes=tuple(str(one["description"])[:300] for one in schedules if one.get("description")),
        opening=hours.current_or_next(understood, ZoneInfo(zone), clock.now()),
        zone=zone,
        always=hours.always_open(understood),
        region=region,
    )


def _told(thing: _Json, slot: str, field: str, lang: str) -> Iterator[str]:
    yield from (profile.text(one, field, lang).text for one in _all(thing, slot))


def _region(address: _Json) -> str:
    text = [str(address.get(name) or "") for name in ("postal_code", "state_province", "city")]
    return places.region_of(*text) if address else ""


def _lines(address: _Json) -> tuple[str, ...]:
    town = [str(address.get(name) or "") for name in ("city", "state_province", "postal_code")]
    lines = (
        str(address.get("address_1") or ""),
        str(address.get("address_2") or ""),
        " ".join(filter(None, town)),
    )
    return tuple(line for line in lines if line)


def _phones(found: _Json, locations: list[_Json], lang: str) -> list[_Json]:
    shown: dict[str, _Json] = {}
    for location in locations or [{}]:
        for one in listed.phones(found, location):
            shown.setdefault(one["tel"], {**one, "says": one["says"][lang][0]})
    return list(shown.values())[:MOST]


def _address(given: Any) -> str:
    return given if isinstance(given, str) and given.startswith(("https://", "http://")) else ""


def _age(given: Any) -> float | None:
    return float(given) if isinstance(given, (int, float)) and 0 < given < 120 else None


def _all(thing: _Json, name: str) -> Iterator[_Json]:
    given = thing.get(name)
    yield from [one for one in (given if isinstance(given, list) else ()) if isinstance(one, dict)][:MOST]


def _object(given: Any) -> _Json:
    return given if isinstance(given, dict) else {}
