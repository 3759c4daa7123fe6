"""How often anything may be done: every form has a limit; processes count together and forget nothing."""

from __future__ import annotations

import sqlite3
import time
from contextlib import closing
from datetime import timedelta

import pytest
import time_machine
from flask import g
from limits import parse
from limits.strategies import SlidingWindowCounterRateLimiter

from community.accounts.viewer import Viewer
from community.core import clock, limits, passing_limits
from community.core.counts import FileCounts
from community.core.db import db
from tests.make import accounts as make

WORDS = "Words that took an hour to find."


@pytest.fixture
def counts(app, tmp_path):
    """Opens the file of counts, as one more process does."""
    return lambda: FileCounts("counts://", path=str(tmp_path / "counts.db"))


def forms(app):
    """Every form of the site, by its endpoint."""
    return {rule.endpoint for rule in app.url_map.iter_rules() if "POST" in (rule.methods or ())}


def test_every_form_has_a_limit(built_app):
    """A form that is added gets one too; one that is taken out of it fails the build."""
    views = built_app.view_functions
    bare = {name for name in forms(built_app) if not limits.is_limited(views[name])}
    assert not bare


def test_what_creates_or_sends_has_a_limit_of_its_own(built_app):
    """Not only the wide one of any form: a person would never notice it, a program would fill the site."""
    own = {name: dict(limits.of_form(built_app.view_functions[name])) for name in forms(built_app)}
    for name in (
        *("forum.new_topic", "forum.reply", "forum.report", "forum.preview", "forum.keep_draft"),
        *("conversations.start", "conversations.send", "moderation.report", "routing.ask_by_name"),
        *("security.login", "security.register", "security.forgot_password", "security.send_confirmation"),
        *("accounts.join_by_name", "accounts.come_back", "accounts.prove_title"),
    ):
        assert min(parse(limit).get_expiry() / parse(limit).amount for limit in own[name]) > 60 / 120, name


@pytest.mark.usefixtures("amid_the_hour")
def test_two_processes_count_together(counts):
    limit = parse("3 per minute")
    one, other = (SlidingWindowCounterRateLimiter(counts()) for _ in range(2))
    asked = [process.hit(limit, "a:203.0.113.7") for process in (one, other, one, other, one)]
    assert asked == [True, True, True, False, False]
    assert one.get_window_stats(limit, "a:203.0.113.7").remaining == 0
    assert other.hit(limit, "a:203.0.113.8"), "somebody else is not in the way"


@pytest.mark.usefixtures("amid_the_hour")
def test_a_restart_forgets_nothing(counts):
    limit = parse("1 per hour")
    assert SlidingWindowCounterRateLimiter(counts()).hit(limit, "p:somebody")
    assert not SlidingWindowCounterRateLimiter(counts()).hit(limit, "p:somebody")


def lines(folder, asked):
    with closing(sqlite3.connect(folder / "counts.db")) as kept:
        return kept.execute(asked).fetchall()


def test_the_file_says_of_nobody_that_they_were_here_and_forgets(counts, tmp_path, monkeypatch):
    store = counts()
    store.incr("LIMITER/a:203.0.113.7/forum.reply", 60)
    kept = lines(tmp_path, "SELECT * FROM counts")
    assert len(kept) == 1
    assert "203.0.113" not in str(kept)
    later = time.time() + 3600
    monkeypatch.setattr(time, "time", lambda: later)
    store.incr("LIMITER/a:203.0.113.8/forum.reply", 60)
    kept = lines(tmp_path, "SELECT n FROM counts")
    assert kept == [(1,)]


@pytest.mark.usefixtures("amid_the_hour")
def test_a_file_that_cannot_be_used_locks_nobody_out(tmp_path, monkeypatch):
    monkeypatch.setattr(limits.limiter, "_storage_dead", False)  # and so again for the tests that follow
    with make.own_app(tmp_path, "lost_counts") as app:
        (tmp_path / "counts.db").mkdir()
        client = app.test_client()
        answers = [make.sign_in(client, "nobody@example.org", "wrong").status_code for _ in range(12)]
        assert answers == [422] * 10 + [429, 429], "the process counts for itself"


def test_an_application_that_counts_nothing_stays_so_beside_another(client, tmp_path):
    """One limiter serves all applications of a process: the last one made must not decide for the others."""
    with make.own_app(tmp_path, "beside"):
        form = {"csrf_token": make.csrf(client.get("/en/menu")), "body": WORDS}
        answers = {client.post("/en/preview", data=form).status_code for _ in range(62)}
        assert answers == {403}


def test_a_household_of_the_newer_addresses_is_one_place(app):
    def place(address):
        with app.test_request_context(environ_base={"REMOTE_ADDR": address}):
            return limits.by_place(), limits.by_block()

    assert place("2001:db8:1:2:a::1") == place("2001:db8:1:2:b::9")
    assert place("2001:db8:1:3::1")[0] != place("2001:db8:1:2::1")[0]
    assert place("2001:db8:1:3::1")[1] == place("2001:db8:1:2::1")[1]
    assert place("203.0.113.7")[0] != place("203.0.113.8")[0]
    assert place("203.0.113.7")[1] == place("203.0.113.8")[1]
    assert place("no address") != place("another socket")


def test_an_address_of_the_older_kind_is_the_same_place_in_the_clothes_of_the_newer(app):
    """All of them lie in one /64: whoever used up its limit would shut everybody else out."""

    def places(address):
        with app.test_request_context(environ_base={"REMOTE_ADDR": address}):
            return limits.by_place(), limits.by_block(), passing_limits.neighbourhood()

    assert places("::ffff:203.0.113.7") == places("203.0.113.7")
    here, there = places("::ffff:203.0.113.7"), places("::ffff:198.51.100.9")
    assert not set(here) & set(there)
    assert places("fe80::1%eth0") == places("fe80::1")


def test_what_is_counted_says_of_nobody_that_they_were_here_nor_that_they_came_back(app):
    with app.test_request_context(environ_base={"REMOTE_ADDR": "203.0.113.7"}):
        names = _names_of("persona-of-somebody")
        assert not [name for name in names if "203.0.113" in name or "somebody" in name]
        assert names == _names_of("persona-of-somebody")
        with time_machine.travel(clock.now() + timedelta(days=1), tick=False):
            assert not set(names) & set(_names_of("persona-of-somebody"))


def _names_of(persona_id):
    g.viewer = Viewer(persona_id=persona_id, kind="public")
    return [limits.by_place(), limits.by_block(), limits.who()]


def test_who_does_too_much_is_told_when_to_come_back_and_loses_nothing(tmp_path):
    with make.own_app(tmp_path, "too_much") as app:
        said = {"en": "a lot in a short time", "fr": "beaucoup en peu de temps"}
        for lang, sentence in said.items():
            someone = make.account(f"{lang}@example.org", f"Robin {lang.title()}brook", lang=lang)
            client = someone.signs_in(app.test_client())
            form = {"csrf_token": make.csrf(client.get(f"/{lang}/menu")), "body": WORDS}
            with time_machine.travel(clock.now(), tick=False):
                answers = [client.post(f"/{lang}/preview", data=form) for _ in range(62)]
            assert {answer.status_code for answer in answers[:60]} == {200}
            refused = answers[-1]
            assert refused.status_code == 429
            assert 1 <= int(refused.headers["Retry-After"]) <= 120
            assert sentence in refused.text
            assert WORDS in refused.text
            assert client.get(f"/{lang}/help").status_code == 200, "help stays within reach"
        db.session.remove()
