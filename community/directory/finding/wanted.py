"""What somebody looks for, from the address of a page: nothing else is ever kept of it. Pure.

A value that means nothing is left out, so that an old link still leads somewhere.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from community.directory.finding import marks, places
from community.directory.finding.finder import AGES, SITUATIONS, URGENCIES, Situation
from community.directory.finding.places import Area

NEEDS = (
    "offers-oat",
    "offers-withdrawal-management",
    "offers-supplies",
    "offers-naloxone",
    "offers-drug-checking",
    "offers-supervised-consumption",
    "offers-managed-alcohol",
    "offers-counselling",
    "offers-peer-support",
    "offers-residential",
    "offers-housing",
    "offers-family-support",
    "offers-crisis-line",
    "offers-mental-health",
    "oat-injectable",
)
LANGUAGES = ("fr", "en", "other")
WISHES = ("open", "self", "free", "accessible", "remote")
_MARK = {"self": "access-self", "free": "free", "accessible": "accessible", "remote": "remote"}
_ONE = ("q", "where", "age", "urgency")
_MANY = ("need", "substance", "people", "lang", "wish")
LAST_PAGE = 10
LONGEST = 200  # characters of the words that are looked up


@dataclass(frozen=True)
class Wanted:
    """The words of a search. ``q`` is what somebody says they look for; ``where`` is as it was typed, cut to
    a postal area; ``area`` what it means."""

    q: str = ""
    where: str = ""
    area: Area | None = None
    age: str = ""
    urgency: str = ""
    need: frozenset[str] = frozenset()
    substance: frozenset[str] = frozenset()
    people: frozenset[str] = frozenset()
    lang: frozenset[str] = frozenset()
    wish: frozenset[str] = frozenset()
    page: int = 1

    @property
    def any(self) -> bool:
        """Whether anything is asked at all."""
        return any(getattr(self, name) for name in (*_ONE, *_MANY))

    @property
    def region(self) -> str:
        """The region asked; "" for everywhere, or for a place that nobody knows."""
        return self.area.region if self.area else ""

    @property
    def unknown_place(self) -> bool:
        """Whether something was typed that is no place we know."""
        return bool(self.where) and self.area is None

    def marks(self) -> int:
        """What a listing must say of itself, as bits."""
        languages = {f"lang-{lang}" for lang in self.lang}
        wishes = {_MARK[wish] for wish in self.wish if wish in _MARK}
        return marks.number(self.need | languages | wishes)

    def situation(self, *, by_clinician: bool) -> Situation:
        """The same as ranking asks it."""
        return Situation(
            age=self.age,
            needs=self.need,
            substances=frozenset(f"substances-{code}" for code in self.substance),
            people=self.people,
            urgency=self.urgency,
            languages=self.lang - {"other"},
            by_clinician=by_clinician,
        )

    def pairs(self) -> Iterator[tuple[str, str]]:
        """Name and value of everything asked, for links, without the page."""
        for name in _ONE:
            if getattr(self, name):
                yield name, getattr(self, name)
        for name in _MANY:
            yield from ((name, value) for value in sorted(getattr(self, name)))


def read(values: Callable[[str], list[str]]) -> Wanted:
    """What is wanted. ``values``: all values of a name in the address."""
    where = places.cut((values("where") or [""])[0])
    age, urgency = (values("age") or [""])[0], (values("urgency") or [""])[0]
    page = (values("page") or ["1"])[0]
    asked = int(page) if page.isascii() and page.isdecimal() and len(page) < 3 else 1
    return Wanted(
        q=" ".join((values("q") or [""])[0].replace("\x00", "").split())[:LONGEST],
        where=where,
        area=places.understood(where),
        age=age if age in AGES else "",
        urgency=urgency if urgency in URGENCIES else "",
        need=frozenset(values("need")) & frozenset(NEEDS),
        substance=frozenset(values("substance")) & frozenset(SUBSTANCES),
        people=frozenset(values("people")) & frozenset(SITUATIONS),
        lang=frozenset(values("lang")) & frozenset(LANGUAGES),
        wish=frozenset(values("wish")) & frozenset(WISHES),
        page=min(max(asked, 1), LAST_PAGE),
    )


SUBSTANCES = tuple(word.removeprefix("substances-") for word in marks.SUBSTANCES)
