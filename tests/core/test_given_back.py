"""What was freed between two pieces that are kept goes back to the system, and the web server asks for it."""

from __future__ import annotations

import subprocess
import sys

import pytest
from gunicorn.workers.gthread import ThreadWorker

from community.core import given_back, patient

# Pieces of 8 kB, of which all but the last are freed: none of the freed lies at the end of the heap.
_IN_PIECES = """
from community.core import given_back
kept = [bytes(8_192) for _ in range(4_000)]
last = bytes(8_192)
def resident():
    with open("/proc/self/statm") as said:
        return int(said.read().split()[1]) * 4
del kept[:3_990]
before = resident()
went = given_back.give_back()
print(went, before - resident())
"""


@pytest.mark.skipif(given_back._trim() is None, reason="this system's C library has no such function")
def test_what_is_free_goes_back() -> None:
    ran = subprocess.run([sys.executable, "-c", _IN_PIECES], capture_output=True, text=True, check=True)
    went, kilobytes = ran.stdout.split()
    assert went == "True"
    assert int(kilobytes) > 20_000, ran.stdout


def test_another_system_is_left_as_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(given_back, "_trim", lambda: None)
    assert given_back.give_back() is False


def test_another_c_library_has_nothing_to_ask(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(given_back.ctypes, "CDLL", lambda _name: object())
    given_back._trim.cache_clear()
    try:
        assert given_back._trim() is None
    finally:
        given_back._trim.cache_clear()


def test_the_web_server_asks_now_and_then(monkeypatch: pytest.MonkeyPatch) -> None:
    """Once in a while, however often it looks after its connections."""
    asked: list[float] = []
    now = [1_000.0]
    monkeypatch.setattr(patient.time, "monotonic", lambda: now[0])
    monkeypatch.setattr(patient, "give_back", lambda: asked.append(now[0]))
    monkeypatch.setattr(ThreadWorker, "murder_pending", lambda _self: None)
    worker = object.__new__(patient.PatientWorker)
    worker.arriving, worker.leaving, worker.large, worker.gives_back_at = {}, {}, {}, 0.0
    for second in range(25):
        now[0] = 1_000.0 + second
        worker.murder_pending()
    assert asked == [1_000.0, 1_010.0, 1_020.0]
