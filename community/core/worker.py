"""Who runs the job table: a thread in the small size, ``flask worker`` processes in the large."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Collection
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import structlog
from flask import Flask
from sqlalchemy import event
from sqlalchemy.exc import OperationalError, ProgrammingError
from sqlalchemy.orm import Session

from community.core import calm, clock, jobs

POLL_SECONDS = 0.5
TICK_SECONDS = 20.0
# Seconds until what is not possible is tried again: the first times, and from then on.
AT_FIRST, LATER = 1.0, 5.0
SOON_AGAIN = 30
SAID_EVERY = 120  # times
A_CORRECTION = timedelta(seconds=5)  # of a clock that is kept right all the time
LOOKS = (0.0, 1.0, 3.0, 10.0, 30.0)  # seconds after the clock was set back
_bells: list[threading.Event] = []  # one for each thread that waits for jobs
_ours: set[str] = set()  # the names under which this process works
EVERY = tuple(jobs.LANES)
# What cannot wait has a thread to itself: any other job, such as a letter to a slow mail server, may
# keep its thread for many seconds.
AT_ONCE = ("at_once",)
IN_TIME = tuple(lane for lane in EVERY if lane not in AT_ONCE)
log = structlog.get_logger("worker")


def name_here(kind: str) -> str:
    """A name by which others on this machine see whether this worker still lives."""
    return f"{kind}@{_machine()}:{os.getpid()}"


def _machine() -> str:
    """The machine, and which count of processes: containers may share the name of their machine."""
    count = ""
    with suppress(OSError):
        count = os.readlink("/proc/self/ns/pid")
    return f"{socket.gethostname()[:40]} {count}".strip()


def is_over(worker: str) -> bool:
    """Whether a worker's process has ended, as far as that can be known from here.

    A name with our own number that is none of ours is of an earlier process: in a container the
    worker is often process 1, in each of its lives.
    """
    where, _, number = worker.partition("@")[2].rpartition(":")
    if where != _machine() or not number.isdigit():
        return False
    if int(number) == os.getpid():
        return worker not in _ours
    if os.name == "nt":  # where asking would end it; its lease runs out
        return False
    try:
        os.kill(int(number), 0)
    except ProcessLookupError:
        return True
    except OSError:
        return False
    return False


def free_the_claims_of_the_dead(me: str) -> None:
    """Let jobs run at once whose worker was killed, instead of when their lease runs out.

    Called by a worker between two jobs: what it has claimed itself by then is left of an earlier
    process with its name, or of a job it lost with the database.
    """
    for worker in jobs.claimers():
        if worker == me or is_over(worker):
            jobs.let_go(worker)


def wake_after_commits() -> None:
    """Let a commit that leaves jobs wake the threads at once instead of at their next look."""
    event.listen(Session, "after_commit", _wake)
    event.listen(Session, "after_rollback", lambda session: session.info.pop(jobs.ENQUEUED, None))


def _wake(session: Session) -> None:
    if not session.in_nested_transaction() and session.info.pop(jobs.ENQUEUED, False):
        for bell in _bells:
            bell.set()


def start_thread(app: Flask) -> None:
    """Run the job table from two daemon threads of this process."""
    _beside(app, name_here("at-once"), AT_ONCE)
    _beside(app, name_here("thread"), IN_TIME)


def work_for_ever(app: Flask) -> None:
    """Run the job table in this process, until it is ended."""
    _beside(app, name_here("at-once"), AT_ONCE)
    work(app, name_here("worker"), IN_TIME)


def _beside(app: Flask, name: str, lanes: Collection[str]) -> None:
    threading.Thread(target=work, args=(app, name, lanes), name="jobs", daemon=True).start()


def work(app: Flask, worker: str, lanes: Collection[str] = EVERY, *, until_idle: bool = False) -> None:
    """Run the jobs of these lanes until the process ends (or, ``until_idle``, until none is due)."""
    _ours.add(worker)
    bell = threading.Event()
    _bells.append(bell)
    next_tick = 0.0
    watch, patience = Watch(), Patience()
    while True:
        if time.monotonic() >= next_tick:
            next_tick = time.monotonic() + TICK_SECONDS
            _patiently(app, lambda: _tick(worker), patience)
        for look in watch.looks():
            if _patiently(app, look.act, patience) is None:
                watch.again(look)
        found = _patiently(app, lambda: _one(app, worker, lanes, gathering=not until_idle), patience)
        if found is None:  # what was claimed is to be freed as soon as the machine is well again
            next_tick = 0.0
            continue
        patience.is_over()
        if found:
            continue
        if until_idle:
            return
        bell.wait(POLL_SECONDS)
        bell.clear()


@dataclass(frozen=True)
class Look:
    """A look, due at a moment of the process's own clock, for jobs of a clock that was set back."""

    back: timedelta
    set_back_at: float
    due: float

    def act(self) -> bool:
        """Let what was due by the old clock run now. True: it was done."""
        later = self.due > self.set_back_at
        since = timedelta(seconds=time.monotonic() - self.set_back_at) if later else None
        return jobs.due_now(self.back, since) >= 0


