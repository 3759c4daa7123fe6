"""Where people work and live: provinces, territories and Québec's sociosanitary regions.

The facts are in `data/regions.toml`. A code is "on" for a province or territory and "qc-06" for a
region under one.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from types import MappingProxyType

from community.core.errors import NotFound
from community.core.folding import sort_key


@dataclass(frozen=True, slots=True)
class Region:
    """One place of `data/regions.toml`. `order` runs west to east, a province before its regions."""

    code: str
    parent: str | None
    iso: str
    order: int
    name_en: str
    name_fr: str
    in_en: str
    in_fr: str
    time_zones: tuple[str, ...]

    def name(self, lang: str) -> str:
        """« Québec » or "Quebec"."""
        return self.name_fr if lang == "fr" else self.name_en

    def located(self, lang: str) -> str:
        """The name as it stands in a sentence: « au Québec », "in Quebec"."""
        return self.in_fr if lang == "fr" else self.in_en

    def sort_key(self, lang: str) -> str:
        """The folded key that orders names in this language."""
        return sort_key(self.name(lang))


@cache
def _read() -> Mapping[str, Region]:
    text = resources.files("community.core").joinpath("data/regions.toml").read_text("utf-8")
    rows = tomllib.loads(text)["region"]
    provinces = [row for row in rows if "parent" not in row]
    listed = [
        row
        for province in provinces
        for row in (province, *(r for r in rows if r.get("parent") == province["code"]))
    ]
    isos = {row["code"]: row["iso"] for row in provinces}
    return MappingProxyType(
        {
            row["code"]: Region(
                code=row["code"],
                parent=row.get("parent"),
                iso=isos[row.get("parent", row["code"])],
                order=order,
                name_en=row["name_en"],
                name_fr=row["name_fr"],
                in_en=row["in_en"],
                in_fr=row["in_fr"],
                time_zones=tuple(row["time_zones"]),
            )
            for order, row in enumerate(listed)
        }
    )


REGIONS: Mapping[str, Region] = _read()


def region(code: str) -> Region:
    """The region of that code. Raises NotFound for any other text."""
    try:
        return REGIONS[code]
    except KeyError:
        raise NotFound() from None


def provinces() -> tuple[Region, ...]:
    """The thirteen provinces and territories, in their order."""
    return tuple(place for place in REGIONS.values() if place.parent is None)


@cache
def children(code: str) -> tuple[Region, ...]:
    """The regions directly under that one, in their order; often none."""
    return tuple(place for place in REGIONS.values() if place.parent == code)


def with_ancestors(code: str) -> tuple[str, ...]:
    """The code and what it lies in, nearest first: ("qc-06", "qc"). Unknown codes give nothing."""
    found: list[str] = []
    place = REGIONS.get(code)
    while place is not None:
        found.append(place.code)
        place = REGIONS.get(place.parent) if place.parent else None
    return tuple(found)


def within(code: str) -> tuple[str, ...]:
    """The code and every region under it: what a filter on Québec takes in."""
    return (code, *(place.code for place in children(code))) if code in REGIONS else ()
