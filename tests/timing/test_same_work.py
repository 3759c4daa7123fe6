"""What is there and what is not cost the same work; ``python3 dev.py timing`` measures the time itself."""

from __future__ import annotations

from collections import Counter

import argon2.low_level
import pytest

from tests.query_counter import Statements
from tests.timing.__main__ import Measured, apart
from tests.timing.questions import ADDRESSES, Pair, Question, pairs

# More statements where somebody is, or where nobody is: each takes a thousandth of the one hash beside
# them. What the time itself tells is measured.
STATEMENTS_APART = {"sign in with a wrong password": 1, "join": 3}


@pytest.fixture
def hashed(monkeypatch):
    """How often a password was hashed, to keep or to compare."""
    times: Counter[str] = Counter()

    def counted(name):
        real = getattr(argon2.low_level, name)

        def call(*facts, **named):
            times["hashed"] += 1
            return real(*facts, **named)

        monkeypatch.setattr(argon2.low_level, name, call)

    for name in ("hash_secret", "verify_secret"):
        counted(name)
    return times


def work(place, question, hashed):
    """How many statements a question costs, how many hashes, and the answer's status."""
    hashed.clear()
    with Statements().recorded() as sent:
        answer = question.ask(place)
    return len(sent.words), hashed["hashed"], answer.status_code


def test_there_is_a_pair_for_every_door_and_for_every_kind_of_address(place):
    names = {pair.name: pair.bound for pair in pairs(place)}
    assert sum(bound == ADDRESSES for bound in names.values()) == 4
    assert len(names) > 12


def test_what_is_there_and_what_is_not_cost_the_same(place, hashed):
    unlike = {}
    for pair in pairs(place):
        there, nothing = (work(place, question, hashed) for question in (pair.there, pair.nothing))
        apart_by = abs(there[0] - nothing[0])
        if there[1:] != nothing[1:] or apart_by > STATEMENTS_APART.get(pair.name, 0):
            unlike[pair.name] = (there, nothing)
    assert not unlike


def test_where_statements_differ_one_hash_hides_it(place, hashed):
    for pair in pairs(place):
        if pair.name in STATEMENTS_APART:
            for question in (pair.there, pair.nothing):
                assert work(place, question, hashed)[1] == 1, pair.name


def test_the_figures_are_those_of_the_textbook():
    pair = Pair("p", 0.1, Question("a", "GET", "/", {}), Question("a", "GET", "/", {}))
    found = Measured(pair, [1.0, 2.0, 3.0], [1.0, 2.0, 2.0])
    assert found.apart == 0
    # 1 ties with 1; 2 beats 1 and ties twice; 3 beats all: (0.5 + 2 + 3) of 9.
    assert found.longer == pytest.approx(5.5 / 9)
    assert apart([3.0], [2.0]) == 0.5
    assert apart([2.0], [3.0]) == -0.5
