"""What the people of the demonstration can answer and who is on call, as their file has it."""

from __future__ import annotations

import tomllib
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

from community.forum.themes import THEMES


@dataclass(frozen=True)
class CanAnswer:
    """What one name says it can answer."""

    person: str
    weekly: int
    themes: tuple[str, ...] = ()
    langs: tuple[str, ...] = ()
    by_name: bool = False


@dataclass(frozen=True)
class OnCall:
    """Days on call for a theme, from today."""

    person: str
    theme: str
    from_day: int
    until_day: int


@dataclass(frozen=True)
class Answering:
    """All of it, in the order of the file."""

    said: tuple[CanAnswer, ...]
    on_call: tuple[OnCall, ...]


@cache
def answering() -> Answering:
    """All of it. :raises TypeError: a field that nobody knows, or one that is missing."""
    text = resources.files("community.demo").joinpath("data/answering.toml").read_text("utf-8")
    rows = tomllib.loads(text)
    said = [CanAnswer(**_tuples(row)) for row in rows["can_answer"]]
    return Answering(tuple(said), tuple(OnCall(**row) for row in rows["on_call"]))


def _tuples(row: dict[str, Any]) -> dict[str, Any]:
    return {name: tuple(value) if isinstance(value, list) else value for name, value in row.items()}


def faults_of(found: Answering, known: Collection[str]) -> Iterator[str]:
    """What cannot be: a name or a theme that nobody knows."""
    people = {one.person for one in found.said} | {one.person for one in found.on_call}
    for name in sorted(people - set(known)):
        yield f"answering: nobody is called {name}"
    themes = {code for one in found.said for code in one.themes} | {one.theme for one in found.on_call}
    for theme in sorted(themes - set(THEMES)):
        yield f"answering: {theme} is no theme"
