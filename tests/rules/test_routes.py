"""Every address by every one of the cast: the answers are those of ``table.txt``, written by hand."""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import Any

import pytest

from ground.sharing import DONE_ELSEWHERE
from tests.rules import answers, route_table, things

ROWS = route_table.read()


def routes(app):
    """Every method and endpoint that the application answers."""
    return {
        (method, rule.endpoint)
        for rule in app.url_map.iter_rules()
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
        if rule.endpoint != "static"
    }


def test_the_table_knows_every_route_and_no_other(place):
    known = {(row.method, row.endpoint) for row in ROWS}
    there = routes(place.app)
    assert not {f"{method} {name}: not in the table" for method, name in there - known}
    assert not {f"{method} {name}: in the table, but gone" for method, name in known - there}


def test_the_table_asks_about_every_kind_of_thing():
    assert set(things.THINGS) == {row.thing for row in ROWS if row.thing}


def those_who_ask(row):
    """All of the cast; where they all asked another engine before, one for each answer, in turn.

    What may differ between engines is how a rule is asked of the tables, and each answer asks that once.
    """
    if not os.environ.get(DONE_ELSEWHERE):
        return row.answers.items()
    people = list(row.answers.items())
    first = row.line % len(people)
    return {answer: (who, answer) for who, answer in people[first:] + people[:first]}.values()


@dataclass(frozen=True)
class Asked:
    """What one of the cast was answered, what the table gives them, and what the question changed."""

    who: str
    wanted: str
    answer: Any
    changed: frozenset[str]


@pytest.fixture(scope="module", params=ROWS, ids=str)
def row(request):
    """A line of the table. All that is said of it is asked one after the other."""
    return request.param


@pytest.fixture(scope="module")
def asked(place, row):
    """The line asked by each of the cast, once for all that is said of the answers."""
    address = place.path(row.endpoint, row.thing)
    found = []
    for who, wanted in those_who_ask(row):
        sent = things.form(place.world, row.endpoint, row.thing) if row.method != "GET" else None
        answer = place.ask(who, row.method, address, data=sent)
        found.append(Asked(who, wanted, answer, frozenset(place.written)))
    return found


def test_each_of_the_cast_gets_the_answer_of_the_table(row, asked):
    wrong = []
    for one in asked:
        if not answers.agrees(one.wanted, one.answer):
            wrong.append(f"{one.who}: {answers.said(one.answer)} instead of {one.wanted}")
        if row.method == "GET" and one.changed:
            wrong.append(f"{one.who}: asking changed {sorted(one.changed)}")
        changed = one.changed - {"draft"}  # what could not be sent is kept for its writer
        if one.answer.status_code >= 400 and changed:
            wrong.append(f"{one.who}: refused with {one.answer.status_code}, yet changed {sorted(changed)}")
    assert not wrong, f"line {row.line}: " + "; ".join(wrong)


def test_every_answer_is_protected(row, asked):
    """Every answer carries what protects its reader: pages, refusals, files, redirects, for everybody."""
    for one in asked:
        wrong = answers.unsafe(one.answer)
        if row.method == "GET":
            wrong += answers.kept_wrongly(one.who, row.endpoint, one.answer)
        assert not wrong, f"{one.who}: {wrong}"


@pytest.fixture(scope="module")
def nothing():
    """What is answered where nothing ever was, by who asks and address."""
    return {}


def test_unseen_and_never_made_answer_alike(place, row, asked, nothing):
    """What somebody may not see answers like what does not exist: the same bytes, the same headers."""
    unseen = [one for one in asked if one.wanted == "404"]
    if row.method != "GET" or not row.thing or not unseen:
        return
    real = things.values(place.world, row.thing)
    never = {name: things.made_up(name, value) for name, value in real.items()}
    address, other = place.path(row.endpoint, row.thing), place.address(row.endpoint, never)
    for one in unseen:
        if (one.who, other) not in nothing:  # other lines ask for the same
            nothing[one.who, other] = answers.plain(place.ask(one.who, "GET", other), other)
        none = nothing[one.who, other]
        assert answers.plain(one.answer, address) == none, f"{row} tells {one.who} that it exists"
