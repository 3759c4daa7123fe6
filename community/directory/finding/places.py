"""Where somebody looks for help, never finer than a postal area, and how far that is from a place. Pure.

What is typed is a region, the first three characters of a postal code, or a town. A whole postal code is cut
to its area before anything else sees it. Distances are between the centre of that area and the place, as the
crow flies, so they say nothing of who asks.
"""

from __future__ import annotations

import csv
import re
from collections import Counter
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
def _towns() -> Mapping[str, Mapping[str, Area]]:
    """Towns by their folded name, then by province, the largest first: the middle of its areas."""
    text = resources.files("community.directory").joinpath("data/areas.csv").read_text("utf-8")
    found: dict[str, list[tuple[str, Area]]] = {}
    for row in csv.DictReader(line for line in text.splitlines() if not line.startswith("#")):
        for name in _names(row["name"]):
            found.setdefault(_folded(name), []).append((name, areas()[row["area"]]))
    return MappingProxyType({key: _by_province(some) for key, some in found.items()})


def _by_province(some: list[tuple[str, Area]]) -> Mapping[str, Area]:
    """One town for each province that has one of this name. Where more postal areas are, more people live."""
    found: dict[str, list[Area]] = {}
    for _, area in some:
        found.setdefault(area.region[:2], []).append(area)
    by_size = sorted(found.items(), key=lambda one: (-len(one[1]), one[0]))
    return MappingProxyType({code: _middle(some[0][0], inside) for code, inside in by_size})


_SIDES = re.compile(
    r"\s+(?:north|south|east|west|northeast|northwest|southeast|southwest|central|centre|outer|inner|downtown)\b.*$",
    re.IGNORECASE,
)


def _names(written: str) -> set[str]:
    """Of "Quebec City East" and "Nunavik (Kuujjuaq / Inukjuak)": the towns that are named."""
    parts = [part.strip() for part in re.split(r"[()/]", written) if part.strip()]
    bare = (_SIDES.sub("", re.sub(r"^(?:Downtown|Central|Old|Greater)\s+", "", part)) for part in parts)
    return {name for name in (*parts, *bare) if len(name) > 2}


def _folded(name: str) -> str:
    plain = re.sub(r"[^a-z0-9]+", " ", sort_key(name)).strip()
    return re.sub(r"\bsainte?\b", lambda word: "ste" if word[0] == "sainte" else "st", plain)


def _middle(name: str, some: Iterable[Area]) -> Area:
    found = [area for area in some if area.latitude is not None and area.longitude is not None]
    region, _ = Counter(area.region for area in found).most_common(1)[0]
    north = sum(area.latitude or 0 for area in found) / len(found)
    east = sum(area.longitude or 0 for area in found) / len(found)
    return Area(name, region, north, east)


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
    """The area meant: "qc-06", "H2X", "H2X 1Y4", "Rimouski", "Kingston, ON". None: nobody knows it."""
    plain = cut(typed)
    if not plain:
        return None
    if plain.lower() in REGIONS:
        return _of_region(plain.lower())
    if plain.upper() in areas():
        return areas()[plain.upper()]
    if _POSTAL.match(plain.upper()):  # an area that our table lacks: its first letter tells the province
        return _of_region({**_LETTERS, **_MORE_LETTERS}.get(plain[0].upper(), ""))
    return _of_name(_folded(plain)) or _of_town_and_province(_folded(plain).split())


def _of_region(code: str) -> Area | None:
    return (centre(code) or Area(code, code, None, None)) if code in REGIONS else None


@cache
def _region_names() -> Mapping[str, str]:
    found: dict[str, str] = {}
    for code, region in REGIONS.items():  # a province before its regions: "Québec" is the province
        for name in (region.name_fr, region.name_en, region.iso):
            found.setdefault(_folded(name), code)
    for code, region in REGIONS.items():  # "Saguenay", "Gaspésie": half of a name is what people say
        for part in re.split(r"–| et | and ", region.name_fr) if "-" in code else ():
            found.setdefault(_folded(part), code)
    return MappingProxyType(_HALVES | found)


_HALVES = {
    "abitibi": "qc-08",
    "temiscamingue": "qc-08",
}  # their names are apart by a hyphen, as all others are


def _of_name(folded: str, province: str = "") -> Area | None:
    """The region or town of this name; of several towns the one in that province, else the largest."""
    code = _region_names().get(folded)
    if code and (not province or code[:2] == province):
        return _of_region(code)
    towns = _towns().get(folded) or _towns().get(f"{folded} city") or _beginning(folded)
    return towns.get(province) if province else next(iter(towns.values()), None)


def _beginning(folded: str) -> Mapping[str, Area]:
    """The only town whose name begins with these whole words: "Rouyn" is Rouyn-Noranda."""
    keys = sorted((key for key in _towns() if key.startswith(f"{folded} ")), key=len)
    alone = len(folded) > 3 and keys and all(f"{key} ".startswith(f"{keys[0]} ") for key in keys)
    return _towns()[keys[0]] if alone else {}


def _of_town_and_province(words: list[str]) -> Area | None:
    """ "Kingston, ON", "Windsor (Nouvelle-Écosse)": the town in that province, else the province."""
    for at in range(1, len(words)):
        province = _province(" ".join(words[at:]))
        if province:
            return _of_name(" ".join(words[:at]), province) or _of_region(province)
    return None


def region_of(postal_code: str, province: str = "", town: str = "") -> str:
    """The region of an address: by its postal area, else its town, else its province; "" when unknown."""
    code = _POSTAL.match(" ".join(postal_code.split()).upper())
    if code and code[1] in areas():
        return areas()[code[1]].region
    there = _province(province)
    if named := _of_name(_folded(town), there) if town else None:
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
