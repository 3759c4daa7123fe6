"""Sessions that lie idle end; an administrator ends those of an account; attempts to sign in are noted."""

from __future__ import annotations

import logging
from contextlib import contextmanager
from datetime import timedelta

import pytest
import sqlalchemy as sa
import structlog
import time_machine
from sqlalchemy import func, select
from structlog.testing import capture_logs

from community.accounts import idleness
from community.accounts.members import SignIn
from community.accounts.signin import letters
from community.accounts.viewer import VISITOR, Viewer
from community.core import clock
from community.core.audit import AuditEntry
from community.core.db import db
from tests import cast as people
from tests.make import accounts as make

MODERATOR = Viewer(persona_id="p", kind="public", moderates=frozenset({"lived-experience"}))


@pytest.mark.parametrize(
    ("chosen", "viewer", "shared", "minutes"),
    [
        (None, VISITOR, False, 10_080),
        (None, VISITOR, True, 30),
        (15, VISITOR, True, 15),
        (10_080, VISITOR, False, 10_080),
        (None, MODERATOR, False, 60),
        (10_080, MODERATOR, False, 480),
        (15, MODERATOR, False, 15),
        (480, MODERATOR, True, 30),
    ],
)
def test_how_long_depends_on_the_choice_the_duty_and_the_device(chosen, viewer, shared, minutes):
    assert idleness.minutes_of(chosen, viewer, shared=shared) == minutes


@pytest.fixture
def here(client):
    """Somebody who is signed in and chose an hour; ``here(minutes, …)`` looks whether they still are then."""
    make.account("robin@example.org")
    make.sign_in(client, "robin@example.org")
    answer = make.send(client, "/en/security/devices/idle", form="/en/security/devices", minutes="60")
    assert answer.location == "/en/security/devices"
    started = clock.now()

    def look(minutes, address="/en/menu", **headers):
        with time_machine.travel(started + timedelta(minutes=minutes), tick=False):
            return "Robin Brook" in client.get(address, headers=headers).text

    return look


def test_who_does_something_now_and_then_stays_and_who_does_not_is_signed_out(here, client):
    assert here(50)
    assert here(100)
    assert not here(162)
    assert not here(163), "and stays so"


def test_what_a_page_asks_by_itself_is_no_sign_that_somebody_is_there(here):
    for minutes in (20, 40, 58):
        here(minutes, "/en/waiting?place=home", **{"X-Requested-With": "fetch"})
    assert not here(62)


def test_it_is_said_and_no_table_changes(here, client):
    before = db.session.scalar(select(func.count()).select_from(SignIn))
    with time_machine.travel(clock.now() + timedelta(minutes=70)):
        assert "La session a pris fin" in client.get("/fr/").text
    db.session.rollback()
    assert db.session.scalar(select(func.count()).select_from(SignIn)) == before


def test_a_copy_of_the_cookie_opens_nothing_after_that_time(here, client, app):
    copy = client.get_cookie("session").value
    assert here(50)
    other = app.test_client()
    other.set_cookie("session", copy)
    with time_machine.travel(clock.now() + timedelta(minutes=75)):
        assert "Robin Brook" not in other.get("/en/menu").text


@pytest.mark.parametrize("lang", ["en", "fr"])
def test_another_time_is_refused_beside_its_field(here, client, lang):
    page = f"/{lang}/security/devices"
    answer = make.send(client, f"{page}/idle", form=page, minutes="100000")
    assert answer.status_code == 422
    assert 'href="#minutes' in answer.text


# An administrator


@pytest.fixture
def administrator(app):
    """Their browser."""
    return people.assemble()["administrator"].signs_in(app.test_client())


def end(browser, account):
    answer = make.send(browser, "/en/end-sessions", account=account)
    return answer, browser.get(answer.location or "/en/end-sessions").text


@pytest.mark.parametrize("account", ["Robin@Example.org", "nobody@example.org", "no-such-name 1234"])
def test_an_administrator_ends_every_session_of_an_account_and_learns_nothing(app, administrator, account):
    robin = app.test_client()
    make.account("robin@example.org")
    make.sign_in(robin, "robin@example.org")
    make.post_box().clear()
    answer, page = end(administrator, account)
    assert answer.status_code == 302
    assert "If there is such an account, it is signed out everywhere" in page
    assert "Robin Brook" not in page
    known = account.lower() == "robin@example.org"
    assert ("Robin Brook" in robin.get("/en/menu").text) is not known
    entry = db.session.scalars(select(AuditEntry).order_by(AuditEntry.number.desc())).first()
    assert entry is not None
    assert entry.act == "account.sessions_ended"
    assert "robin" not in f"{entry.target} {entry.detail}".lower()
    db.session.remove()
    told = [letter for letter in make.post_box() if letter.to == ["robin@example.org"]]
    assert bool(told) is known
    assert all("signed your account out" in letter.body for letter in told)


# What is noted


def test_each_attempt_is_a_line_that_names_nobody(client):
    make.account("robin@example.org")
    with informed(), capture_logs() as lines:
        make.sign_in(client, "robin@example.org", "wrong wrong wrong")
        make.sign_in(client, "nobody@example.org", "wrong wrong wrong")
        make.sign_in(client, "robin@example.org")
    noted = [line for line in lines if line["event"] == "sign-in"]
    assert [line["outcome"] for line in noted] == ["refused", "refused", "opened"]
    assert {line["way"] for line in noted} == {"password"}
    assert all(set(line) == {"event", "log_level", "way", "outcome"} for line in noted)


@contextmanager
def informed():
    """As in production: lines that inform are written, too."""
    before = structlog.get_config()["wrapper_class"]
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.INFO))
    try:
        yield
    finally:
        structlog.configure(wrapper_class=before)


# Somebody else writes meanwhile


def test_a_forgotten_password_waits_its_turn_when_somebody_writes_between(tmp_path, monkeypatch):
    written = letters.written

    def meanwhile(*facts):
        with db.engine.connect() as other, other.begin():  # another process of the site
            other.execute(sa.text("UPDATE member SET lang = 'fr'"))
        return written(*facts)

    monkeypatch.setattr(letters, "written", meanwhile)
    with make.own_app(tmp_path, "meanwhile") as app:
        make.account("robin@example.org")
        db.session.remove()
        client = app.test_client()
        for email in ("robin@example.org", "nobody@example.org"):
            assert make.send(client, "/en/password/forgotten", email=email).status_code in {200, 302}
        assert make.member_row("robin@example.org").lang == "fr"
        db.session.remove()
