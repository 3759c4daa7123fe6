"""The figures of a month: computed once from public questions, then never again.

Only spaces that everyone reads count, so that the figures say nothing of a place its readers cannot
see; protected ones never. A month is closed three days after its end, when every question has gone
its whole way; what is published stays as it was, so that no later answer, withdrawal or vanished
member can be told from the difference of two figures.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta

from sqlalchemy import ColumnElement, func, select

from community.accounts.audiences import EVERYONE
from community.core import clock
from community.core.db import db
from community.core.disclosure import RESPONDENTS, SMALLEST, hide_in_line
from community.core.i18n import zone
from community.forum.models import Space, SpaceAudience, Topic
from community.forum.models.topics import ASKING
from community.forum.permissions import LIVE
from community.forum.themes import THEMES
from community.routing.course import STEPS
from community.routing.models import AnswerMonth
from community.routing.survival import Wait, median, ninetieth

ALL, NONE = "all", ""
SHARE_FROM = 20  # a percentage of fewer would tell about single questions
CLOSED_AFTER = STEPS[-1].after
MOST_MONTHS = 24


def close_months() -> list[date]:
    """Publish every month that is over and not published yet. Returns which."""
    now = clock.now()
    first = db.session.scalar(select(func.min(Topic.created_at)).where(*_public_questions()))
    if first is None:
        return []
    done = set(db.session.scalars(select(AnswerMonth.month).distinct()))
    wanted = [month for month in _months(first, now) if month not in done]
    for month in wanted:
        db.session.add_all(_rows(month, _waits(month, now), now.astimezone(zone()).date()))
        db.session.flush()
    return wanted


def _months(first: datetime, now: datetime) -> list[date]:
    """The months that are over for three days, at most two years back."""
    last = now - CLOSED_AFTER
    month = first.astimezone(zone()).date().replace(day=1)
    found = []
    while _end(month) <= last:
        found.append(month)
        month = _next(month)
    return found[-MOST_MONTHS:]


def _next(month: date) -> date:
    return (month + timedelta(days=32)).replace(day=1)


def _begin(month: date) -> datetime:
    return datetime.combine(month, time(), zone()).astimezone(UTC)


def _end(month: date) -> datetime:
    return _begin(_next(month))


def _public_questions() -> list[ColumnElement[bool]]:
    everyone = select(SpaceAudience.space_id).where(
        SpaceAudience.act == "see", SpaceAudience.audience == EVERYONE
    )
    open_to_all = select(Space.id).where(Space.id.in_(everyone), ~Space.protected, ~Space.archived)
    return [
        Topic.kind.in_(ASKING),
        Topic.imported_from.is_(None),
        Topic.state.in_(LIVE),
        Topic.space_id.in_(open_to_all),
    ]


def _waits(month: date, now: datetime) -> Mapping[str, Sequence[Wait]]:
    """The waits of the questions of a month, by theme; those without one under no name."""
    rows = db.session.execute(
        select(Topic.theme, Topic.created_at, Topic.answered_at).where(
            *_public_questions(),
            Topic.created_at >= _begin(month),
            Topic.created_at < _end(month),
        )
    )
    found: dict[str, list[Wait]] = defaultdict(list)
    for row in rows:
        until = row.answered_at or now
        seconds = max((until - row.created_at).total_seconds(), 0.0)
        found[row.theme or NONE].append(Wait(seconds, row.answered_at is not None))
    return found


def _rows(month: date, waits: Mapping[str, Sequence[Wait]], on: date) -> list[AnswerMonth]:
    """One row a theme and one for all of them, with nothing in it that may not be told."""
    themes = [*THEMES, NONE]
    hidden = hide_in_line([len(waits.get(theme, ())) for theme in themes])
    lines = [(theme, waits.get(theme, ()), place in hidden) for place, theme in enumerate(themes)]
    everything = [wait for listed in waits.values() for wait in listed]
    lines.append((ALL, everything, len(themes) in hidden))
    return [_row(month, theme, listed, told=not gone, on=on) for theme, listed, gone in lines]


def _row(month: date, theme: str, waits: Sequence[Wait], *, told: bool, on: date) -> AnswerMonth:
    shown = told and len(waits) >= RESPONDENTS
    return AnswerMonth(
        month=month,
        theme=theme,
        questions=len(waits) if shown else None,
        median=_whole(median(waits)) if shown else None,
        ninetieth=_whole(ninetieth(waits)) if shown else None,
        waiting_percent=_share(waits) if shown else None,
        published_on=on,
    )


def _whole(seconds: float | None) -> int | None:
    """To the quarter of an hour: a figure is no clock of a single answer."""
    return None if seconds is None else max(round(seconds / 900), 1) * 900


def _share(waits: Sequence[Wait]) -> int | None:
    """Of a hundred, how many still waited; none where so few did, or did not, that it tells of them."""
    waiting = sum(not wait.answered for wait in waits)
    if len(waits) < SHARE_FROM or min(waiting, len(waits) - waiting) < SMALLEST:
        return None
    return round(100 * waiting / len(waits))