class Watch:
    """Notices that the clock of the machine was set back; asks for a look at once, and for a few later.

    A form that was being sent meanwhile may have written its jobs by the old clock, and be saved after the
    first look: they would run only when that clock's hour comes.
    """

    def __init__(self) -> None:
        self._off = self._now()
        self._looks: list[Look] = []

    def _now(self) -> timedelta:
        return clock.now() - datetime.fromtimestamp(time.monotonic(), UTC)

    def looks(self) -> list[Look]:
        """Those that are due; none for what is only a correction."""
        at = time.monotonic()
        before, self._off = self._off, self._now()
        if (back := before - self._off) > A_CORRECTION:
            self._looks += [Look(back, at, at + seconds) for seconds in LOOKS]
        due = [look for look in self._looks if look.due <= at]
        self._looks = [look for look in self._looks if look.due > at]
        return due

    def again(self, look: Look) -> None:
        """Nothing could be done about it yet: ask for it anew."""
        self._looks.append(look)


def _tick(worker: str) -> bool:
    free_the_claims_of_the_dead(worker)
    jobs.tick()
    return True


class Patience:
    """With what hinders a worker: said once, and again now and then; tried less often after a while."""

    def __init__(self) -> None:
        self._said: set[str] = set()
        self._times = 0

    def holds(self, problem: Exception) -> None:
        """It happened: say so, and wait a little."""
        kind = type(problem).__name__
        if kind not in self._said or self._times % SAID_EVERY == 0:
            log.warning("cannot work now", problem=kind, **_of_the_database(problem))
        self._said.add(kind)
        self._times += 1
        time.sleep(AT_FIRST if self._times <= SOON_AGAIN else LATER)

    def is_over(self) -> None:
        """Work is possible."""
        if self._times:
            log.warning("can work again", after=self._times)
            self._said.clear()
            self._times = 0


def _of_the_database(problem: Exception) -> dict[str, str]:
    """What the database says of itself, such as a table that is not there: its first line holds no values.

    SQLite's own name of it beside: "database is locked" alone may be four things.
    """
    if not isinstance(problem, OperationalError | ProgrammingError):
        return {}
    name = getattr(problem.orig, "sqlite_errorname", None)
    return {"said": next(iter(str(problem.orig).splitlines()), ""), **({"called": name} if name else {})}


def _patiently(app: Flask, act: Callable[[], bool], patience: Patience) -> bool | None:
    """Nothing may end the worker: not a database that is away, nor a disk without room; None then."""
    try:
        with app.app_context():
            return act()
    except Exception as problem:
        patience.holds(problem)
        return None


def _one(app: Flask, worker: str, lanes: Collection[str], *, gathering: bool) -> bool:
    """Run the next job; False when there is none."""
    claimed = jobs.claim(worker, lanes=lanes, gathering=gathering)
    if claimed is None:
        return False
    if claimed.heavy:
        done = _in_child(app, claimed.id, worker)
    else:
        with calm.in_the_background():
            done = jobs.run(claimed)
    log.info("job", name=claimed.name, number=len(claimed.each), attempt=claimed.attempt, done=done)
    return True


def _in_child(app: Flask, job_id: str, worker: str) -> bool:
    """Heavy work (statistics, imports, matching) must not slow the pages of this process."""
    root = Path(app.root_path).parent
    command = [sys.executable, "-m", "flask", "--app", "wsgi", "worker", "--one", job_id, "--of", worker]
    environment = {**os.environ, "JOBS": "none"}
    # Our own program with the id of a row; no words of anybody reach the command line.
    return subprocess.run(command, cwd=root, env=environment, check=False).returncode == 0  # noqa: S603


def run_one(job_id: str, worker: str) -> bool:
    """Run one job that a worker claimed: what the child process does. False when it is not its any more."""
    claimed = jobs.take_over(job_id, worker, name_here("child"))
    return claimed is not None and jobs.run(claimed)
