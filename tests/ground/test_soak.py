"""What ``dev.py soak`` makes of the reports of its soaks."""

from __future__ import annotations

import pytest

from ground import soak

KEPT = {"figures": {"kills": "3 all", "posts sent": 12}, "violations": []}
BROKEN = {"figures": {"kills": "2 all"}, "violations": ["round 1: a reply was answered and is not there"]}


@pytest.fixture
def reported(monkeypatch):
    """Give each soak one of these reports instead of running it."""

    def give(*reports):
        left = iter(reports)
        monkeypatch.setattr(soak.signal, "signal", lambda *_: None)  # the tests' own way to end stays
        monkeypatch.setattr(soak, "_soak", lambda *_: next(left))

    return give


def test_the_figures_stand_side_by_side_and_each_violation_in_words():
    lines = soak.table({"SQLite, thread": KEPT, "SQLite, workers": BROKEN}).splitlines()
    assert lines == [
        "|  | SQLite, thread | SQLite, workers |",
        "| --- | --- | --- |",
        "| kills | 3 all | 2 all |",
        "| posts sent | 12 | - |",
        "| violations | 0 | 1 |",
        "",
        "- SQLite, workers: round 1: a reply was answered and is not there",
    ]


def test_one_broken_promise_fails_the_command(reported, capsys):
    reported(KEPT, BROKEN)
    assert soak.main(["kills", "--engine", "sqlite"]) == 1
    assert "is not there" in capsys.readouterr().out


def test_kept_promises_do_not(reported):
    reported(KEPT)
    assert soak.main(["kills", "--engine", "sqlite", "--form", "thread"]) == 0
