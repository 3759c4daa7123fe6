"""Workers take jobs, one at a time or many of a kind, and run them.

A job is claimed by an update that says it succeeded; a worker that dies leaves a lease that runs out. A job
that fails is tried again, later each time; after five attempts it waits on the dead-letter page, also when
each of them ended with its worker: such a job would take every worker along for ever.
"""

from __future__ import annotations

import time
import traceback
from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any

from sqlalchemy import BindParameter, Select, Update, bindparam, delete, or_, select, update

from community.core import clock
from community.core.db import UtcDateTime, db, transaction
from community.core.jobs.queue import KINDS, LANES, Job, saved_at_once
from community.core.prepared import Prepared

MOST_ATTEMPTS = 5
TOGETHER_ATTEMPTS = 2  # then each alone: one of them may be what ends the worker
LEASE = timedelta(minutes=2)
HEAVY_LEASE = timedelta(hours=2)
ENDED_ITS_WORKERS = "its worker ended while it ran, each time"
# How long a worker leaves a job of a kind that is done together, so that others join it: their one go costs
# little more than that of one. "At once" is within two seconds.
GATHER = timedelta(seconds=0.5)
A_MOMENT = 0.25  # seconds; less than GATHER, so that nothing waits longer for it
BACK_OFF = (5, 30, 300, 3600)  # seconds before the 2nd, 3rd, 4th and 5th attempt
_nothing_due: dict[str, tuple[float, int]] = {}  # by worker: when it looked, and what had been saved by then


@dataclass(frozen=True)
class Claimed:
    """A job that a worker took; plain values, because the row may be gone when it is done.

    ``beside`` are others of its kind, to be done in the same go.
    """

    id: str
    name: str
    arguments: dict[str, Any]
    attempt: int
    beside: tuple[Claimed, ...] = ()

    @property
    def each(self) -> list[Claimed]:
        """It and those beside it, every one alone."""
        return [replace(self, beside=()), *self.beside]

    @property
    def heavy(self) -> bool:
        """Whether it runs in a child process."""
        return _heavy(self.name)


def claim(worker: str, *, lanes: Collection[str] = tuple(LANES), gathering: bool = False) -> Claimed | None:
    """Take the most urgent due job for this worker, in its own transaction; None when idle.

    Of a kind that is done together it takes others, too; ``gathering``, it gives them time to come.
    """
    if gathering and _looked_a_moment_ago(worker):
        return None
    saved, looked = saved_at_once(), time.monotonic()
    now = clock.now()
    together = _together() if gathering else ()
    # A look first: an idle worker takes no write lock.
    found = _looking(tuple(lanes), together).rows(now=now, earlier=now - GATHER)
    db.session.rollback()
    if not found:
        _nothing_due[worker] = (looked, saved)
        return None
    due = _due(tuple(lanes), together).params(now=now, earlier=now - GATHER)
    with transaction() as session:
        row = session.execute(_locked(due.limit(1))).first()
        if row is None:
            return None
        if row.attempts < MOST_ATTEMPTS:
            return _take([row, *_more_of(row, due)], worker, now)
        dead = {"state": "dead", "problem": ENDED_ITS_WORKERS}
        session.execute(_of([row.id]).values(**dead, claimed_by=None, claimed_until=None))
    return claim(worker, lanes=lanes, gathering=gathering)


def _looked_a_moment_ago(worker: str) -> bool:
    """Whether nothing was due a moment ago, and this process has saved nothing since but what waits longer
    for its like. Each reply wakes the workers, and would have them look in vain."""
    looked, saved = _nothing_due.get(worker, (0.0, -1))
    return saved == saved_at_once() and 0 <= time.monotonic() - looked < A_MOMENT


def _together() -> tuple[str, ...]:
    return tuple(name for name, kind in KINDS.items() if kind.together > 1)


@lru_cache
def _looking(lanes: tuple[str, ...], together: tuple[str, ...]) -> Prepared:
    return Prepared(lambda: _due(lanes, together).with_only_columns(Job.id).order_by(None).limit(1))


@lru_cache
def _due(lanes: tuple[str, ...], together: tuple[str, ...]) -> Select[Any]:
    """What is due ``now``; of the kinds ``together`` what was ``earlier``."""
    now: BindParameter[datetime] = bindparam("now", type_=UtcDateTime())
    earlier: BindParameter[datetime] = bindparam("earlier", type_=UtcDateTime())
    free = or_(Job.claimed_until.is_(None), Job.claimed_until < now)
    due: Select[Any] = select(Job.id, Job.name, Job.arguments, Job.attempts)
    due = due.where(
        Job.state == "waiting",
        Job.run_at <= now,
        free,
        Job.lane.in_([LANES[lane] for lane in lanes]),
        or_(Job.name.not_in(together), Job.run_at <= earlier),
    )
    return due.order_by(Job.lane, Job.run_at, Job.id)


