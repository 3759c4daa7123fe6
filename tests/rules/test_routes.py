"""Every address by every one of the cast: the answers are those of ``table.txt``, written by hand."""

from __future__ import annotations

import os

import pytest

from ground.sharing import DONE_ELSEWHERE
from tests.rules import route_table
from tests.rules.things import THINGS

ROWS = route_table.read()
UNSAFE = ("POST", "PUT", "PATCH", "DELETE")


def routes(app):
    """Every method and endpoint that the application answers."""
    return {
        (method, rule.endpoint)
        for rule in app.url_map.iter_rules()
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
        if rule.endpoint != "static"
    }


def said(answer):
    """An answer in the words of the table."""
    place = answer.headers.get("Location", "")
    if answer.status_code in {301, 302, 303, 307, 308}:
        led_to = place.partition("?")[0]
        if led_to.endswith("/sign-in/again"):
            return "again"
        return "sign-in" if led_to.endswith("/sign-in") else "done"
    return "done" if answer.status_code in {201, 204} else str(answer.status_code)


def agrees(wanted, answer):
    """Whether this is the answer the table gives; an act that answers with a page is done as well."""
    got = said(answer)
    return got == wanted or (wanted == "done" and got == "200")


def test_the_table_knows_every_route_and_no_other(place):
    known = {(row.method, row.endpoint) for row in ROWS}
    there = routes(place.app)
    assert not {f"{method} {name}: not in the table" for method, name in there - known}
    assert not {f"{method} {name}: in the table, but gone" for method, name in known - there}


def test_the_table_asks_about_every_kind_of_thing():
    assert set(THINGS) == {row.thing for row in ROWS if row.thing}


def those_who_ask(row):
    """All of the cast; where they all asked another engine before, one for each answer, in turn.

    What may differ between engines is how a rule is asked of the tables, and each answer asks that once.
    """
    if not os.environ.get(DONE_ELSEWHERE):
        return row.answers.items()
    people = list(row.answers.items())
    first = row.line % len(people)
    return {answer: (who, answer) for who, answer in people[first:] + people[:first]}.values()


@pytest.mark.parametrize("row", ROWS, ids=str)
def test_each_of_the_cast_gets_the_answer_of_the_table(place, row):
    wrong = []
    for who, wanted in those_who_ask(row):
        answer = place.row(who, row.method, row.endpoint, row.thing)
        if not agrees(wanted, answer):
            wrong.append(f"{who}: {said(answer)} instead of {wanted}")
        if row.method == "GET" and place.written:
            wrong.append(f"{who}: asking changed {sorted(set(place.written))}")
        changed = set(place.written) - {"draft"}  # what could not be sent is kept for its writer
        if answer.status_code >= 400 and changed:
            wrong.append(f"{who}: refused with {answer.status_code}, yet changed {sorted(changed)}")
    assert not wrong, f"line {row.line}: " + "; ".join(wrong)
