"""The job table: what follows from a change, saved with it.

A job is a name and plain arguments, enqueued inside the transaction of the change (``queue``). Workers claim
and run them (``claims``), at least once; some come back by themselves (``schedule``). A kind of job may be
done many at once (``together``): one commit of the index for fifty posts. A job carries a persona id or a
member id, never both (ARCHITECTURE section 3).
"""

from __future__ import annotations

from community.core.jobs.claims import (
    BACK_OFF,
    ENDED_ITS_WORKERS,
    GATHER,
    MOST_ATTEMPTS,
    TOGETHER_ATTEMPTS,
    Claimed,
    claim,
    claimers,
    let_go,
    run,
    run_waiting_jobs,
    take_over,
)
from community.core.jobs.queue import (
    ENQUEUED,
    KINDS,
    LANES,
    Function,
    Job,
    dead_jobs,
    enqueue,
    enqueue_one,
    job,
    retry,
)
from community.core.jobs.schedule import Schedule, due_now, tick

__all__ = [
    "BACK_OFF",
    "ENDED_ITS_WORKERS",
    "ENQUEUED",
    "GATHER",
    "KINDS",
    "LANES",
    "MOST_ATTEMPTS",
    "TOGETHER_ATTEMPTS",
    "Claimed",
    "Function",
    "Job",
    "Schedule",
    "claim",
    "claimers",
    "dead_jobs",
    "due_now",
    "enqueue",
    "enqueue_one",
    "job",
    "let_go",
    "retry",
    "run",
    "run_waiting_jobs",
    "take_over",
    "tick",
]
