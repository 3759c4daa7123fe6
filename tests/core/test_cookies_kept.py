"""A cookie that was read a moment ago is not read anew, and is worth no more for that."""

from __future__ import annotations

import time

import pytest
from flask import Flask, session

from community.core.cookies import CLOCKS_DIFFER, Cookies


def named(name):
    session["name"] = name
    return name


@pytest.fixture
def site():
    app = Flask("cookies")
    app.secret_key = "one"
    app.session_interface = Cookies()
    app.add_url_rule("/", "read", lambda: session.get("name", "nobody"))
    app.add_url_rule("/take", "take", lambda: named("somebody"))
    app.add_url_rule("/change", "change", lambda: named("another"))
    return app


@pytest.fixture
def browser(site):
    found = site.test_client()
    found.get("/take")
    assert read(found) == "somebody"
    return found


def read(browser):
    return browser.get("/").get_data(as_text=True)


def test_what_one_request_changes_is_not_so_for_another_with_the_cookie_of_before(site, browser):
    before = browser.get_cookie("session").value
    browser.get("/change")
    assert read(browser) == "another"
    browser.set_cookie("session", before)
    assert read(browser) == "somebody"


def test_it_ends_when_its_time_is_over(site, browser, monkeypatch):
    now, lasts = time.time(), site.permanent_session_lifetime.total_seconds()
    monkeypatch.setattr(time, "time", lambda: now + lasts - 60)
    assert read(browser) == "somebody"
    monkeypatch.setattr(time, "time", lambda: now + lasts + 60)
    assert read(browser) == "nobody"


def test_a_clock_that_was_set_back_is_borne_as_long_as_before(browser, monkeypatch):
    now = time.time()
    monkeypatch.setattr(time, "time", lambda: now - CLOCKS_DIFFER / 2)
    assert read(browser) == "somebody"
    monkeypatch.setattr(time, "time", lambda: now - CLOCKS_DIFFER * 2)
    assert read(browser) == "nobody"


def test_another_key_reads_another_cookie(site, browser):
    site.secret_key = "two"
    assert read(browser) == "nobody"
    site.config["SECRET_KEY_FALLBACKS"] = ["one"]
    assert read(browser) == "somebody"


def test_one_that_was_changed_by_hand_opens_nothing(browser):
    said = browser.get_cookie("session").value
    # Not its last letter, of which two bits say nothing.
    browser.set_cookie("session", said[:-2] + ("A" if said[-2] != "A" else "B") + said[-1])
    assert read(browser) == "nobody"
