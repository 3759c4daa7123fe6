"""Named places on a lower domain's pages that upper domains fill."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

SLOTS = {
    "menu": "main navigation: a function of the page and the viewer's rights, not of rows; MenuEntry objects",
    "menu_sections": "the Menu page: a function of the viewer that gives MenuSection objects",
    "home": "the home page: a function of the viewer that gives HTML or nothing",
    "waits": "first on the home page, what waits for this person: a function of the viewer that gives Waits",
    "home_side": "beside the home page: a function of the viewer that gives HTML or nothing",
    "region": "a region's page: a function of viewer and region code",
    "organization": "an organization's page: a function of viewer and id that gives HTML",
    "service": "under a service's page: a function of viewer and id that gives HTML",
    "profile": "a persona's page: a function of viewer and persona",
    "sign_in": "below the form on the sign-in page: a function without arguments that gives HTML",
    "composer": "in the form of what one writes: a function of viewer and form that gives HTML",
    "while_writing": "beside what is being typed: a function of viewer and texts that gives HTML or nothing",
    "under_post": "below each post: a function of viewer and post",
    "under_message": "below each message of a private conversation: a function of viewer and message",
    "under_replies": "below the replies of a topic: a function of viewer and its page that gives HTML",
    "list_news": "by a list of topics: a function of viewer, place and perhaps room that gives HTML",
    "under_page": "at the end of a page whose words no name stands under: a function of viewer, kind and key",
    "refused": "on the page that says no (403): a function of the viewer that gives HTML or nothing",
    "tools": "the masthead of whoever is signed in: a function of the viewer that gives HTML",
    "transparency": "the transparency page: a function of the viewer that gives HTML",
    "footer": "links at the foot of every page: a function that gives Link objects",
}
Fill = Callable[..., Any]
_filled: dict[str, list[tuple[int, Fill]]] = defaultdict(list)


@dataclass(frozen=True)
class Link:
    """A labelled address."""

    url: str
    label: object
    icon: str = ""
    chip: str = ""


@dataclass(frozen=True)
class MenuEntry(Link):
    """A place of the main navigation. ``size``: "wide" for those beyond the four of a phone."""

    current: bool = False
    size: str = ""


@dataclass(frozen=True)
class Waits:
    """A thing that waits for somebody: one line (<li>) as safe HTML.

    ``key`` is that of the topic it is about, so that no other list of the page repeats it; ``more``
    counts things that are not shown.
    """

    html: str
    key: str = ""
    more: int = 0


@dataclass(frozen=True)
class MenuSection:
    """A titled group of links on the Menu page."""

    title: object
    links: tuple[Link, ...]


def add(slot: str, fill: Fill, order: int = 50) -> None:
    """Fill a slot; called once by a domain's ``init_app``. :raises KeyError: no such slot."""
    if slot not in SLOTS:
        raise KeyError(slot)
    if (order, fill) not in _filled[slot]:
        _filled[slot].append((order, fill))
        _filled[slot].sort(key=lambda pair: pair[0])


def entries(slot: str, *facts: object) -> list[Any]:
    """What the domains put into a slot for these facts, in order, without empty answers."""
    found: list[Any] = []
    for _, fill in _filled[slot]:
        given = fill(*facts)
        found.extend(given if isinstance(given, (list, tuple)) else [given] if given else [])
    return found
