"""A large directory that nobody can take for a real one: for measuring. Pure: a number in, services out."""

from __future__ import annotations

import random
from collections.abc import Iterator
from typing import Any
from uuid import UUID, uuid5

from community.directory.hsds.profile import TERMS

_SPACE = UUID("3f6b7b3e-9f0f-5c0e-8a52-6d9f0c1d2e3f")
_WHAT = (
    "Imaginary clinic",
    "Imaginary shelter",
    "Imaginary drop-in",
    "Imaginary help line",
    "Imaginary centre",
)
_QUOI = (
    "Clinique imaginaire",
    "Refuge imaginaire",
    "Halte imaginaire",
    "Ligne imaginaire",
    "Centre imaginaire",
)
# A place of each province and territory: city, province, the beginning of its postal codes, position.
_PLACES = (
    ("Montréal", "QC", "H2X", 45.51, -73.57),
    ("Québec", "QC", "G1R", 46.81, -71.21),
    ("Toronto", "ON", "M5V", 43.64, -79.40),
    ("Ottawa", "ON", "K1A", 45.42, -75.70),
    ("Vancouver", "BC", "V6B", 49.28, -123.11),
    ("Calgary", "AB", "T2P", 51.05, -114.07),
    ("Regina", "SK", "S4P", 50.45, -104.61),
    ("Winnipeg", "MB", "R3C", 49.89, -97.15),
    ("Moncton", "NB", "E1C", 46.09, -64.78),
    ("Halifax", "NS", "B3J", 44.65, -63.57),
    ("Charlottetown", "PE", "C1A", 46.24, -63.13),
    ("St. John's", "NL", "A1C", 47.56, -52.71),
    ("Whitehorse", "YT", "Y1A", 60.72, -135.06),
    ("Yellowknife", "NT", "X1A", 62.45, -114.37),
    ("Iqaluit", "NU", "X0A", 63.75, -68.52),
)
_TEXT = "It exists nowhere and takes nobody. These words stand here so that there is something to read. " * 4


def _id(what: str, number: int) -> str:
    return str(uuid5(_SPACE, f"{what} {number}"))


def services(number: int) -> Iterator[dict[str, Any]]:
    """So many services, always the same ones: each of about a dozen records, some of one organization."""
    for one in range(number):
        yield _service(one)


def _service(number: int) -> dict[str, Any]:
    dice = random.Random(number)  # noqa: S311 (nothing secret is drawn)
    what = dice.randrange(len(_WHAT))
    place = _PLACES[dice.randrange(len(_PLACES))]
    codes = [term.full for group in TERMS.values() for term in group.values()]
    return {
        "id": _id("service", number),
        "name": f"{_WHAT[what]} {number}",
        "status": "active",
        "description": f"{_WHAT[what]} number {number}. {_TEXT}",
        "eligibility_description": "Nobody, because it does not exist.",
        "minimum_age": dice.choice((0, 12, 18)),
        "maximum_age": dice.choice((25, 64, 120)),
        "assured_date": f"2026-{dice.randint(1, 11):02d}-{dice.randint(1, 28):02d}",
        "texts_in": "en",
        "translations": {"fr": {"name": {"text": f"{_QUOI[what]} {number}", "as_of": "2026-11-01"}}},
        "offered": sorted(dice.sample(codes, 6)),
        "capacity": {"available": dice.randint(0, 9), "total": 12, "unit": "beds", "as_of": "2026-11-20"},
        "organization": _organization(number // 20),
        "phones": [{"id": _id("phone", number), "number": f"555-01{number % 100:02d}", "type": "voice"}],
        "languages": [
            {"id": _id(f"language {code}", number), "name": name, "code": code}
            for code, name in (("en", "English"), ("fr", "French"))
        ],
        "schedules": [_schedule(number, day) for day in ("MO,TU,WE,TH,FR", "SA")],
        "service_at_locations": [
            {"id": _id("at", number), "location": _location(number, place, dice)},
        ],
    }


def _organization(number: int) -> dict[str, Any]:
    return {
        "id": _id("organization", number),
        "name": f"Imaginary organization {number}",
        "description": "It does not exist.",
        "website": "https://example.org/",
    }


def _schedule(number: int, days: str) -> dict[str, Any]:
    times = {"opens_at": "08:30", "closes_at": "16:30"}
    return {"id": _id(f"hours {days}", number), "freq": "WEEKLY", "byday": days, **times}


def _location(number: int, place: tuple[str, str, str, float, float], dice: random.Random) -> dict[str, Any]:
    city, province, code, north, east = place
    return {
        "id": _id("location", number),
        "location_type": "physical",
        "name": f"Imaginary place {number}",
        "latitude": round(north + dice.uniform(-0.2, 0.2), 5),
        "longitude": round(east + dice.uniform(-0.2, 0.2), 5),
        "accessibility": [{"id": _id("accessibility", number), "description": "A ramp that does not exist"}],
        "addresses": [
            {
                "id": _id("address", number),
                "address_1": f"{number} Nowhere Street",
                "city": city,
                "state_province": province,
                "postal_code": f"{code} 0A0",
                "country": "CA",
                "address_type": "physical",
            }
        ],
    }
