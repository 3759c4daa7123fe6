"""Jobs that come back by themselves, and clocks that are set back."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import String, or_, select, update
from sqlalchemy.orm import Mapped, mapped_column

from community.core import clock
from community.core.db import Base, UtcDateTime, db, transaction
from community.core.jobs.queue import KINDS, Job, enqueue
from community.core.upsert import insert_into


class Schedule(Base):
    """When a recurring job runs next; one row a job, whatever the number of workers."""

    __tablename__ = "schedule"

    name: Mapped[str] = mapped_column(String(120), primary_key=True)
    next_at: Mapped[datetime] = mapped_column(UtcDateTime)


def tick() -> None:
    """Enqueue the recurring jobs that are due; any number of workers may call it."""
    now = clock.now()
    for name, kind in KINDS.items():
        if kind.every is None:
            continue
        then = now + kind.every
        next_at = db.session.scalar(select(Schedule.next_at).where(Schedule.name == name))
        if next_at is not None and now < next_at <= then:
            continue
        with transaction():
            if _take_turn(name, now, then):
                enqueue(name)
    db.session.rollback()


def _take_turn(name: str, now: datetime, then: datetime) -> bool:
    """Whether it is due. One that is further off than ever was planned by a clock that was set back since."""
    db.session.execute(insert_into(Schedule).values(name=name, next_at=now).on_conflict_do_nothing())
    due = or_(Schedule.next_at <= now, Schedule.next_at > then)
    turn = update(Schedule).where(Schedule.name == name, due).values(next_at=then)
    done: Any = db.session.execute(turn)
    return bool(done.rowcount)


# How long before the clock was set back a job may have been written that is saved only after it.
STILL_OPEN = timedelta(minutes=1)


def due_now(back: timedelta, since: timedelta | None = None) -> int:
    """The clock was set back by so much: what was due by the old one is due. Returns how many jobs.

    What was planned for that very while runs early, by an hour when the clock was an hour ahead.

    :param since: that was so long ago, and all was made due then: look only for what was being written
        by the old clock meanwhile, and was saved later.
    """
    now = clock.now()
    earliest = now if since is None else max(now, now + back - since - STILL_OPEN)
    with transaction() as session:
        early = update(Job).where(Job.state == "waiting", Job.run_at > earliest, Job.run_at <= now + back)
        done: Any = session.execute(early.values(run_at=now))
    return int(done.rowcount)
