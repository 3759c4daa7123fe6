"""Workers that are killed: what they had claimed runs at once, unless it is what ends them."""

from __future__ import annotations

import os
import subprocess
import sys
from datetime import timedelta

import pytest
from sqlalchemy import select

from community.core import jobs, worker
from community.core.db import transaction
from community.core.jobs import Job


@pytest.fixture
def ended():
    """The number of a process that is no more."""
    process = subprocess.Popen([sys.executable, "-c", ""])
    process.wait()
    return process.pid


def named(number: int) -> str:
    return worker.name_here("worker").replace(f":{os.getpid()}", f":{number}")


def wait_for(db_session):
    with transaction():
        jobs.enqueue("core.forget_sent_forms")
    return select(Job.claimed_by, Job.attempts).where(Job.name == "core.forget_sent_forms")


def test_what_a_killed_worker_had_claimed_is_free_at_once(db_session, ended):
    row = wait_for(db_session)
    assert jobs.claim(named(ended))
    worker.free_the_claims_of_the_dead("me")
    assert db_session.execute(row).one() == (None, 1)


def test_a_worker_that_starts_leaves_its_living_sibling_alone(db_session):
    row = wait_for(db_session)
    sibling = named(os.getppid())
    assert jobs.claim(sibling)
    worker.free_the_claims_of_the_dead("me")
    assert db_session.execute(row).one() == (sibling, 1)


def test_an_earlier_process_with_the_same_number_is_over(db_session):
    """In a container the worker is often process 1, in each of its lives."""
    row = wait_for(db_session)
    assert jobs.claim(worker.name_here("thread"))
    worker.free_the_claims_of_the_dead("me")
    assert db_session.execute(row).one() == (None, 1)


@pytest.mark.parametrize(
    "elsewhere", ["worker@another-machine:1", "worker@another-machine pid:[1]:1", "here"]
)
def test_nothing_is_known_of_workers_elsewhere(elsewhere):
    assert not worker.is_over(elsewhere)


def test_a_name_fits_its_column():
    assert len(worker.name_here("worker")) <= 80


def test_a_job_that_ends_every_worker_is_given_up(db_session, ended):
    wait_for(db_session)
    for _ in range(jobs.MOST_ATTEMPTS):
        assert jobs.claim(named(ended))
        worker.free_the_claims_of_the_dead("me")
    assert jobs.claim(named(ended)) is None
    [dead] = jobs.dead_jobs()
    assert (dead.name, dead.attempts) == ("core.forget_sent_forms", jobs.MOST_ATTEMPTS)
    assert dead.problem == jobs.ENDED_ITS_WORKERS


def test_what_this_process_is_doing_in_another_thread_is_left_to_it(db_session, monkeypatch):
    row = wait_for(db_session)
    monkeypatch.setattr(worker, "_ours", {worker.name_here("thread"), worker.name_here("at-once")})
    assert jobs.claim(worker.name_here("thread"))
    worker.free_the_claims_of_the_dead(worker.name_here("at-once"))
    assert db_session.execute(row).one() == (worker.name_here("thread"), 1)
    worker.free_the_claims_of_the_dead(worker.name_here("thread"))
    assert db_session.execute(row).one() == (None, 1)


def test_the_thread_for_what_cannot_wait_takes_nothing_else(db_session):
    wait_for(db_session)
    assert jobs.claim("quick", lanes=worker.AT_ONCE) is None
    assert jobs.claim("slow", lanes=worker.IN_TIME) is not None


def test_a_child_holds_its_job_itself_so_its_worker_may_be_killed(db_session, ended):
    """The child of a killed worker goes on: nobody may begin the same job beside it."""
    row = wait_for(db_session)
    parent = named(ended)
    claimed = jobs.claim(parent)
    assert claimed is not None
    child = named(os.getppid())  # somebody who lives
    held = jobs.take_over(claimed.id, parent, child)
    assert held is not None
    worker.free_the_claims_of_the_dead("me")
    assert db_session.execute(row).one() == (child, 1)
    assert jobs.claim("another") is None
    assert jobs.run(held)
    assert db_session.execute(row).one_or_none() is None


def test_a_child_that_comes_too_late_does_nothing(db_session, ended):
    wait_for(db_session)
    claimed = jobs.claim(named(ended))
    assert claimed is not None
    worker.free_the_claims_of_the_dead("me")
    assert not worker.run_one(claimed.id, named(ended)), "nobody claims it"
    assert jobs.claim("another")
    assert not worker.run_one(claimed.id, named(ended)), "somebody else does"


def test_what_was_due_before_the_clock_was_set_back_runs_at_once(db_session, monkeypatch):
    real, off = worker.clock.now, [timedelta(hours=1)]
    monkeypatch.setattr(worker.clock, "now", lambda: real() + off[0])
    watch = worker.Watch()
    wait_for(db_session)
    with transaction():
        jobs.enqueue("core.forget_sent_forms", run_at=worker.clock.now() + timedelta(days=1))
    off[0] = timedelta()
    assert jobs.claim("one") is None
    back = watch.set_back()
    assert timedelta(minutes=59) < back < timedelta(minutes=61)
    assert not watch.set_back(), "said once"
    assert jobs.due_now(back) == 1
    assert jobs.claim("one") is not None
    assert jobs.claim("two") is None, "tomorrow is tomorrow"


def test_nothing_ends_a_worker(app, monkeypatch):
    monkeypatch.setattr(worker.time, "sleep", lambda _seconds: None)

    def out_of_room():
        raise OSError(28, "No space left on device")

    assert worker._patiently(app, out_of_room) is None
    assert worker._patiently(app, lambda: True) is True
