"""Jobs step aside while somebody is answered, never for long, and nobody else does."""

from __future__ import annotations

import threading
import time

import pytest

from community.core import calm


@pytest.fixture
def somebody():
    """Begin and end being answered."""
    asked, answered = threading.Event(), threading.Event()

    def program(_environ, _start_response):
        asked.set()
        answered.wait(10)
        return [b""]

    thread = threading.Thread(target=calm.Answering(program), args=({}, None))
    thread.start()
    assert asked.wait(10)
    yield answered
    answered.set()
    thread.join()


def test_a_job_waits_until_nobody_is_answered(somebody, monkeypatch):
    monkeypatch.setattr(calm, "PATIENCE", 10)
    monkeypatch.setattr(calm, "A_WHILE", 10)
    threading.Timer(0.05, somebody.set).start()
    began = time.monotonic()
    with calm.in_the_background():
        assert somebody.is_set()
    assert time.monotonic() - began < 5


def test_a_job_waits_for_so_long_in_all_and_then_no_more(somebody, monkeypatch):
    monkeypatch.setattr(calm, "PATIENCE", 0.05)
    monkeypatch.setattr(calm, "A_WHILE", 0.03)
    with calm.in_the_background():
        for _ in range(20):
            calm.give_way()
        began = time.monotonic()
        for _ in range(1_000):
            calm.give_way()
    assert time.monotonic() - began < 10  # a thousand times a while would be half a minute


def test_who_is_no_job_waits_for_nobody(somebody, monkeypatch):
    monkeypatch.setattr(calm._calm, "wait", pytest.fail)
    calm.give_way()


def test_a_failing_answer_is_an_answer(monkeypatch):
    def program(_environ, _start_response):
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        calm.Answering(program)({}, lambda *_more: None)
    monkeypatch.setattr(calm._calm, "wait", pytest.fail)
    with calm.in_the_background():
        calm.give_way()
