"""Help lines: the dated records a new site starts with, and which of them a place shows.

The records are in `data/help_lines.toml`, each with its source. A line may have no number (Nunavut
has no 911): then `tel` is empty, and its sentence says what to do.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib import resources
from typing import Any

from community.core.regions import with_ancestors

KINDS = (
    "emergency",
    "overdose",
    "suicide",
    "health",
    "drugs",
    "treatment",
    "poison",
    "crisis",
)
EVERYWHERE = "*"


@dataclass(frozen=True, slots=True)
class HelpLine:
    """One line as its source describes it. `status` says whether a person has called it."""

    id: str
    kind: str
    regions: frozenset[str]
    but: frozenset[str]
    tel: str
    text: str
    shown_en: str
    shown_fr: str
    name_en: str
    name_fr: str
    says_en: str
    says_fr: str
    languages: tuple[str, ...]
    always: bool
    source: str
    source_date: date | None
    checked: date
    status: str

    def shown(self, lang: str) -> str:
        """The number as people write it in this language; empty when there is none."""
        return self.shown_fr if lang == "fr" else self.shown_en

    def name(self, lang: str) -> str:
        """What the line is called."""
        return self.name_fr if lang == "fr" else self.name_en

    def says(self, lang: str) -> str:
        """What it is for, in a sentence or two."""
        return self.says_fr if lang == "fr" else self.says_en

    def serves(self, places: Iterable[str]) -> bool:
        """Whether it answers in that place, given as the code with what it lies in."""
        codes = frozenset(places)
        if codes & self.but:
            return False
        return EVERYWHERE in self.regions or bool(codes & self.regions)


def _line(row: Mapping[str, Any]) -> HelpLine:
    given = {"but": (), "text": "", "source_date": None, **row}
    given["regions"] = frozenset(given["regions"])
    given["but"] = frozenset(given["but"])
    given["languages"] = tuple(given["languages"])
    return HelpLine(**given)


@cache
def first_lines() -> tuple[HelpLine, ...]:
    """Every record of the data file, in its order. An administrator may change them later."""
    text = resources.files("community.core").joinpath("data/help_lines.toml").read_text("utf-8")
    return tuple(_line(row) for row in tomllib.loads(text)["line"])


def lines_for(region: str, lines: Iterable[HelpLine] | None = None) -> tuple[HelpLine, ...]:
    """The lines that answer in a region, the most urgent kind first.

    An empty or unknown region gives those that answer everywhere.
    """
    places = with_ancestors(region)
    found = [line for line in (first_lines() if lines is None else lines) if line.serves(places)]
    return tuple(sorted(found, key=lambda line: KINDS.index(line.kind)))
