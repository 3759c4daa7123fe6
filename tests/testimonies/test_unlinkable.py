"""Two worlds: a testimony written by this person, by that one, or by nobody is the same to the last byte."""

from __future__ import annotations

import pytest
import time_machine

from community.core import clock, logs
from community.core.ids import new_key
from tests.make import testimonies as make
from tests.worlds.dice import loaded

WRITERS = ("visitor", "physician", "lived")


@pytest.fixture
def worlds(place):
    """``worlds(path, form)``: per writer, the answer and every table, in the same second."""
    moment = clock.now()

    def play(path, form):
        found = {}
        for who in WRITERS:
            with time_machine.travel(moment, tick=False), loaded() as dice:
                dice.begin("a testimony")
                answer, rows = place.effect(who, "POST", path, data=form)
            headers = {name: value for name, value in answer.headers if name != "X-Request-Id"}
            found[who] = (answer.status_code, headers, answer.get_data(), rows)
        return found

    return play


def test_whoever_sends_it_the_answer_and_all_tables_are_the_same(place, worlds):
    found = worlds("/en/testimonies/write", {"body": make.WORDS, "audience": "everyone", "idem": new_key()})
    status, headers, _body, rows = found["visitor"]
    assert status == 200
    assert "Set-Cookie" not in headers
    for who in WRITERS:
        assert found[who] == found["visitor"], who
    changed = {name for name, there in rows.items() if there != before(place)[name]}
    assert changed == {"testimony"}


def before(place):
    """Every table as it is."""
    return place.effect("visitor", "GET", "/en/testimonies/write")[1]


def test_whoever_takes_it_back_the_answer_and_all_tables_are_the_same(place, worlds):
    found = worlds("/fr/testimonies/withdraw", {"code": place.world.more["testimony code"]})
    assert found["visitor"][0] == 200
    for who in WRITERS:
        assert found[who] == found["visitor"], who


@pytest.mark.parametrize("path", ["/en/testimonies/write", "/fr/testimonies/withdraw"])
def test_the_pages_name_nobody_and_leave_everybody_signed_in(place, path):
    pages = {}
    for who in WRITERS:
        with loaded() as dice:
            dice.begin("a page")
            pages[who] = place.ask(who, "GET", path).get_data()
    assert len(set(pages.values())) == 1
    browser = place.browsers["physician"]
    browser.get(path)
    assert b"Noemie Larch" in browser.get("/en/menu").get_data()


def test_a_message_that_waited_to_be_shown_is_shown_elsewhere_and_not_lost(place):
    browser = place.browsers["policy"]
    with browser.session_transaction() as cookie:
        cookie["_flashes"] = [("ok", "A word for one person.")]
    assert "A word for one" not in browser.get("/en/testimonies/write").get_data(as_text=True)
    assert "A word for one" in browser.get("/en/menu").get_data(as_text=True)


def test_a_row_points_at_nobody_and_knows_no_hour(place):
    rows = place.effect("visitor", "GET", "/en/testimonies")[1]["testimony"]
    cast = [one for one in place.world.cast.values() if one.persona_id]
    people = {one.persona_id for one in cast} | {one.member_id for one in cast}
    for row in rows:
        assert not people & set(row.values())
        assert not {"at", "created_at", "author_id", "address"} & set(row)


def test_neither_the_log_nor_the_counters_say_that_a_form_came(place, monkeypatch):
    said: list[str] = []
    monkeypatch.setattr(logs, "_counts", [lambda endpoint, *_rest: said.append(endpoint)])
    form = {"body": make.WORDS, "audience": "lived", "idem": new_key()}
    place.ask("member", "POST", "/en/testimonies/write", data=form)
    place.ask("member", "GET", "/en/testimonies/withdraw")
    assert said == []
    place.ask("member", "GET", "/en/testimonies")
    assert said == ["testimonies.list_all"]
