"""Workers that are killed: what they had claimed runs at once, unless it is what ends them."""

from __future__ import annotations

import os
import subprocess
import sys
from datetime import timedelta
from types import SimpleNamespace

import pytest
import structlog
from sqlalchemy import func, select, text

from community.core import jobs, worker
from community.core.db import db, transaction
from community.core.jobs import Job, Schedule


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


@pytest.fixture
def ahead(monkeypatch):
    """The program's clock, an hour ahead until it is told otherwise; and the process's own."""
    now, monotonic, set_to = (
        worker.clock.now,
        worker.time.monotonic,
        SimpleNamespace(ahead=3600.0, passed=0.0),
    )
    monkeypatch.setattr(worker.clock, "now", lambda: now() + timedelta(seconds=set_to.ahead + set_to.passed))
    monkeypatch.setattr(worker.time, "monotonic", lambda: monotonic() + set_to.passed)
    return set_to


def look_all(watch):
    looks = watch.looks()
    assert all(look.act() for look in looks)
    return len(looks)


def test_what_was_due_before_the_clock_was_set_back_runs_at_once(db_session, ahead):
    watch = worker.Watch()
    wait_for(db_session)
    with transaction():
        jobs.enqueue("core.forget_sent_forms", run_at=worker.clock.now() + timedelta(days=1))
    ahead.ahead = 0.0
    assert jobs.claim("one") is None
    assert look_all(watch) == 1
    assert look_all(watch) == 0, "said once"
    assert jobs.claim("one") is not None
    assert jobs.claim("two") is None, "tomorrow is tomorrow"


def test_what_was_being_written_when_the_clock_was_set_back_runs_soon(db_session, ahead):
    watch = worker.Watch()
    by_the_old_clock = worker.clock.now()
    ahead.ahead = 0.0
    assert look_all(watch) == 1
    with transaction():
        jobs.enqueue("core.forget_sent_forms", run_at=by_the_old_clock)
        jobs.enqueue("core.forget_sent_forms", run_at=worker.clock.now() + timedelta(minutes=15))
    assert jobs.claim("one") is None
    ahead.passed = 1.5
    assert look_all(watch) == 1
    assert jobs.claim("one") is not None
    assert jobs.claim("two") is None, "in a quarter of an hour is in a quarter of an hour"
    ahead.passed = 60.0
    assert look_all(watch) == 3
    ahead.passed = 120.0
    assert look_all(watch) == 0


def test_a_look_that_could_not_be_taken_is_taken_later(db_session, ahead):
    watch = worker.Watch()
    ahead.ahead = 0.0
    (look,) = watch.looks()
    watch.again(look)
    assert look_all(watch) == 1


def test_what_comes_back_by_itself_does_not_wait_for_a_clock_that_was_set_back(db_session, ahead):
    jobs.tick()
    planned = dict(db_session.execute(select(Schedule.name, Schedule.next_at)).all())
    ahead.ahead = 0.0
    jobs.tick()
    now = dict(db_session.execute(select(Schedule.name, Schedule.next_at)).all())
    every = {name: kind.every for name, kind in jobs.KINDS.items() if kind.every}
    assert now.keys() == planned.keys() == every.keys()
    assert all(now[name] <= worker.clock.now() + every[name] for name in every)
    waiting = db_session.scalar(select(func.count()).select_from(Job))
    jobs.tick()
    assert waiting == db_session.scalar(select(func.count()).select_from(Job))


def test_nothing_ends_a_worker(app, monkeypatch):
    monkeypatch.setattr(worker.time, "sleep", lambda _seconds: None)

    def out_of_room():
        raise OSError(28, "No space left on device")

    assert worker._patiently(app, out_of_room, worker.Patience()) is None
    assert worker._patiently(app, lambda: True, worker.Patience()) is True


def test_what_hinders_a_worker_is_said_once_and_tried_less_often(app, db_session, monkeypatch):
    """A worker on tables of before an upgrade wrote two lines a second for as long as it lived."""
    waits: list[float] = []
    monkeypatch.setattr(worker.time, "sleep", waits.append)
    patience = worker.Patience()

    def on_tables_of_before():
        db.session.execute(text("SELECT 1 FROM table_of_tomorrow"))

    with structlog.testing.capture_logs() as said:
        for _ in range(60):
            worker._patiently(app, on_tables_of_before, patience)
        [line] = said
        assert "table_of_tomorrow" in line["said"]
        assert "SELECT" not in line["said"]
        assert waits[0] == 1
        assert waits[-1] == 5
        worker._patiently(app, lambda: bool(1 / 0), patience)
        assert said[1]["problem"] == "ZeroDivisionError"
        patience.is_over()
        assert said[2]["event"] == "can work again"
        worker._patiently(app, on_tables_of_before, patience)
        assert len(said) == 4
    assert waits[-1] == 1
