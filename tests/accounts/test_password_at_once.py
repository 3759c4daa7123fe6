"""One link, or one old password, sent several times at the same moment: one of them counts."""

from __future__ import annotations

import pytest

from tests.accounts.test_joining_at_once import at_once
from tests.make import accounts as make

CHOSEN = ("quiet lantern under snow", "amber kettle beside rain", "narrow harbour after dusk")


@pytest.fixture(scope="module")
def apart(tmp_path_factory, worker_id):
    """A community of its own: threads see only what was really stored."""
    with make.own_app(tmp_path_factory.mktemp("password"), f"passerelle_password_{worker_id}") as app:
        make.account("reset@example.org", "Ines Calder")
        make.account("change@example.org", "Bo Lindt")
        yield app


def link_for(app, email):
    """The link that a forgotten password is replaced by."""
    make.send(app.test_client(), "/en/password/forgotten", email=email)
    return make.link_in([letter for letter in make.post_box() if letter.to == [email]][-1])


def replaces(app, path, password):
    """Somebody with this link in a browser of their own, and what they send."""
    browser = app.test_client()
    return browser, {"csrf_token": make.csrf(browser.get(path)), "password": password}


def changes(app, email, password):
    """Somebody signed in who sends the password of now and a new one."""
    browser = app.test_client()
    make.sign_in(browser, email)
    token = make.csrf(browser.get("/en/password/change"))
    return browser, {"csrf_token": token, "password": make.PASSWORD, "new_password": password}


def opening(app, email):
    """Which of the passwords sign in."""
    return [word for word in CHOSEN if make.sign_in(app.test_client(), email, word).status_code == 302]


def told(email):
    """How many letters they were sent."""
    return sum(letter.to == [email] for letter in make.post_box())


def test_a_link_sent_thrice_at_once_is_taken_once_and_the_others_are_told(apart):
    path = link_for(apart, "reset@example.org")
    before = told("reset@example.org")
    answers = at_once(apart, [replaces(apart, path, word) for word in CHOSEN], path)
    assert sorted(answers) == [(302, "/en/password/forgotten")] * 2 + [(302, "/en/sign-in")]
    assert len(opening(apart, "reset@example.org")) == 1
    assert told("reset@example.org") == before + 1


def test_the_old_password_sent_thrice_at_once_is_taken_once(apart):
    forms = [changes(apart, "change@example.org", word) for word in CHOSEN]
    answers = at_once(apart, forms, "/en/password/change")
    assert [location for _, location in answers if location == "/en/names"] == ["/en/names"]
    assert {status for status, location in answers if location != "/en/names"} <= {302, 422}
    assert len(opening(apart, "change@example.org")) == 1
