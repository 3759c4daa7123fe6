"""Where somebody looks for help, never finer than a postal area, and how far that is from a place. Pure.

What is typed is a region, the first three characters of a postal code, or a town. A whole postal code is cut
to its area before anything else sees it. Distances are between the centre of that area and the place, as the
crow flies, so they say nothing of who asks.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from math import asin, cos, radians, sin, sqrt
from types import MappingProxyType

from community.core.folding import sort_key
from community.core.regions import REGIONS, with_ancestors, within

_EARTH = 6371.0  # km, mean radius
_POSTAL = re.compile(r"^([ABCEGHJ-NPRSTVXY]\d[ABCEGHJ-NPRSTV-Z])(?:[ -]?\d[A-Z]\d)?$")
_LETTERS = {"A": "nl", "B": "ns", "C": "pe", "E": "nb", "G": "qc", "H": "qc", "J": "qc", "R": "mb", "S": "sk"}
_MORE_LETTERS = {"T": "ab", "V": "bc", "Y": "yt", **dict.fromkeys("KLMNP", "on")}
LONGEST = 80  # characters of a place that are looked at


@dataclass(frozen=True)
class Area:
    """Somewhere as coarse as one may say: its region (perhaps none) and its centre in degrees."""

    name: str
    region: str
    latitude: float | None
    longitude: float | None


@cache
def areas() -> Mapping[str, Area]:
    """Every postal area of Canada by its three characters (``data/areas.csv``)."""
    text = resources.files("community.directory").joinpath("data/areas.csv").read_text("utf-8")
    rows = csv.DictReader(line for line in text.splitlines() if not line.startswith("#"))
    return MappingProxyType(
        {
            row["area"]: Area(row["area"], row["region"], float(row["latitude"]), float(row["longitude"]))
            for row in rows
        }
    )


@cache
def _towns() -> Mapping[str, Area]:
    """Towns by their folded name: the middle of the areas that bear it."""
    text = resources.files("community.directory").joinpath("data/areas.csv").read_text("utf-8")
    found: dict[str, list[tuple[str, Area]]] = {}
    for row in csv.DictReader(line for line in text.splitlines() if not line.startswith("#")):
        for name in _names(row["name"]):
            found.setdefault(_folded(name), []).append((name, areas()[row["area"]]))
    return MappingProxyType(
        {key: _middle(some[0][0], [area for _, area in some]) for key, some in found.items()}
    )


_SIDES = re.compile(
    r"\s+(?:north|south|east|west|northeast|northwest|southeast|southwest|central|centre|outer|inner|downtown)\b.*$",
    re.IGNORECASE,
)


def _names(written: str) -> set[str]:
    """Of "Quebec City East" and "Nunavik (Kuujjuaq / Inukjuak)": the towns that are named."""
    parts = [part.strip() for part in re.split(r"[()/]", written) if part.strip()]
    bare = (_SIDES.sub("", re.sub(r"^(?:Downtown|Central|Old)\s+", "", part)) for part in parts)
    return {name for name in (*parts, *bare) if len(name) > 2}


def _folded(name: str) -> str:
    plain = re.sub(r"[^a-z0-9]+", " ", sort_key(name)).strip()
    return re.sub(r"\bsainte?\b", lambda word: "ste" if word[0] == "sainte" else "st", plain)


def _middle(name: str, some: Iterable[Area]) -> Area:
    found = [area for area in some if area.latitude is not None and area.longitude is not None]
    regions = {area.region for area in found}
    north = sum(area.latitude or 0 for area in found) / len(found)
    east = sum(area.longitude or 0 for area in found) / len(found)
    return Area(name, found[0].region if len(regions) == 1 else found[0].region[:2], north, east)


@cache
def centre(code: str) -> Area | None:
    """The middle of a region's postal areas: nearer to where people live than that of its outline."""
    inside = [area for area in areas().values() if area.region in within(code)]
    if not inside:
        return None
    middle = _middle(code, inside)
    return Area(code, code, middle.latitude, middle.longitude)


def cut(typed: str) -> str:
    """What was typed, without the half of a postal code that would say which street."""
    plain = " ".join(typed.split())[:LONGEST]
    found = _POSTAL.match(plain.upper())
    return found[1] if found else plain


def understood(typed: str) -> Area | None:
    """The area meant: "qc-06", "Montréal", "H2X", "H2X 1Y4", "Rimouski". None when nobody knows it."""
    plain = cut(typed)
    if not plain:
        return None
    if plain.lower() in REGIONS:
        return _of_region(plain.lower())
    if plain.upper() in areas():
        return areas()[plain.upper()]
    if _POSTAL.match(plain.upper()):  # an area that our table lacks: its first letter tells the province
        return _of_region({**_LETTERS, **_MORE_LETTERS}.get(plain[0].upper(), ""))
    return _of_name(_folded(plain))


def _of_region(code: str) -> Area | None:
    return (centre(code) or Area(code, code, None, None)) if code in REGIONS else None


@cache
def _region_names() -> Mapping[str, str]:
    found: dict[str, str] = {}
    for code, region in REGIONS.items():  # a province before its regions: "Québec" is the province
        for name in (region.name_fr, region.name_en, region.iso):
            found.setdefault(_folded(name), code)
    return MappingProxyType(found)


def _of_name(folded: str) -> Area | None:
    code = _region_names().get(folded)
    return _of_region(code) if code else _towns().get(folded) or _towns().get(f"{folded} city")


def region_of(postal_code: str, province: str = "", town: str = "") -> str:
    """The region of an address: by its postal area, else its town, else its province; "" when unknown."""
    code = _POSTAL.match(" ".join(postal_code.split()).upper())
    if code and code[1] in areas():
        return areas()[code[1]].region
    named = _of_name(_folded(town)) if town else None
    there = _province(province)
    if named and (not there or named.region[:2] == there):
        return named.region
    return there or ({**_LETTERS, **_MORE_LETTERS}.get(code[1][0], "") if code else "")


def _province(given: str) -> str:
    folded = _folded(given)
    return folded if folded in REGIONS else _region_names().get(folded, "")[:2]


def distance(here: Area, latitude: float | None, longitude: float | None) -> float | None:
    """Kilometres as the crow flies (haversine), None where one end is unknown."""
    if here.latitude is None or here.longitude is None or latitude is None or longitude is None:
        return None
    north, south = radians(here.latitude), radians(latitude)
    half = sin((south - north) / 2) ** 2
    half += cos(north) * cos(south) * sin(radians(longitude - here.longitude) / 2) ** 2
    return 2 * _EARTH * asin(min(1.0, sqrt(half)))


def zone_of(region: str) -> str:
    """The time zone in which most people of that region live; that of Toronto where nothing is known."""
    for code in with_ancestors(region):
        if REGIONS[code].time_zones:
            return REGIONS[code].time_zones[0]
    return "America/Toronto"


@cache
def nearest_regions(code: str) -> tuple[str, ...]:
    """Provinces, or regions of the same province, from the nearest to the farthest, without itself."""
    here = centre(code)
    if here is None:
        return ()
    parent = REGIONS[code].parent
    others = (other for other, place in REGIONS.items() if other != code and place.parent == parent)
    far = [(distance(here, *_degrees(other)), other) for other in others]
    return tuple(other for away, other in sorted((away, other) for away, other in far if away is not None))


def _degrees(code: str) -> tuple[float | None, float | None]:
    middle = centre(code)
    return (middle.latitude, middle.longitude) if middle else (None, None)
