"""The second step after a password: an app, rescue codes, and what waits until there is one."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from sqlalchemy import select

from community.accounts.members import Authenticator, SignIn
from community.accounts.services import authenticator, rescue, second_factor
from community.accounts.strength import good_for
from community.core import clock
from community.core.db import db, transaction
from community.core.sealing import Keyring, new_secret
from community.core.store import settings
from community.live import sockets
from community.live.rooms import rooms_seen, space_room
from community.live.seats import Seat
from tests import cast
from tests.make import accounts as make
from tests.make import factors, forum

# No quarter of an hour ends while a test counts.
QUIET = datetime(2026, 11, 23, 10, 3, tzinfo=UTC)
CODES = ("AAAAA-BBBBB-CCCCC-DDDDD", "EEEEE-FFFFF-GGGGG-HHHHH")


def later(seconds):
    return time_machine.travel(clock.now() + timedelta(seconds=seconds))


@pytest.fixture
def robin(client):
    """Somebody with an app and two rescue codes, signed out again. Gives what the app was given."""
    someone = make.account("robin@example.org")
    with transaction():
        rescue.keep(someone.member_id, CODES)
    make.sign_in(client, "robin@example.org")
    secret, answer = factors.set_up_app(client)
    assert answer.location == "/en/security"
    make.send(client, "/en/sign-out")
    make.post_box().clear()
    return secret


def half_in(client, **more):
    answer = make.sign_in(client, "robin@example.org", **more)
    assert answer.location == "/en/sign-in/second-step"
    assert client.get("/en/names").location.startswith("/en/sign-in?")
    return answer


def test_who_has_an_app_is_signed_in_only_after_its_code(client, robin):
    half_in(client)
    refused = make.send(client, "/en/sign-in/second-step", code="000000")
    assert refused.status_code == 422
    assert client.get("/en/names").status_code == 302
    with later(60):
        answer = make.send(client, "/en/sign-in/second-step", code=authenticator.code_now(robin))
        assert answer.location == "/en/"
        assert client.get("/en/names").status_code == 200


def test_a_code_is_taken_once(client, app, robin):
    with later(60):
        code = authenticator.code_now(robin)
        half_in(client)
        assert make.send(client, "/en/sign-in/second-step", code=code).status_code == 302
        elsewhere = app.test_client()
        half_in(elsewhere)
        assert make.send(elsewhere, "/en/sign-in/second-step", code=code).status_code == 422


def test_a_code_lives_for_the_half_minute_before_and_after_and_no_longer(client, robin):
    member = make.member_row("robin@example.org").id
    with later(300):
        now = authenticator.code_now(robin)
    for apart, taken in ((300 - 90, False), (300 + 90, False), (300 - 30, True)):
        with later(apart), transaction():
            assert authenticator.takes(member, now) is taken


def test_a_session_is_new_after_the_second_step_and_the_first_alone_opens_none(client, robin):
    half_in(client)
    assert db.session.scalar(select(SignIn)) is None
    with client.session_transaction() as cookie:
        cookie["planted"] = "by somebody else"
        before = dict(cookie)
    with later(60):
        make.send(client, "/en/sign-in/second-step", code=authenticator.code_now(robin))
    with client.session_transaction() as cookie:
        assert "planted" not in cookie
        assert "half" not in cookie
        assert cookie.get("csrf_token") != before["csrf_token"]
    assert len(db.session.scalars(select(SignIn)).all()) == 1


def test_the_first_step_is_worth_nothing_after_ten_minutes_or_a_new_password(client, robin):
    half_in(client)
    with later(601):
        assert client.get("/en/sign-in/second-step").location == "/en/sign-in"
    half_in(client)
    member = make.member_row("robin@example.org")
    with transaction():
        member.fs_uniquifier = "changed meanwhile"
    assert client.get("/en/sign-in/second-step").location == "/en/sign-in"


def test_a_rescue_code_takes_the_place_of_the_app_once_and_its_owner_is_told(client, app, robin):
    half_in(client)
    assert make.send(client, "/en/sign-in/second-step", code=CODES[0].lower()).status_code == 302
    assert "You have 1 left." in client.get("/en/menu").text
    elsewhere = app.test_client()
    half_in(elsewhere)
    assert make.send(elsewhere, "/en/sign-in/second-step", code=CODES[0]).status_code == 422
    assert "One of your rescue codes was used." in make.post_box()[-1].body


def test_the_second_step_stays_when_the_password_was_forgotten(client, robin):
    make.send(client, "/en/password/forgotten", email="robin@example.org")
    path = make.link_in(make.post_box()[-1])
    make.send(client, path, password="quiet lantern under snow")
    half_in(client, password="quiet lantern under snow")


def test_codes_alone_do_not_open_an_account_that_has_an_address_and_a_second_step(client, robin):
    sent = {"sign_in_name": "robin@example.org", "code": CODES[0], "password": "quiet lantern under snow"}
    assert make.send(client, "/en/password/rescue-code", **sent).status_code == 422
    assert rescue.left(make.member_row("robin@example.org").id) == 2


def test_five_wrong_codes_slow_the_second_step_for_a_quarter_of_an_hour_wherever_they_come_from(tmp_path):
    with make.own_app(tmp_path, "guessed") as app, time_machine.travel(QUIET, tick=True) as time:
        client = app.test_client()
        make.account("robin@example.org")
        make.sign_in(client, "robin@example.org")
        secret, _answer = factors.set_up_app(client)
        seen = []
        for place in range(7):
            guesser = app.test_client()
            guesser.environ_base["REMOTE_ADDR"] = f"198.51.100.{place}"
            make.sign_in(guesser, "robin@example.org")
            seen.append(make.send(guesser, "/en/sign-in/second-step", code="123 456").status_code)
        assert seen == [422] * 5 + [429] * 2
        time.shift(timedelta(minutes=31))
        make.sign_in(guesser, "robin@example.org")
        code = authenticator.code_now(secret)
        assert make.send(guesser, "/en/sign-in/second-step", code=code).status_code == 302


def test_one_is_led_on_to_the_page_one_asked_for_and_nowhere_else(client, robin):
    asked_for = {"/en/consents": "/en/consents", "https://evil.example/en/": "/en/"}
    for (asked, led_to), code in zip(asked_for.items(), CODES, strict=True):
        page = client.get("/en/sign-in", query_string={"next": asked})
        fields = {"csrf_token": make.csrf(page), "email": "robin@example.org", "password": make.PASSWORD}
        client.post("/en/sign-in", query_string={"next": asked}, data={**fields, "next": asked})
        answer = make.send(client, "/en/sign-in/second-step", code=code)
        assert answer.location == led_to
        make.send(client, "/en/sign-out")


def test_setting_up_an_app_ends_the_sessions_that_never_showed_it(client, app):
    make.account("robin@example.org")
    elsewhere = app.test_client()
    make.sign_in(elsewhere, "robin@example.org")
    make.sign_in(client, "robin@example.org")
    _secret, answer = factors.set_up_app(client)
    assert answer.location == "/en/rescue-codes"  # there are none: they are the way back
    assert client.get("/en/names").status_code == 200
    assert elsewhere.get("/en/names").location.startswith("/en/sign-in")


def test_an_app_is_kept_only_once_it_shows_the_right_code(client):
    make.account("robin@example.org")
    make.sign_in(client, "robin@example.org")
    _secret, refused = factors.set_up_app(client, code="000000")
    assert refused.status_code == 422
    assert "This is not what the app shows now." in refused.text
    assert db.session.scalar(select(Authenticator)) is None


def test_neither_the_secret_nor_a_moment_can_be_read_in_the_table(client, robin):
    row = db.session.scalars(select(Authenticator)).one()
    before = row.sealed
    assert robin.encode() not in before
    with later(60), transaction():
        assert authenticator.takes(row.member_id, authenticator.code_now(robin))
    after = db.session.scalars(select(Authenticator.sealed)).one()
    assert after != before
    assert len(after) == len(before)
    assert {column.key for column in Authenticator.__table__.columns} == {"member_id", "sealed", "added_on"}


def test_an_app_goes_on_when_the_key_of_the_site_was_changed_and_the_old_one_dropped(app, robin):
    member = make.member_row("robin@example.org").id
    was = app.extensions["keyring"]
    new = new_secret()
    try:
        app.extensions["keyring"] = Keyring((new, *was.secrets))
        with transaction():
            assert authenticator.rewrite(member) == 1
        app.extensions["keyring"] = Keyring((new,))
        with later(60), transaction():
            assert authenticator.takes(member, authenticator.code_now(robin))
        app.extensions["keyring"] = Keyring((new_secret(),))
        with later(120), transaction():
            assert not authenticator.takes(member, authenticator.code_now(robin))
            assert second_factor.has_one(member)  # a lost key opens nothing
    finally:
        app.extensions["keyring"] = was


def test_removing_the_app_asks_the_password_again_and_makes_the_codes_worthless(client, robin):
    with later(60):
        half_in(client)
        make.send(client, "/en/sign-in/second-step", code=authenticator.code_now(robin))
    with later(60 + 3600):
        assert "/sign-in/again" in make.send(client, "/en/security/app/remove", form="/en/menu").location
        make.send(client, "/en/sign-in/again", password=make.PASSWORD)
        make.send(client, "/en/security/app/remove", form="/en/menu")
        assert make.post_box()[-1].subject == "About your account"
    assert db.session.scalar(select(Authenticator)) is None


@pytest.mark.parametrize(
    ("duty", "scope", "page"),
    [
        ("coordinator", "", "/en/credentials"),
        ("administrator", "", "/en/duties"),
        ("moderator", "opioids", ""),
    ],
)
def test_a_duty_waits_until_its_holder_signs_in_by_more_than_a_password(client, duty, scope, page):
    someone = make.account("robin@example.org")
    with transaction():
        cast.duty(someone, duty, scope)
    make.sign_in(client, "robin@example.org")
    menu = client.get("/en/menu").text
    assert "Set up a second step to use your duties" in menu
    if page:
        assert client.get(page).location == "/en/security"
    assert "Your duties wait for a second step." in client.get("/en/security").text
    factors.set_up_app(client)
    assert "Set up a second step to use your duties" not in client.get("/en/menu").text
    if page:
        assert client.get(page).status_code == 200


def test_an_open_page_of_a_weak_session_hears_nothing_of_a_duty(app):
    someone = make.account("robin@example.org")
    place = forum.space("lived-experience").slug
    with transaction():
        cast.duty(someone, "moderator", place)
    rooms = {space_room(place)}
    for strong in (True, False):
        seat = Seat("one", "wire", persona_id=someone.persona_id, strong=strong)
        assert bool(rooms_seen(good_for(someone.viewer, strong=strong)[0], rooms)) is strong
        assert bool(rooms_seen(sockets.viewer_in(seat), rooms)) is strong


@pytest.fixture
def asked_of(app, monkeypatch):
    """``asked_of("everyone")``: what the settings say of a second step."""

    def ask(whom):
        monkeypatch.setitem(app.extensions, "settings", replace(settings(), second_factor=whom))

    return ask


def test_where_the_settings_ask_everybody_no_name_speaks_without_a_second_step(client, asked_of):
    asked_of("everyone")
    someone = make.account("robin@example.org", "Robin Brook")
    make.sign_in(client, "robin@example.org")
    assert client.get("/en/").location == "/en/security"
    assert "Your name waits for a second step." in client.get("/en/security").text
    assert someone.name not in client.get("/en/menu").text
    factors.set_up_app(client)
    assert client.get("/en/").status_code == 200
    assert someone.name in client.get("/en/menu").text


def test_where_they_ask_professionals_a_title_waits_for_it(client, asked_of):
    asked_of("professionals")
    someone = make.account("robin@example.org")
    with transaction():
        cast.title(someone, "nurse")
    forum.space("opioids")
    make.sign_in(client, "robin@example.org")
    assert client.get("/en/").status_code == 200
    assert client.get("/en/spaces/opioids").location == "/en/security"
    assert "Your verified title waits" in client.get("/en/security").text
    factors.set_up_app(client)
    assert client.get("/en/spaces/opioids").status_code == 200


def test_a_duty_waits_again_when_the_last_second_factor_is_removed(client):
    someone = make.account("robin@example.org")
    with transaction():
        cast.duty(someone, "administrator")
    make.sign_in(client, "robin@example.org")
    factors.set_up_app(client)
    assert client.get("/en/duties").status_code == 200
    make.send(client, "/en/security/app/remove", form="/en/menu")
    assert client.get("/en/duties").location == "/en/security"


@pytest.mark.parametrize("lang", ["en", "fr"])
def test_the_page_of_ones_sign_in_holds_everything_and_no_name(client, lang):
    someone = make.account("robin@example.org", "Robin Brook", lang=lang)
    make.sign_in(client, "robin@example.org")
    page = client.get(f"/{lang}/security").text
    main = page[page.index("<main") : page.index("</main>")]
    assert len(re.findall("<h2", main)) >= 5
    assert someone.name not in main
    assert someone.persona_id not in main
