"""What was to be looked at again by now: each part of the directory names its own."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from community.accounts.viewer import Viewer
from community.directory.hsds.profile import Text


@dataclass(frozen=True)
class Review:
    """Something whose day has come: its page, its title, the day, and what it is ("corridor", "group" …)."""

    url: str
    title: Text
    due: date
    kind: str


# A function of the viewer, a region ("" for everywhere) and today gives what is due there, and no more than
# a page shows. They are given by views, which know addresses.
Source = Callable[[Viewer, str, date], list[Review]]
SOURCES: list[Source] = []
# What each kind is called on pages; its part names it.
KIND_NAMES: dict[str, object] = {}


def add(source: Source) -> None:
    """Name a source; called once by a part's ``init_app``."""
    if source not in SOURCES:
        SOURCES.append(source)


def overdue(viewer: Viewer, region: str, today: date) -> list[Review]:
    """What is due, that which waits longest first."""
    found = [review for source in SOURCES for review in source(viewer, region, today)]
    return sorted(found, key=lambda review: (review.due, review.url))