def _locked(due: Select[Any]) -> Select[Any]:
    return due.with_for_update(skip_locked=True).execution_options(populate_existing=True)


def _more_of(row: Any, due: Select[Any]) -> Iterable[Any]:
    """Those that may be done in the same go."""
    most = KINDS[row.name].together - 1 if row.name in KINDS else 0
    if most < 1 or row.attempts >= TOGETHER_ATTEMPTS:
        return ()
    alike = due.where(Job.name == row.name, Job.attempts < TOGETHER_ATTEMPTS, Job.id != row.id)
    return db.session.execute(_locked(alike.limit(most)))


def _of(ids: Collection[str]) -> Update:
    """A change of these rows, of which the session holds none."""
    return update(Job).where(Job.id.in_(ids)).execution_options(synchronize_session=False)


def _take(rows: Iterable[Any], worker: str, now: datetime) -> Claimed:
    """Rows of one name: claimed with one statement."""
    taken = [Claimed(row.id, row.name, dict(row.arguments), row.attempts + 1) for row in rows]
    until = now + (HEAVY_LEASE if _heavy(taken[0].name) else LEASE)
    claimed = {"attempts": Job.attempts + 1, "claimed_by": worker, "claimed_until": until}
    db.session.execute(_of([one.id for one in taken]).values(**claimed))
    return replace(taken[0], beside=tuple(taken[1:]))


def take_over(job_id: str, worker: str, child: str) -> Claimed | None:
    """Let a child process hold what its worker claimed for it; None when the claim is the worker's no more.

    From then on the job is free again when the child has ended, whatever became of the worker: a job
    of hours is neither lost with the worker nor begun a second time beside the first.
    """
    with transaction() as session:
        mine = select(Job).where(Job.id == job_id, Job.claimed_by == worker, Job.state == "waiting")
        row = session.scalar(_locked(mine))
        if row is None:
            return None
        row.claimed_by = child
        return Claimed(row.id, row.name, dict(row.arguments), row.attempts)


def _heavy(name: str) -> bool:
    return name in KINDS and KINDS[name].heavy


def run(claimed: Claimed) -> bool:
    """Run what was claimed; on success it is gone, on failure it waits longer. True on success."""
    try:
        _call(claimed)
    except Exception as problem:
        db.session.rollback()
        if claimed.beside:  # what fails for one of them must not hold up the others
            outcomes = [run(alone) for alone in claimed.each]
            return all(outcomes)
        _failed(claimed.id, problem)
        return False
    with transaction() as session:
        gone = delete(Job).where(Job.id.in_([one.id for one in claimed.each]))
        session.execute(gone.execution_options(synchronize_session=False))
    return True


def _call(claimed: Claimed) -> None:
    kind = KINDS[claimed.name]
    if kind.together > 1:
        kind.function([one.arguments for one in claimed.each])
    else:
        kind.function(**claimed.arguments)


def _where(problem: Exception) -> str:
    """The kind and place of a failure, never its words: they may quote what a person wrote."""
    frames = traceback.extract_tb(problem.__traceback__)[-4:]
    places = " < ".join(f"{frame.filename.rsplit('/', 1)[-1]}:{frame.lineno}" for frame in reversed(frames))
    return f"{type(problem).__name__} at {places}"[:2000]


def _failed(row_id: str, problem: Exception) -> None:
    with transaction() as session:
        row = session.get(Job, row_id, populate_existing=True)
        if row is None:
            return
        row.problem = _where(problem)
        row.claimed_by = row.claimed_until = None
        if row.attempts >= MOST_ATTEMPTS:
            row.state = "dead"
        else:
            row.run_at = clock.now() + timedelta(seconds=BACK_OFF[min(row.attempts, len(BACK_OFF)) - 1])


def claimers() -> list[str]:
    """The workers that have claimed a job."""
    named = select(Job.claimed_by).where(Job.claimed_by.is_not(None)).distinct()
    found = [worker for worker in db.session.scalars(named) if worker]
    db.session.rollback()
    return found


def let_go(worker: str) -> None:
    """Free what a worker had claimed when it was killed."""
    with transaction() as session:
        session.execute(
            update(Job).where(Job.claimed_by == worker).values(claimed_by=None, claimed_until=None)
        )


def run_waiting_jobs(most: int = 1000) -> int:
    """Run what is due now, here, one after the other. Returns how many ran. For tests and commands."""
    ran = 0
    while ran < most and (claimed := claim("here")) is not None:
        run(claimed)
        ran += 1
    return ran
