"""The committees of the demonstration, as their file has them. Pure but for the file."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any


@dataclass(frozen=True)
class Meeting:
    """A meeting, so many days from today; one to come has no minutes."""

    days_from_now: int
    hour: int
    lang: str
    agenda: str
    minutes: str = ""


@dataclass(frozen=True)
class Decision:
    """What was decided, so many days from today."""

    days_from_now: int
    lang: str
    text: str


@dataclass(frozen=True)
class Committee:
    """Why it exists, who sits on it, what it settled."""

    slug: str
    chair: str
    members: tuple[str, ...]
    mandate_en: str
    mandate_fr: str
    meetings: tuple[Meeting, ...]
    decisions: tuple[Decision, ...]


@cache
def committees() -> tuple[Committee, ...]:
    """All of them, in the order of the file."""
    text = resources.files("community.demo").joinpath("data/committees.toml").read_text("utf-8")
    return read(text)


def read(text: str) -> tuple[Committee, ...]:
    """The committees of that text. :raises TypeError: a field that nobody knows or that is missing."""
    return tuple(_committee(row) for row in tomllib.loads(text).get("committee", []))


def _committee(row: dict[str, Any]) -> Committee:
    meetings = tuple(Meeting(**_stripped(meeting)) for meeting in row.pop("meeting", []))
    decisions = tuple(Decision(**_stripped(decision)) for decision in row.pop("decision", []))
    plain = {**_stripped(row), "members": tuple(row["members"])}
    return Committee(meetings=meetings, decisions=decisions, **plain)


def _stripped(row: dict[str, Any]) -> dict[str, Any]:
    return {name: value.strip() if isinstance(value, str) else value for name, value in row.items()}
