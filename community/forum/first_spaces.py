"""The spaces a new community starts with, read from `data/spaces.toml`. Pure: writes nothing."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

KINDS = ("public", "lived", "policy", "clinical", "regional", "committee")
MEMBERS = "members"  # the space's own members; "space:<id>" once the space has an id


@dataclass(frozen=True, slots=True)
class FirstSpace:
    """A space before it is stored: its words, its axis, and the audiences of its three acts."""

    slug: str
    kind: str
    name_en: str
    name_fr: str
    description_en: str
    description_fr: str
    see: tuple[str, ...]
    post: tuple[str, ...]
    moderate: tuple[str, ...]
    theme: str = ""
    region: str = ""
    mandate_en: str = ""
    mandate_fr: str = ""


@cache
def first_spaces() -> tuple[FirstSpace, ...]:
    """All of them, in the order of the menus."""
    text = resources.files("community.forum").joinpath("data/spaces.toml").read_text("utf-8")
    return tuple(_space(row) for row in tomllib.loads(text)["space"])


def _space(row: dict[str, Any]) -> FirstSpace:
    audiences: dict[str, Any] = {act: tuple(row[act]) for act in ("see", "post", "moderate")}
    return FirstSpace(**{**row, **audiences})
