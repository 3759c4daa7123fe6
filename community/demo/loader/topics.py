"""The conversations of the demonstration, as their files have them. Pure but for the files."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from functools import cache
from importlib import resources
from typing import Any

from community.forum.models.posts import REACTIONS, VALID_MONTHS
from community.forum.services.topics import Facts


@dataclass(frozen=True)
class Said:
    """One post: the opening text of a topic (number 1) or a reply."""

    author: str
    body: str
    lang: str = ""
    after_hours: float = 0
    note: tuple[str, ...] = ()
    basis: str = ""
    accepted: bool = False
    jurisdiction: str = ""
    valid_months: int = VALID_MONTHS
    sources: tuple[dict[str, str], ...] = ()
    withdrawn: bool = False
    quote: int = 0
    helpful: tuple[str, ...] = ()
    thanks: tuple[str, ...] = ()
    lived: tuple[str, ...] = ()
    evidence_please: tuple[str, ...] = ()

    @property
    def reactions(self) -> Iterator[tuple[str, str]]:
        """Kind and person, one after the other."""
        for kind in REACTIONS:
            for person in getattr(self, kind):
                yield kind, person


@dataclass(frozen=True)
class Conversation:
    """A topic: where, what, when, and everything that was said, the opening text first.

    ``in_month``: the day of the month before last on which it began, whatever the day of loading: enough
    questions of one month are answered for its figures to be shown. ``days_ago`` is then about so many.
    """

    space: str
    id: str
    kind: str
    level: str
    lang: str
    title: str
    days_ago: int
    hour: int
    said: tuple[Said, ...] = field(repr=False)
    region: str = ""
    theme: str = ""
    closed: bool = False
    guest: str = ""
    in_month: int = 0
    facts: dict[str, Any] = field(default_factory=dict)  # of a case, codes by the name of their list

    @property
    def bands(self) -> Facts:
        """The facts of a case."""
        plain: dict[str, Any] = {
            name: tuple(value) if isinstance(value, list) else value for name, value in self.facts.items()
        }
        return Facts(**plain)

    @property
    def author(self) -> str:
        """Who began."""
        return self.said[0].author

    def ago(self, post: Said) -> timedelta:
        """How long ago that was written, whatever the day of loading."""
        return timedelta(days=self.days_ago) - timedelta(hours=post.after_hours)


_OPENING = {"author", "body", "note", "basis", "sources", *REACTIONS}


@cache
def conversations() -> tuple[Conversation, ...]:
    """All of them, by space, in the order of the files."""
    folder = resources.files("community.demo").joinpath("data/topics")
    files = sorted(
        (file for file in folder.iterdir() if file.name.endswith(".toml")), key=lambda file: file.name
    )
    return tuple(
        conversation
        for file in files
        if file.name.endswith(".toml")
        for conversation in read(file.name.removesuffix(".toml"), file.read_text("utf-8"))
    )


def read(space: str, text: str) -> tuple[Conversation, ...]:
    """The conversations of one space. :raises TypeError: a field that nobody knows or that is missing."""
    return tuple(_conversation(space, row) for row in tomllib.loads(text).get("topic", []))


def _conversation(space: str, row: dict[str, Any]) -> Conversation:
    opening = {name: value for name, value in row.items() if name in _OPENING}
    opening["sources"] = [*row.get("sources", []), *row.get("source", [])]
    rest = {name: value for name, value in row.items() if name not in {*_OPENING, "post", "source"}}
    said = [_said(opening), *(_said(post) for post in row.get("post", []))]
    return Conversation(space=space, said=tuple(said), **rest)


def _said(row: dict[str, Any]) -> Said:
    plain: dict[str, Any] = {
        n: tuple(value) if isinstance(value, list) else value for n, value in row.items()
    }
    plain["body"] = row["body"].strip()
    return Said(**plain)
