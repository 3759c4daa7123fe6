"""The questions that need an answer, by theme and by region, and how soon answers come.

*Waiting*: an open question or case, asked here (not imported), in which nobody but the asker wrote anything
that is still shown. *Median time to a first answer*: of the questions asked here in the ninety days
that ended yesterday, the time from the question to the first answer by somebody else that is still
shown; a question that still waits counts as a wait longer than any answer, so that slow places do not
look fast. Below ten questions nothing is shown. All of it counts only what the viewer may read.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from operator import attrgetter

from sqlalchemy import ColumnElement

from community.accounts.viewer import Viewer
from community.core import clock
from community.core.changes.kept_answers import kept
from community.core.db import db
from community.core.disclosure import RESPONDENTS, shown_median
from community.core.regions import REGIONS, with_ancestors
from community.forum.models import Space, Topic
from community.forum.models.topics import ASKING
from community.forum.permissions import LIVE, topics_seen_by
from community.forum.queries.kept_lists import alike
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


@dataclass(frozen=True)
class _Asked:
    """What the figures need of a question."""

    themes: frozenset[str]
    regions: frozenset[str]
    at: datetime
    answered_at: datetime | None

    @property
    def wait(self) -> float:
        """Seconds until the first answer; infinite while there is none."""
        return _wait(self.at, self.answered_at)


def _wait(at: datetime, answered_at: datetime | None) -> float:
    return (answered_at - at).total_seconds() if answered_at else math.inf


def _questions(viewer: Viewer, *conditions: ColumnElement[bool]) -> list[_Asked]:
    """The questions the viewer may read that meet these conditions, in one statement of columns.

    A region of Québec also counts for Québec.
    """
    rows = db.session.execute(
        topics_seen_by(viewer)
        .where(*conditions)
        .with_only_columns(
            Topic.theme,
            Space.theme.label("space_theme"),
            Topic.region,
            Space.region.label("space_region"),
            Topic.created_at,
            Topic.answered_at,
        )
    )
    return [
        _Asked(
            frozenset(code for code in (row.theme, row.space_theme) if code),
            frozenset(
                code for place in (row.region, row.space_region) for code in with_ancestors(place or "")
            ),
            row.created_at,
            row.answered_at,
        )
        for row in rows
    ]


def waiting_count(viewer: Viewer, *conditions: ColumnElement[bool]) -> int:
    """How many questions wait for an answer."""
    return count(topics_seen_by(viewer).where(needs_answer(), *conditions))


def overview(viewer: Viewer) -> Overview:
    """The queue by theme and by region, in two statements; kept while no question changes."""
    same = alike(viewer)
    return kept(("queue", same.viewer), same.numbers, lambda: _overview(same.viewer))


def _overview(viewer: Viewer) -> Overview:
    open_questions = _questions(viewer, needs_answer())
    asked = _questions(viewer, *_recent())
    return Overview(
        themes=_lines(THEMES, open_questions, asked, attrgetter("themes")),
        regions=_lines(REGIONS, open_questions, asked, attrgetter("regions")),
        waiting=len(open_questions),
        first_answer=_median(asked),
    )


def first_answer(viewer: Viewer, narrowed: Filters | None = None) -> FirstAnswer:
    """The median time to a first answer of the questions the viewer sees, narrowed or all."""
    rows = topics_seen_by(viewer).where(*_recent(), *(narrowed.conditions() if narrowed else ()))
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


def _median(asked: Sequence[_Asked]) -> FirstAnswer:
    return _median_of([question.wait for question in asked])


def _median_of(waits: list[float]) -> FirstAnswer:
    return FirstAnswer(shown_median(waits, fewest=FEWEST), len(waits))


def _lines(
    known: Iterable[str],
    open_questions: Iterable[_Asked],
    asked: Iterable[_Asked],
    codes: Callable[[_Asked], frozenset[str]],
) -> tuple[Line, ...]:
    """One line per code in which something waits or was asked, in the order of the menus."""
    since: dict[str, list[datetime]] = defaultdict(list)
    recent: dict[str, list[_Asked]] = defaultdict(list)
    for question in open_questions:
        for code in codes(question):
            since[code].append(question.at)
    for question in asked:
        for code in codes(question):
            recent[code].append(question)
    return tuple(
        Line(code, len(since[code]), min(since[code], default=None), _median(recent[code]))
        for code in known
        if since[code] or recent[code]
    )
