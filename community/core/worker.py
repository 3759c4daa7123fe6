"""Who runs the job table: a thread in the small size, ``flask worker`` processes in the large."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import threading
import time
from contextlib import suppress
from pathlib import Path

import structlog
from flask import Flask
from sqlalchemy import event, select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from community.core import jobs
from community.core.db import db

POLL_SECONDS = 0.5
TICK_SECONDS = 20.0
_wake = threading.Event()
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

    Called by a worker between two jobs: what it has claimed itself by then is left of an earlier
    process with its number, or of a job it lost with the database.
    """
    where, _, number = worker.partition("@")[2].rpartition(":")
    if where != _machine() or not number.isdigit():
        return False
    if int(number) == os.getpid():
        return True
    if os.name == "nt":  # where asking would end it; its lease runs out
        return False
    try:
        os.kill(int(number), 0)
    except ProcessLookupError:
        return True
    except OSError:
        return False
    return False


def free_the_claims_of_the_dead() -> None:
    """Let jobs run at once whose worker was killed, instead of when their lease runs out."""
    for worker in jobs.claimers():
        if is_over(worker):
            jobs.let_go(worker)


def wake_after_commits() -> None:
    """Let a commit wake the thread at once instead of at its next look."""
    event.listen(Session, "after_commit", lambda _session: _wake.set())


def start_thread(app: Flask) -> None:
    """Run the job table from one daemon thread of this process."""
    thread = threading.Thread(target=work, args=(app, name_here("thread")), name="jobs", daemon=True)
    thread.start()


def work(app: Flask, worker: str, *, until_idle: bool = False) -> None:
    """Run jobs until the process ends (or, ``until_idle``, until none is due)."""
    next_tick = 0.0
    while True:
        if time.monotonic() >= next_tick:
            next_tick = time.monotonic() + TICK_SECONDS
            with app.app_context():
                _patiently(free_the_claims_of_the_dead)
                _patiently(jobs.tick)
        busy = _one(app, worker)
        if not busy and until_idle:
            return
        if not busy:
            _wake.wait(POLL_SECONDS)
            _wake.clear()


def _patiently(act: object) -> None:
    """A database that is away for a moment must not end the worker."""
    try:
        act()  # type: ignore[operator]
    except SQLAlchemyError as problem:
        db.session.rollback()
        log.warning("database away", problem=type(problem).__name__)
        time.sleep(1)


def _one(app: Flask, worker: str) -> bool:
    with app.app_context():
        try:
            claimed = jobs.claim(worker)
            if claimed is None:
                return False
            if claimed.heavy:
                done = _in_child(app, claimed.id)
            else:
                done = jobs.run(claimed.id, claimed.name, claimed.arguments)
            log.info("job", name=claimed.name, attempt=claimed.attempt, done=done)
            return True
        except SQLAlchemyError as problem:
            db.session.rollback()
            log.warning("database away", problem=type(problem).__name__)
            time.sleep(1)
            return False


def _in_child(app: Flask, job_id: str) -> bool:
    """Heavy work (statistics, imports, matching) must not slow the pages of this process."""
    root = Path(app.root_path).parent
    command = [sys.executable, "-m", "flask", "--app", "wsgi", "worker", "--one", job_id]
    environment = {**os.environ, "JOBS": "none"}
    # Our own program with the id of a row; no words of anybody reach the command line.
    return subprocess.run(command, cwd=root, env=environment, check=False).returncode == 0  # noqa: S603


def run_one(job_id: str) -> bool:
    """Run one claimed job by its id: what the child process does."""
    row = db.session.scalar(select(jobs.Job).where(jobs.Job.id == job_id))
    return row is not None and jobs.run(row.id, row.name, row.arguments)
