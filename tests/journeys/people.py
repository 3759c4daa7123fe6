"""Who makes the journeys: some of the cast of the demonstration community, and newcomers to an empty one."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from typing import Any

from ground.console import ROOT

# As whom pages are looked at; the visitor is nobody of the demonstration.
CAST = {
    "visitor": "",
    "physician": "noemie-lavigne",
    "lived": "quiet-tamarack",
    "coordinator": "solene-marcoux",
    "administrator": "desmond-oakhurst",
}
PASSWORD = "three rivers and one footbridge"


@dataclass(frozen=True)
class Newcomer:
    """Somebody who joins, as they would fill in the form."""

    name: str  # empty: one of the proposed protected names
    email: str
    groups: tuple[str, ...]  # codes, as those of regions
    region: str = ""


PHYSICIAN = Newcomer("Wren Ashdown", "wren@example.org", ("physician",), "on")
COLLEAGUE = Newcomer("Rowan Birchall", "rowan@example.org", ("physician",), "on")
NURSE = Newcomer("Sage Lindqvist", "sage@example.org", ("nurse",), "mb")
LIVED = Newcomer("", "cedar@example.org", ("lived_experience",))


@cache
def name_of(id: str) -> str:
    """The name under which somebody of the demonstration writes."""
    text = (ROOT / "community" / "demo" / "data" / "people.toml").read_text(encoding="utf-8")
    people: list[dict[str, Any]] = tomllib.loads(text)["person"]
    return next(str(person["name"]) for person in people if person["id"] == id)
