"""Joining takes a moment, for a person; programs that join by the hundred are turned away and told alike."""

from __future__ import annotations

import re
from datetime import timedelta
from itertools import product

import pytest
import time_machine
from sqlalchemy import func, select

from community.accounts.members import User
from community.accounts.signin import arrivals
from community.core import clock
from community.core.db import db
from tests.accounts.test_without_address import form as form_by_name
from tests.make import accounts as make

BY_NAME = "/en/join/without-address"


@pytest.fixture
def waiting_room(app):
    """The short waiting room, as it stands before every door but those of tests."""
    app.config["JOINING_TAKES"] = 3
    yield app
    app.config["JOINING_TAKES"] = 0


@pytest.fixture
def opened(waiting_room, client):
    """A joining form as it stands in a browser, and the moment it was opened."""
    moment = clock.now()
    with time_machine.travel(moment, tick=False):
        page = client.get("/en/join")
        stamp = re.search(r'name="opened" value="([^"]+)"', page.text)
        assert stamp
        return make.joining_form(client, opened=stamp[1], homepage=""), moment


def members():
    return db.session.scalar(select(func.count()).select_from(User))


def drawn_apart(page):
    """A page without what is drawn anew each time."""
    page = re.sub(r'name="(csrf_token|idem)" value="[^"]*"', "", page)
    return re.sub(r'(?s)<fieldset class="field" id="proposed".*?</fieldset>', "", page)


def after(client, moment, form, **later):
    with time_machine.travel(moment + timedelta(**later), tick=False):
        return client.post("/en/join", data=form)


def test_who_sends_at_once_is_asked_to_wait_and_keeps_what_was_written(client, opened):
    form, moment = opened
    answer = after(client, moment, form, seconds=1)
    assert answer.status_code == 422
    assert "wait a few seconds" in answer.text
    assert "Ines Calder" in answer.text
    assert form["opened"] in answer.text, "the same form goes on, and its time with it"
    assert members() == 0
    assert after(client, moment, form, seconds=4).location == "/en/join/sent"


def test_a_form_that_this_site_never_opened_comes_back_fresh(waiting_room, client):
    kept = {"en": "What you wrote is kept", "fr": "Ce que vous avez écrit est conservé"}
    for stamp, lang in ((None, "en"), ("", "fr"), ("made up", "en"), ("1700000000", "fr"), ("é", "en")):
        answer = client.post(f"/{lang}/join", data=make.joining_form(client, opened=stamp))
        assert answer.status_code == 422
        assert kept[lang] in answer.text
        assert "Ines Calder" in answer.text
        fresh = re.search(r'name="opened" value="([^"]+)"', answer.text)
        assert fresh
        assert arrivals.opened_at(fresh[1])
    assert members() == 0


def test_a_form_left_open_for_days_comes_back_fresh_and_then_goes(client, opened):
    form, moment = opened
    answer = after(client, moment, form, days=2)
    assert answer.status_code == 422
    fresh = re.search(r'name="opened" value="([^"]+)"', answer.text)
    assert fresh
    assert after(client, moment, {**form, "opened": fresh[1]}, days=2, seconds=5).status_code == 302


def test_a_form_is_not_opened_in_the_future(client, opened):
    form, moment = opened
    assert after(client, moment, form, hours=-1).status_code == 422


@pytest.mark.parametrize("address", ["/en/join", BY_NAME])
def test_who_fills_what_nobody_sees_is_told_and_nothing_is_made(client, address):
    fields = make.joining_form(client) if address == "/en/join" else form_by_name(client)
    answer = client.post(address, data={**fields, "homepage": "https://cheap.example"})
    assert answer.status_code == 422
    assert "perhaps by your browser" in answer.text
    assert "cheap.example" not in answer.text
    assert members() == 0


def test_no_person_meets_that_field(client):
    for address in ("/en/join", BY_NAME):
        field = re.search(r'(?s)<div class="sr" aria-hidden="true">.*?</div>', client.get(address).text)
        assert field
        assert 'tabindex="-1"' in field[0]
        assert 'autocomplete="off"' in field[0]
        assert field[0].count("<input") == 1


def test_the_waiting_room_is_before_joining_without_an_address_too(waiting_room, client):
    answer = client.post(BY_NAME, data=form_by_name(client, opened=arrivals.opened_now()))
    assert answer.status_code == 422
    assert "wait a few seconds" in answer.text
    later = clock.now() + timedelta(seconds=4)
    sent = form_by_name(client, opened=arrivals.opened_now())
    with time_machine.travel(later, tick=False):
        assert client.post(BY_NAME, data=sent).status_code == 200


@pytest.mark.parametrize("seconds", [1, 5])
def test_a_known_address_waits_like_an_unknown_one(client, opened, seconds):
    make.account("known@example.org")
    form, moment = opened
    answers = [
        after(client, moment, {**form, "email": email}, seconds=seconds)
        for email in ("known@example.org", "newer@example.org")
    ]
    assert len({(answer.status_code, answer.location) for answer in answers}) == 1
    pages = [answer.text.replace("known@", "").replace("newer@", "") for answer in answers]
    assert drawn_apart(pages[0]) == drawn_apart(pages[1])


@pytest.mark.usefixtures("amid_the_hour")
def test_when_many_join_at_once_the_door_shuts_for_a_while_and_nothing_is_lost(tmp_path):
    with make.own_app(tmp_path, "crowded") as app:
        app.config["WTF_CSRF_ENABLED"] = False
        client = app.test_client()
        form = {name: value for name, value in make.joining_form(client).items() if name != "csrf_token"}

        def join(number, place, lang="en"):
            sent = {**form, "email": f"one{number}@example.org", "name": f"Ines {words[number]}"}
            return client.post(f"/{lang}/join", data=sent, environ_base={"REMOTE_ADDR": place})

        words = ["".join(letters) for letters in product("abcdefgh", repeat=3)]
        taken = [join(number, f"198.51.100.{number}").status_code for number in range(60)]
        assert taken == [302] * 60
        for lang, sentence in (("en", "The door opens again in"), ("fr", "La porte se rouvre dans")):
            shut = join(63, "198.51.100.250", lang)
            assert shut.status_code == 429
            assert int(shut.headers["Retry-After"]) > 0
            assert sentence in shut.text
            assert "one63@example.org" in shut.text
            assert make.PASSWORD not in shut.text
            assert client.get(f"/{lang}/").status_code == 200, "reading goes on"
        assert join(64, "203.0.113.9").status_code == 302, "and so does joining from elsewhere"
