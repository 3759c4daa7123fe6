"""The job table, and how jobs come into it: within the transaction of the change they follow from."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import count
from typing import Any

from sqlalchemy import JSON, Index, String, bindparam, event, insert, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from community.core import clock
from community.core.db import Base, UtcDateTime, db
from community.core.ids import new_key
from community.core.prepared import Prepared

# "at_once" is for what people look for within two seconds. It has a thread of its own, so nothing in it
# may wait for anybody: mail, which waits for another machine, is only "urgent".
LANES = {"at_once": -10, "urgent": 0, "normal": 10, "bulk": 20}
ENQUEUED = "enqueued"  # what a session knows about itself until its commit wakes the workers
_AT_ONCE = "enqueued_at_once"  # the same of jobs that wait for no others of their kind
_numbers = count(1)
_saved = 0

Function = Callable[..., None]


class Job(Base):
    """Something to do after a change was saved."""

    __tablename__ = "job"
    __table_args__ = (Index("ix_job_due", "state", "lane", "run_at"),)

    id: Mapped[str] = mapped_column(String(22), primary_key=True, default=new_key)
    name: Mapped[str] = mapped_column(String(120))
    arguments: Mapped[dict[str, Any]] = mapped_column(JSON)
    lane: Mapped[int]
    run_at: Mapped[datetime] = mapped_column(UtcDateTime)
    state: Mapped[str] = mapped_column(String(8), default="waiting")  # waiting, dead
    attempts: Mapped[int] = mapped_column(default=0)
    claimed_by: Mapped[str | None] = mapped_column(String(80))
    claimed_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    problem: Mapped[str] = mapped_column(String(2000), default="")


@dataclass(frozen=True)
class Kind:
    """What a job name stands for."""

    function: Function
    lane: str
    heavy: bool
    every: timedelta | None = None
    together: int = 1


KINDS: dict[str, Kind] = {}


def job(
    name: str,
    *,
    lane: str = "normal",
    heavy: bool = False,
    every: timedelta | None = None,
    together: int = 1,
) -> Callable[[Function], Function]:
    """Make a function runnable from the job table.

    ``heavy`` ones run in a child process; ``every`` also runs it on a schedule, without arguments.
    With ``together`` it is called for so many jobs at most at once, and gets one list: the arguments of
    each. When it fails for all, it is called again for each alone.
    """

    def known(function: Function) -> Function:
        existing = KINDS.get(name)
        if existing and existing.function.__qualname__ != function.__qualname__:
            raise ValueError(f"two jobs are called {name}")
        KINDS[name] = Kind(function, lane, heavy, every, together)
        return function

    return known


_ADD = Prepared(
    lambda: insert(Job).values(
        id=bindparam("key"),
        name=bindparam("kind"),
        arguments=bindparam("said"),
        lane=bindparam("place"),
        run_at=bindparam("due"),
        state="waiting",
        attempts=0,
        problem="",
    )
)


def enqueue(name: str, *, run_at: datetime | None = None, lane: str | None = None, **arguments: Any) -> None:
    """Write a job in the open transaction. :raises KeyError: no such job."""
    _ADD.change(
        key=new_key(),
        kind=name,
        said=json.dumps(arguments),
        place=LANES[lane or KINDS[name].lane],
        due=run_at or clock.now(),
    )
    info = db.session().info
    info[ENQUEUED] = True
    if KINDS[name].together == 1:
        info[_AT_ONCE] = True


def saved_at_once() -> int:
    """How often this process has saved jobs that may be begun at once; raised before workers are woken."""
    return _saved


@event.listens_for(Session, "after_commit")
def _note_saved(session: Session) -> None:
    global _saved
    if not session.in_nested_transaction() and session.info.pop(_AT_ONCE, False):
        _saved = next(_numbers)


@event.listens_for(Session, "after_rollback")
def _forget_saved(session: Session) -> None:
    if not session.in_nested_transaction():
        session.info.pop(_AT_ONCE, None)


def enqueue_one(name: str, *, run_at: datetime | None = None, **arguments: Any) -> None:
    """Have this job run at that moment or before, in the open transaction: one that waits already is
    moved forward rather than joined by another. For jobs that do whatever is due, and ask for the next:
    each call would else begin a chain that never ends. :raises KeyError: no such job.
    """
    moment = run_at or clock.now()
    # Held until our commit: nobody may begin it before it can see what it is asked for.
    waiting = db.session.scalar(
        select(Job)
        .where(Job.name == name, Job.state == "waiting", Job.attempts == 0, Job.claimed_by.is_(None))
        .order_by(Job.run_at)
        .limit(1)
        .with_for_update(skip_locked=True)
    )
    if waiting is None:
        enqueue(name, run_at=moment, **arguments)
    elif waiting.run_at > moment:
        waiting.run_at = moment
        db.session().info.update({ENQUEUED: True, _AT_ONCE: True})


def retry(job_id: str) -> bool:
    """Give a dead job another five attempts. False when it is not dead (any more)."""
    row = db.session.get(Job, job_id)
    if row is None or row.state != "dead":
        return False
    row.state, row.attempts, row.run_at = "waiting", 0, clock.now()
    return True


def dead_jobs() -> list[Job]:
    """What failed five times, oldest first."""
    return list(db.session.scalars(select(Job).where(Job.state == "dead").order_by(Job.run_at)))
