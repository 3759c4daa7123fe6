"""The job table: saved with the change, run at least once, tried again, never lost."""

from __future__ import annotations

from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
import time_machine
from sqlalchemy import func, select

from community.core import clock, jobs
from community.core.announce import announce, receiver, signal
from community.core.db import transaction
from community.core.jobs import Job

heard: list[int] = []
something_happened = signal("tests.something_happened", "number")


@receiver(something_happened)
def hear(number: int) -> None:
    """Remember the number; a negative one fails."""
    if number < 0:
        raise RuntimeError("words that must not be kept")
    heard.append(number)


@pytest.fixture(autouse=True)
def nothing_heard():
    heard.clear()
    goes.clear()


goes: list[list[int]] = []


@jobs.job("tests.in_one_go", together=3)
def in_one_go(arguments: list[dict[str, int]]) -> None:
    """Remember which came in one go; a negative one fails for all."""
    numbers = [one["number"] for one in arguments]
    goes.append(numbers)
    if min(numbers) < 0:
        raise RuntimeError


def enqueue_numbers(*numbers: int) -> None:
    start = clock.ago(seconds=60)
    with transaction():
        for place, number in enumerate(numbers):
            jobs.enqueue("tests.in_one_go", run_at=start + timedelta(seconds=place), number=number)


def waiting(session):
    return session.scalar(select(func.count()).select_from(Job).where(Job.name.like("%test_jobs%")))


def test_an_announcement_is_a_job_row_of_the_same_transaction(db_session):
    with transaction():
        announce(something_happened, number=1)
    assert waiting(db_session) == 1
    jobs.run_waiting_jobs()
    assert heard == [1]
    assert waiting(db_session) == 0


def test_a_rollback_leaves_no_announcement(db_session):
    def change_and_break() -> None:
        with transaction():
            announce(something_happened, number=2)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        change_and_break()
    assert waiting(db_session) == 0


def test_an_announcement_with_other_values_is_refused(db_session):
    with pytest.raises(TypeError), transaction():
        announce(something_happened, text="x")


def test_a_job_failing_five_times_waits_on_the_dead_letter_page(db_session):
    with transaction():
        announce(something_happened, number=-1)
    for _ in range(jobs.MOST_ATTEMPTS):
        with transaction():
            for row in db_session.scalars(select(Job)):
                row.run_at = clock.ago(seconds=1)
        jobs.run_waiting_jobs()
    dead = [row for row in jobs.dead_jobs() if "test_jobs" in row.name]
    assert [row.attempts for row in dead] == [jobs.MOST_ATTEMPTS]
    assert "RuntimeError at test_jobs.py" in dead[0].problem
    assert "words" not in dead[0].problem
    with transaction():
        assert jobs.retry(dead[0].id)
    assert not [row for row in jobs.dead_jobs() if "test_jobs" in row.name]


def test_a_failed_job_waits_longer_before_each_attempt(db_session):
    with transaction():
        announce(something_happened, number=-1)
    before = clock.now()
    jobs.run_waiting_jobs()
    row = db_session.scalar(select(Job).where(Job.name.like("%test_jobs%")))
    assert row.run_at >= before + timedelta(seconds=jobs.BACK_OFF[0])
    assert row.claimed_by is None


def test_urgent_jobs_go_before_bulk_ones(db_session):
    with transaction():
        jobs.enqueue("core.send_mail", lane="bulk", sealed="x")
        announce(something_happened, number=3)
    first = jobs.claim("a worker")
    assert first is not None
    assert first.name.endswith("hear")


def test_a_claimed_job_is_not_claimed_twice_until_its_lease_ends(db_session):
    with transaction():
        announce(something_happened, number=4)
    assert jobs.claim("one") is not None
    assert jobs.claim("two") is None
    jobs.let_go("one")
    assert jobs.claim("two") is not None


def test_jobs_of_a_kind_that_is_done_together_are_taken_in_one_go(db_session):
    enqueue_numbers(1, 2, 3, 4)
    assert jobs.run_waiting_jobs() == 2
    assert [sorted(go) for go in goes] == [[1, 2, 3], [4]]
    assert not db_session.scalars(select(Job.id).where(Job.name == "tests.in_one_go")).all()


def test_one_that_fails_in_one_go_does_not_hold_up_the_others(db_session):
    enqueue_numbers(1, -2, 3)
    jobs.run_waiting_jobs()
    assert sorted(map(len, goes)) == [1, 1, 1, 3]
    [left] = db_session.scalars(select(Job).where(Job.name == "tests.in_one_go"))
    assert left.arguments == {"number": -2}
    assert left.claimed_by is None


def test_what_ended_two_workers_is_tried_alone(db_session):
    """One of them may be what ended them: the others must not be given up with it."""
    enqueue_numbers(1, 2, 3)
    for expected in [*[3] * jobs.TOGETHER_ATTEMPTS, 1]:
        claimed = jobs.claim("killed")
        assert claimed is not None
        assert len(claimed.each) == expected
        jobs.let_go("killed")


asked_to_look: list[str] = []


@jobs.job("tests.look_again")
def look_again(turn: str) -> None:
    """Do whatever is due, and ask to be run again, as a delivery does."""
    asked_to_look.append(turn)
    with transaction():
        jobs.enqueue_one("tests.look_again", run_at=clock.now() + timedelta(hours=1), turn="next")


def test_of_a_job_that_asks_for_itself_one_waits_however_often_it_is_asked_for(db_session):
    """Each call would else begin a chain that never ends."""
    soon, sooner, late = (clock.now() + timedelta(minutes=minutes) for minutes in (5, -1, 30))
    for moment in (soon, sooner, late):
        with transaction():
            jobs.enqueue_one("tests.look_again", run_at=moment, turn="first")
    rows = select(Job.run_at).where(Job.name == "tests.look_again")
    assert db_session.scalars(rows).all() == [sooner]
    asked_to_look.clear()
    jobs.run_waiting_jobs()
    assert asked_to_look == ["first"]
    assert len(db_session.scalars(rows).all()) == 1, "the next, and no other"


def test_an_hour_that_was_planned_in_a_zone_is_that_hour(db_session):
    toronto = clock.now().astimezone(ZoneInfo("America/Toronto")).replace(microsecond=0)
    with transaction():
        jobs.enqueue("core.send_mail", run_at=toronto, sealed="x")
    db_session.expire_all()
    assert db_session.scalars(select(Job.run_at)).one() == toronto


def test_a_worker_leaves_what_is_done_together_for_a_moment_so_that_others_join_it(db_session):
    start = clock.now()
    with time_machine.travel(start, tick=False) as now:
        with transaction():
            jobs.enqueue("tests.in_one_go", number=1)
        assert jobs.claim("a worker", gathering=True) is None
        with transaction():
            jobs.enqueue("core.forget_sent_forms")
        alone = jobs.claim("a worker", gathering=True)
        assert alone is not None
        assert alone.name == "core.forget_sent_forms"
        now.shift(jobs.GATHER)
        with transaction():
            jobs.enqueue("tests.in_one_go", number=2)
        now.shift(jobs.GATHER)
        gone = jobs.claim("a worker", gathering=True)
        assert gone is not None
        assert sorted(one.arguments["number"] for one in gone.each) == [1, 2]
