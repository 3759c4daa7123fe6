"""Writers on SQLite wait in the order in which they came, and nobody waits for ever."""

from __future__ import annotations

import threading
import time

import pytest

from community.core import db as database
from community.core.db import transaction
from community.core.turns import Turns


def wait_until(there):
    end = time.monotonic() + 10
    while not there():
        assert time.monotonic() < end, "waited too long"
        time.sleep(0.001)


def test_who_came_first_goes_first():
    turns, came = Turns(), []

    def one(number):
        with turns.turn(10):
            came.append(number)

    threads = [threading.Thread(target=one, args=(number,)) for number in range(20)]
    with turns.turn(10):
        for waiting, thread in enumerate(threads, start=1):
            thread.start()
            wait_until(lambda so_many=waiting: len(turns._waiting) == so_many)
    for thread in threads:
        thread.join()
    assert came == list(range(20))
    assert not turns._taken


def test_one_at_a_time_and_everybody_in_the_end():
    turns, inside, most = Turns(), [], []

    def one():
        for _ in range(50):
            with turns.turn(10) as mine:
                assert mine
                inside.append(1)
                most.append(len(inside))
                inside.pop()

    threads = [threading.Thread(target=one) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert max(most) == 1
    assert len(most) == 400


def test_who_loses_patience_goes_anyway_and_holds_up_nobody():
    turns = Turns()
    with turns.turn(0) as first:
        assert first
        with turns.turn(0.01) as second:
            assert not second
    with turns.turn(0) as third:
        assert third


def test_a_failure_inside_hands_over():
    turns = Turns()
    with pytest.raises(ZeroDivisionError), turns.turn(0):
        raise ZeroDivisionError
    with turns.turn(0) as mine:
        assert mine


def test_a_transaction_ends_its_turn_whatever_happens(db_session):
    with pytest.raises(ZeroDivisionError), transaction():
        raise ZeroDivisionError
    with transaction(), transaction():  # the inner one joins the outer one
        pass
    assert not database.writers._taken
