"""What is read of testimonies: the page of all, one of them, those that wait, the years."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import func, select

from community.accounts.viewer import Viewer
from community.core import clock
from community.core.access import one_or_404
from community.core.db import db
from community.core.disclosure import SMALLEST_LIVED, hide_in_line
from community.core.errors import Gone
from community.core.paging import Page, page_by_key
from community.forum.models import Space
from community.testimonies.models import REASONS, Testimony, TestimonyCount
from community.testimonies.permissions import reviews_seen_by, testimonies_seen_by

SIZE = 20
ENDS = ("shown", "refused", "taken_back", "lapsed")


def testimonies(viewer: Viewer, cursor: str | None) -> Page[Testimony]:
    """What the viewer may read, the last month first; within a month by chance, for good."""
    order = ((Testimony.month, "desc"), (Testimony.key, "asc"))
    return page_by_key(testimonies_seen_by(viewer), order, cursor, SIZE)


def testimony_seen(viewer: Viewer, key: str) -> Testimony:
    """One of them.

    :raises Gone: everybody could read it, and it was withdrawn.
    :raises NotFound: it is not the viewer's to read.
    """
    withdrawn = select(Testimony.key).where(Testimony.key == key, Testimony.state == "withdrawn")
    if db.session.scalar(withdrawn) is not None:
        raise Gone
    return one_or_404(testimonies_seen_by(viewer), Testimony.key == key)


def waiting(viewer: Viewer) -> Sequence[Testimony]:
    """Those the viewer may decide about: what sounds like danger first, then the oldest day."""
    rows = reviews_seen_by(viewer).where(Testimony.state == "waiting")
    return db.session.scalars(
        rows.order_by(Testimony.first.desc(), Testimony.written_on, Testimony.key)
    ).all()


def testimony_looked_after(viewer: Viewer, key: str) -> Testimony:
    """One that the viewer looks after. :raises NotFound: it is not theirs to look at."""
    return one_or_404(reviews_seen_by(viewer), Testimony.key == key)


def testimony_at(key: str) -> Testimony | None:
    """One that is shown or hidden, for whoever moderates; None when it is gone."""
    return db.session.scalar(select(Testimony).where(Testimony.key == key, Testimony.month != ""))


def how_many_wait() -> int:
    """For whoever may look at them."""
    return db.session.scalar(select(func.count()).where(Testimony.state == "waiting")) or 0


def home_space() -> int | None:
    """The space whose keepers answer for testimonies: the first of lived experience."""
    lived = select(Space.id).where(Space.kind == "lived", ~Space.archived)
    return db.session.scalar(lived.order_by(Space.position, Space.id).limit(1))


# Figures


@dataclass(frozen=True)
class Year:
    """How the testimonies of a year that is over ended; None where a count could tell about somebody."""

    year: int
    counts: dict[str, int | None]
    total: int | None


def years() -> list[Year]:
    """Every year that is over, the newest first. Nothing is said of a year while it runs: whoever compared
    two days would learn what became of one text."""
    found: dict[int, dict[str, int]] = defaultdict(dict)
    for row in db.session.scalars(select(TestimonyCount).where(TestimonyCount.year < clock.today().year)):
        found[row.year][row.outcome] = row.count
    return [_year(year, found[year]) for year in sorted(found, reverse=True)]


def _year(year: int, counted: dict[str, int]) -> Year:
    refused = sum(counted.get(f"refused:{reason}", 0) for reason in REASONS)
    counts = [refused if end == "refused" else counted.get(end, 0) for end in ENDS]
    hidden = hide_in_line(counts, smallest=SMALLEST_LIVED)
    said = {end: None if place in hidden else counts[place] for place, end in enumerate(ENDS)}
    return Year(year, said, None if len(counts) in hidden else sum(counts))
