"""The public record: what was decided, by day, without anybody; and the figures of the last year.

Only acts in spaces that everyone reads have a line. Acts elsewhere, and about names, are only counted, and
no count is shown that could tell about one person.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select

from community.accounts.audiences import EVERYONE
from community.core import clock
from community.core.db import db
from community.core.disclosure import RESPONDENTS, hide_in_line, may_show, shown_median
from community.core.i18n import zone
from community.forum.models import Space, SpaceAudience
from community.moderation.models import ACTS, REASONS, Act, Appeal, Matter

DAYS = 365
LINES = 200


@dataclass(frozen=True)
class LogLine:
    """One act of the public log."""

    day: date
    act: str
    reason: str
    space_kind: str
    undone: bool


@dataclass(frozen=True)
class Cell:
    """A figure, or that it is hidden."""

    name: str
    count: int | None


@dataclass(frozen=True)
class Figures:
    """A year of moderation. A figure that is None is hidden."""

    by_reason: Sequence[Cell]
    by_act: Sequence[Cell]
    acts: int | None
    median: float | None  # seconds from the first report to the decision
    danger_in_time: float | None  # share of dangers that somebody opened within an hour
    dangers: int | None
    appeals: int | None
    upheld: int | None


def log() -> list[LogLine]:
    """The acts of moderators in spaces that everyone reads, by day, the newest first."""
    public = select(SpaceAudience.space_id).where(
        SpaceAudience.act == "see", SpaceAudience.audience == EVERYONE
    )
    rows = db.session.execute(
        select(Act, Space.kind)
        .join(Matter, Matter.key == Act.matter_key)
        .join(Space, Space.id == Matter.space_id)
        .where(Space.id.in_(public), ~Space.protected, ~Space.archived, Act.at > clock.ago(days=DAYS))
        .order_by(Act.at.desc())
        .limit(LINES)
    )
    found = [LogLine(_day(act.at), act.act, act.reason, kind, not act.stands) for act, kind in rows]
    # Within a day the order says nothing of what came before what.
    return sorted(found, key=lambda one: (-one.day.toordinal(), one.act, one.reason, one.space_kind))


def _day(moment: datetime) -> date:
    return moment.astimezone(zone()).date()


def figures() -> Figures:
    """What was decided in the last year, in figures."""
    since = clock.ago(days=DAYS)
    acts = db.session.execute(select(Act.act, Act.reason).where(Act.at > since)).all()
    by_reason, by_act, total = told([(row.act, row.reason) for row in acts])
    decided = db.session.execute(
        select(Matter.opened_at, Matter.done_at, Matter.looked_at, Matter.reason).where(
            Matter.state == "done", Matter.done_at > since
        )
    ).all()
    waits = [(row.done_at - row.opened_at).total_seconds() for row in decided if row.done_at]
    dangers = [row for row in decided if row.reason == "danger"]
    in_time = [
        row for row in dangers if row.looked_at and (row.looked_at - row.opened_at).total_seconds() <= 3600
    ]
    appeals, upheld = _appeals(since)
    return Figures(
        by_reason=by_reason,
        by_act=by_act,
        acts=total,
        median=shown_median(waits),
        danger_in_time=_share(len(in_time), len(dangers)),
        dangers=_shown(len(dangers)),
        appeals=appeals,
        upheld=upheld,
    )


def told(acts: Sequence[tuple[str, str]]) -> tuple[list[Cell], list[Cell], int | None]:
    """The acts by reason, by act, and how many there were, as they may be told.

    The two lines have the same total: where one needs it hidden, the sum of the other would give it back.
    """
    by_reason, total = _line(Counter(reason for _act, reason in acts), REASONS)
    by_act, same_total = _line(Counter(act for act, _reason in acts), sorted({act for act, _reason in acts}))
    by_act = _with_the_others(by_act)
    if total is None or same_total is None:
        return [Cell(one.name, None) for one in by_reason], [Cell(one.name, None) for one in by_act], None
    return by_reason, by_act, total


def _with_the_others(cells: list[Cell]) -> list[Cell]:
    """Where a kind of act is hidden, every other one as hidden, too: a list of those that were done alone
    says that each was done once at least, and five of them that were done five times in all are told."""
    shown = {cell.name: cell.count for cell in cells if cell.count is not None}
    if len(shown) == len(cells):
        return cells
    return [Cell(name, shown.get(name)) for name in (*shown, *(one for one in ACTS if one not in shown))]


def _line(counted: Counter[str], names: Iterable[str]) -> tuple[list[Cell], int | None]:
    listed = list(names)
    counts = [counted[name] for name in listed]
    hidden = hide_in_line(counts)
    cells = [
        Cell(name, None if place in hidden else count)
        for place, (name, count) in enumerate(zip(listed, counts, strict=True))
    ]
    return cells, None if len(counts) in hidden else sum(counts)


def _shown(count: int) -> int | None:
    return count if may_show(count) else None


def _share(part: int, whole: int) -> float | None:
    """A share is shown from twenty on, and not where it would tell of a few."""
    few = not may_show(part) or not (may_show(whole - part) or part == whole)
    return None if whole < 2 * RESPONDENTS or few else part / whole


def _appeals(since: datetime) -> tuple[int | None, int | None]:
    states = Counter(db.session.scalars(select(Appeal.state).where(Appeal.judged_at > since)))
    upheld, refused = states["upheld"], states["refused"]
    if not may_show(upheld) or not may_show(refused):
        return _shown(upheld + refused), None
    return upheld + refused, upheld
