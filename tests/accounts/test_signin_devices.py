"""Where one is signed in, signing out there, and the letters about how one signs in."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from sqlalchemy import select

from community.accounts.jobs import forget
from community.accounts.members import KnownDevice, SignIn
from community.accounts.services import devices
from community.accounts.signin import letters, notices
from community.core import archives, clock
from community.core.db import db, transaction
from tests.make import accounts as make
from tests.make import factors

PHONE = "Mozilla/5.0 (Android 14; Mobile; rv:140.0) Gecko/140.0 Firefox/140.0"
DESK = (
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 "
    "Safari/537.36"
)


def browser(app, agent):
    client = app.test_client()
    client.environ_base["HTTP_USER_AGENT"] = agent
    return client


@pytest.fixture
def two(app):
    """The phone and the desk of somebody who is signed in on both."""
    make.account("robin@example.org")
    both = browser(app, PHONE), browser(app, DESK)
    for client in both:
        make.sign_in(client, "robin@example.org")
    make.post_box()
    return both


@pytest.mark.parametrize(
    ("agent", "kept"),
    [
        (PHONE, "Firefox/Android"),
        (DESK, "Chrome/Windows"),
        (DESK + " Edg/140.0.0.0", "Edge/Windows"),
        (DESK.replace("Windows NT 10.0", "X11; CrOS x86_64"), "Chrome/ChromeOS"),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Version/18.0 Safari/604.1", "Safari/iPhone"),
        (
            "Mozilla/5.0 (Linux; Android 14) SamsungBrowser/27.0 Chrome/125 Mobile Safari/537.36",
            "Samsung Internet/Android",
        ),
        ("", "?/?"),
        ("curl/8.5", "?/?"),
    ],
)
def test_of_a_browser_only_its_family_is_kept(agent, kept):
    assert devices.device_of(agent) == kept
    assert len(kept) <= 24


def test_the_page_names_each_browser_and_the_day_and_says_which_one_is_here(two):
    phone, _desk = two
    page = phone.get("/en/security/devices").text
    assert "Firefox, Android" in page
    assert "Chrome, Windows" in page
    assert page.count("this browser") == 1
    assert "127.0.0.1" not in page


def test_one_browser_is_signed_out_from_another(two):
    phone, desk = two
    mark = next(row.id_hash for row in db.session.scalars(select(SignIn)) if row.device.startswith("Chrome"))
    db.session.remove()
    make.send(phone, "/en/security/devices/end", form="/en/security/devices", session=mark)
    assert desk.get("/en/names").status_code == 302
    assert phone.get("/en/names").status_code == 200


def test_everywhere_else_is_signed_out_at_once(two):
    phone, desk = two
    make.send(phone, "/en/security/devices/end-others", form="/en/security/devices")
    assert desk.get("/en/names").status_code == 302
    assert phone.get("/en/names").status_code == 200


def test_nobody_ends_the_session_of_somebody_else(two, app):
    make.account("lea@example.org", "Lea Orme")
    other = app.test_client()
    make.sign_in(other, "lea@example.org")
    mark = next(row.id_hash for row in db.session.scalars(select(SignIn)) if row.device.startswith("Chrome"))
    db.session.remove()
    refused = make.send(other, "/en/security/devices/end", form="/en/menu", session=mark)
    assert refused.status_code == 404
    assert two[1].get("/en/names").status_code == 200


def test_signing_out_elsewhere_asks_the_password_again(two):
    phone, desk = two
    with time_machine.travel(clock.now() + timedelta(hours=1)):
        answer = make.send(phone, "/en/security/devices/end-others", form="/en/menu")
        assert "/sign-in/again" in answer.location
        assert desk.get("/en/names").status_code == 200


def test_a_new_kind_of_browser_is_told_of_and_a_known_one_is_not(two, app):
    told = [letter.body for letter in make.post_box() if letter.subject == "About your account"]
    assert len(told) == 1  # of the desk; the phone was the first
    assert "a browser that it was never opened in before" in told[0]
    assert "Windows" not in told[0]
    make.sign_in(browser(app, PHONE), "robin@example.org")
    assert len([letter for letter in make.post_box() if letter.subject == "About your account"]) == 1


def test_a_kind_of_browser_is_forgotten_after_half_a_year(two):
    with time_machine.travel(clock.now() + timedelta(days=181)):
        forget()
        assert db.session.scalars(select(KnownDevice)).all() == []


@pytest.mark.parametrize("lang", ["en", "fr"])
@pytest.mark.parametrize("kind", notices.KINDS)
def test_each_change_has_a_letter_with_a_neutral_subject_and_a_link(app, kind, lang):
    with app.test_request_context():
        subject, text, html = letters.written("account", lang, what=kind)
    assert subject == {"en": "About your account", "fr": "Au sujet de votre compte"}[lang]
    assert f"http://127.0.0.1:8000/{lang}/security" in text
    assert f'lang="{lang}-CA"' in html
    assert ("à faire" in text) is (lang == "fr")


@pytest.mark.parametrize(
    ("act", "words"),
    [
        ("app", "An app that shows codes was set up"),
        ("passkey", "A passkey was added"),
        ("codes", "New rescue codes were made"),
    ],
)
def test_a_change_is_told_in_the_same_moment(client, act, words):
    make.account("robin@example.org")
    make.sign_in(client, "robin@example.org")
    acts = {
        "app": lambda: factors.set_up_app(client),
        "passkey": lambda: factors.add_passkey(client, factors.Device()),
        "codes": lambda: make.send(client, "/en/rescue-codes"),
    }
    acts[act]()
    assert words in make.post_box()[-1].body


def test_who_gave_no_address_is_written_to_by_nobody(client, app):
    someone = make.account("robin@example.org")
    with transaction():
        make.member_row("robin@example.org").email = None
    someone.signs_in(client)
    factors.set_up_app(client)
    assert make.post_box() == []


def test_what_one_signs_in_with_is_in_the_archive_without_any_secret(client):
    someone = make.account("robin@example.org")
    make.sign_in(client, "robin@example.org")
    secret, _answer = factors.set_up_app(client)
    factors.add_passkey(client, factors.Device())
    part = archives.of_account(someone.member_id)["signing in"]
    assert [row["label"] for row in part["passkeys"]] == ["My phone"]
    assert len(part["apps"]) == 1
    assert secret not in str(part)
