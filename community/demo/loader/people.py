"""The people of the demonstration, as their file has them. Pure but for the file."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from functools import cache
from importlib import resources
from types import MappingProxyType
from typing import Any

from community.accounts import audiences


@dataclass(frozen=True)
class Title:
    """A professional title: where its checking stands, and from when until when, in days from today."""

    profession: str
    jurisdiction: str
    state: str  # verified, expired, claimed
    since_days: int
    until_days: int | None = None

    def holds(self, ago: timedelta) -> bool:
        """Whether it was verified that long ago."""
        if self.state == "claimed" or self.until_days is None:
            return False
        return timedelta(days=-self.until_days) < ago <= timedelta(days=self.since_days)


@dataclass(frozen=True)
class Also:
    """A second, protected name of the same account. Nobody is told."""

    id: str
    name: str
    lang: str
    groups: tuple[str, ...]
    kind: str = "protected"


@dataclass(frozen=True)
class Person:
    """A name, what is said of it, and what is entrusted to it."""

    id: str
    name: str
    kind: str  # public, protected
    lang: str
    groups: tuple[str, ...]
    region: str = ""
    credential: Title | None = None
    also: Also | None = None
    duties: tuple[str, ...] = ()
    member_of: tuple[str, ...] = ()
    guest_of: tuple[str, ...] = ()
    guest_days: int = 20
    cast: bool = False
    about_en: str = ""
    about_fr: str = ""

    def about(self, lang: str) -> str:
        """The sentence of the sign-in page."""
        return self.about_fr if lang == "fr" else self.about_en

    def moderates(self, slug: str) -> bool:
        """Whether this person moderates the space of that name."""
        return f"moderator:{slug}" in self.duties


def admitted(groups: tuple[str, ...], title: Title | None, ago: timedelta) -> set[str]:
    """The audiences of a name that long ago, memberships apart."""
    found = {audiences.EVERYONE, audiences.MEMBER} | audiences.of_groups(groups)
    if title is not None and title.holds(ago):
        found |= audiences.of_title(title.profession)
    return found


@cache
def people() -> Mapping[str, Person]:
    """Everybody by id, in the order of the file."""
    text = resources.files("community.demo").joinpath("data/people.toml").read_text("utf-8")
    return read(text)


def read(text: str) -> Mapping[str, Person]:
    """The people of that text. :raises TypeError: a field that nobody knows, or one that is missing."""
    rows = [_person(row) for row in tomllib.loads(text)["person"]]
    return MappingProxyType({person.id: person for person in rows})


def _person(row: dict[str, Any]) -> Person:
    plain: dict[str, Any] = {
        name: tuple(value) if isinstance(value, list) else value for name, value in row.items()
    }
    if "credential" in row:
        plain["credential"] = Title(**row["credential"])
    if "also" in row:
        plain["also"] = Also(**{**row["also"], "groups": tuple(row["also"]["groups"])})
    return Person(**plain)


def cast() -> tuple[Person, ...]:
    """Those whom a visitor may enter as."""
    return tuple(person for person in people().values() if person.cast)


def names() -> Mapping[str, Person | Also]:
    """Every name by id, the second ones included."""
    found: dict[str, Person | Also] = {}
    for person in people().values():
        found[person.id] = person
        if person.also is not None:
            found[person.also.id] = person.also
    return MappingProxyType(found)


def account_of(name_id: str) -> str:
    """The person behind an id of ``people`` or ``also``: known to the files, never to the database."""
    for person in people().values():
        if name_id in (person.id, person.also.id if person.also else None):
            return person.id
    raise KeyError(name_id)
