"""The questions that need an answer, by theme and by region, and how soon answers come.

*Waiting*: an open question or case, asked here (not imported), in which nobody but the asker wrote anything
that is still shown. *Median time to a first answer*: of the questions asked here in the ninety days
that ended yesterday, the time from the question to the first answer by somebody else that is still
shown; a question that still waits counts as a wait longer than any answer, so that slow places do not
look fast. Below ten questions nothing is shown. All of it counts only what the viewer may read. Where very
many questions are counted, the figures are those of up to ten minutes ago (see ``many``).
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, func

from community.accounts.viewer import Viewer
from community.core import clock
from community.core.changes.kept_answers import kept
from community.core.db import db
from community.core.disclosure import RESPONDENTS, shown_median
from community.core.regions import REGIONS, with_ancestors
from community.forum.models import Space, Topic
from community.forum.models.topics import ASKING
from community.forum.permissions import LIVE, topics_seen_by
from community.forum.queries.kept_lists import Alike, alike
from community.forum.queries.many import stands_where_many
from community.forum.queries.reading import Filters, count, needs_answer
from community.forum.themes import THEMES

DAYS = 90
FEWEST = RESPONDENTS


@dataclass(frozen=True)
class FirstAnswer:
    """The median time to a first answer of some questions, or why there is none.

    ``seconds`` is None when there are too few questions, infinite when more than half still wait.
    """

    seconds: float | None
    base: int

    @property
    def shown(self) -> bool:
        """Whether there were enough questions."""
        return self.seconds is not None

    @property
    def most_wait(self) -> bool:
        """Whether half or more of the questions have no answer yet."""
        return self.seconds is not None and math.isinf(self.seconds)


@dataclass(frozen=True)
class Line:
    """A theme or a region in the queue: how many questions wait, since when, how soon answers come."""

    code: str
    waiting: int
    oldest: datetime | None
    first_answer: FirstAnswer


@dataclass(frozen=True)
class Overview:
    """The whole queue: by theme and by region, and of everything the viewer sees."""

    themes: tuple[Line, ...]
    regions: tuple[Line, ...]
    waiting: int
    first_answer: FirstAnswer


Place = tuple[str | None, ...]
Codes = Callable[[Place], frozenset[str]]
# The theme and the region of a question, each its own and that of its space.
_PLACE = (Topic.theme, Space.theme.label("space_theme"), Topic.region, Space.region.label("space_region"))


def _themes(place: Place) -> frozenset[str]:
    return frozenset(code for code in place[:2] if code)


def _regions(place: Place) -> frozenset[str]:
    """A region of Québec also counts for Québec."""
    return frozenset(code for region in place[2:] for code in with_ancestors(region or ""))


@dataclass(frozen=True)
class _Waiting:
    """The questions of one place that wait: how many, and since when the first of them does."""

    count: int
    oldest: datetime


def _waiting(viewer: Viewer) -> dict[Place, _Waiting]:
    """What waits, by the theme and region of question and space; counted by the database."""
    rows = topics_seen_by(viewer).where(needs_answer()).group_by(*_PLACE)
    found = rows.with_only_columns(*_PLACE, func.count(), func.min(Topic.created_at))
    return {tuple(place): _Waiting(count, oldest) for *place, count, oldest in db.session.execute(found)}


@dataclass(frozen=True)
class _Medians:
    """How soon answers came: of all, and by theme and region."""

    of_all: FirstAnswer
    themes: Mapping[str, FirstAnswer]
    regions: Mapping[str, FirstAnswer]


def _medians(viewer: Viewer) -> _Medians:
    rows = topics_seen_by(viewer).where(*_recent())
    waits: defaultdict[Place, list[float]] = defaultdict(list)
    for *place, at, answered_at in db.session.execute(
        rows.with_only_columns(*_PLACE, Topic.created_at, Topic.answered_at)
    ):
        waits[tuple(place)].append(_wait(at, answered_at))
    return _Medians(
        of_all=_median_of([wait for some in waits.values() for wait in some]),
        themes=_by_code(waits, _themes),
        regions=_by_code(waits, _regions),
    )


def _by_code(waits: Mapping[Place, list[float]], codes: Codes) -> dict[str, FirstAnswer]:
    found: defaultdict[str, list[float]] = defaultdict(list)
    for place, some in waits.items():
        for code in codes(place):
            found[code] += some
    return {code: _median_of(some) for code, some in found.items()}


def _wait(at: datetime, answered_at: datetime | None) -> float:
    """Seconds until the first answer; infinite while there is none."""
    return (answered_at - at).total_seconds() if answered_at else math.inf


def waiting_count(viewer: Viewer, *conditions: ColumnElement[bool]) -> int:
    """How many questions wait for an answer."""
    return count(topics_seen_by(viewer).where(needs_answer(), *conditions))


def waiting_in(viewer: Viewer, place: Filters) -> int:
    """The same of a place; in a space where very many wait, as it was up to ten minutes ago."""

    def ask() -> int:
        return waiting_count(viewer, *place.conditions())

    if place.space is None:
        return ask()
    # Whoever sees a space sees every question there.
    return stands_where_many(("waiting in", place.space.id), ask, int)


def overview(viewer: Viewer) -> Overview:
    """The queue by theme and by region, in two statements; kept while no question changes."""
    same = alike(viewer)
    return kept(("queue", same.viewer), same.numbers, lambda: _overview(same.viewer))


def _overview(viewer: Viewer) -> Overview:
    waiting = stands_where_many(("waiting", viewer), lambda: _waiting(viewer), _how_many)
    soon = stands_where_many(("medians", viewer), lambda: _medians(viewer), lambda found: found.of_all.base)
    return Overview(
        themes=_lines(THEMES, waiting, _themes, soon.themes),
        regions=_lines(REGIONS, waiting, _regions, soon.regions),
        waiting=_how_many(waiting),
        first_answer=soon.of_all,
    )


def _how_many(waiting: Mapping[Place, _Waiting]) -> int:
    return sum(one.count for one in waiting.values())


def _lines(
    known: Iterable[str],
    waiting: Mapping[Place, _Waiting],
    codes: Codes,
    soon: Mapping[str, FirstAnswer],
) -> tuple[Line, ...]:
    """One line per code in which something waits or was asked, in the order of the menus."""
    found: defaultdict[str, list[_Waiting]] = defaultdict(list)
    for place, one in waiting.items():
        for code in codes(place):
            found[code].append(one)
    return tuple(
        Line(
            code,
            sum(one.count for one in found[code]),
            min((one.oldest for one in found[code]), default=None),
            soon.get(code, _median_of([])),
        )
        for code in known
        if found[code] or code in soon
    )


def first_answer(viewer: Viewer, narrowed: Filters | None = None) -> FirstAnswer:
    """The median time to a first answer of the questions the viewer sees, narrowed or all."""
    if narrowed is None or narrowed.space is None:
        return first_answer_of(alike(viewer), narrowed or Filters())
    # Whoever sees a space sees every question there.
    return _standing(None, narrowed, lambda: _first_answer(viewer, narrowed))


def first_answer_of(same: Alike, narrowed: Filters) -> FirstAnswer:
    """The same for all who see the same questions."""
    return _standing(same.viewer, narrowed, lambda: _first_answer(same.viewer, narrowed))


def _standing(viewer: Viewer | None, narrowed: Filters, ask: Callable[[], FirstAnswer]) -> FirstAnswer:
    key = ("first answer", viewer, tuple(narrowed.as_query().items()))
    return stands_where_many(key, ask, lambda found: found.base)


def _first_answer(viewer: Viewer, narrowed: Filters) -> FirstAnswer:
    rows = topics_seen_by(viewer).where(*_recent(), *narrowed.conditions())
    asked = db.session.execute(rows.with_only_columns(Topic.created_at, Topic.answered_at))
    return _median_of([_wait(at, answered_at) for at, answered_at in asked])


def _recent() -> list[ColumnElement[bool]]:
    """The questions asked here in the ninety days that ended yesterday."""
    return [
        Topic.kind.in_(ASKING),
        Topic.imported_from.is_(None),
        Topic.state.in_(LIVE),
        Topic.created_at > clock.ago(days=DAYS + 1),
        Topic.created_at <= clock.ago(days=1),
    ]


def _median_of(waits: list[float]) -> FirstAnswer:
    return FirstAnswer(shown_median(waits, fewest=FEWEST), len(waits))
