"""Signing in and out, passwords forgotten and changed."""

from __future__ import annotations

import json
import re
import threading
from datetime import timedelta

import pytest
import time_machine
from sqlalchemy import select

from community.accounts import session as sessions
from community.accounts import signin
from community.accounts.members import SignIn
from community.core import clock
from community.core.db import db, transaction
from community.core.jobs import Job
from community.core.store import put
from tests.make import accounts as make


def plain(page: str) -> str:
    return re.sub(r'name="(csrf_token|idem)" value="[^"]*"', "", page)


def test_an_address_in_any_letters_signs_in(client):
    make.account("robin@example.org")
    assert make.sign_in(client, " ROBIN@Example.ORG ").location == "/en/"
    assert "Robin Brook" in client.get("/en/").text


def test_a_member_without_an_address_signs_in_by_name(client):
    someone = make.account("robin@example.org")
    with transaction():
        member = make.member_row("robin@example.org")
        member.email, member.username = None, "robin77"
    assert make.sign_in(client, "Robin77").status_code == 302
    assert someone.name in client.get("/en/menu").text


def test_no_password_has_to_be_changed_after_a_time(client):
    make.account("robin@example.org")
    with time_machine.travel(clock.now() + timedelta(days=10 * 365)):
        assert make.sign_in(client, "robin@example.org").location == "/en/"
        assert "Robin Brook" in client.get("/en/menu").text


@pytest.mark.parametrize("lang", ["en", "fr"])
def test_a_wrong_password_an_unknown_address_and_an_unconfirmed_one_are_answered_alike(client, lang):
    make.account("known@example.org")
    client.post("/en/join", data=make.joining_form(client, email="waits@example.org"))
    pages = []
    for email, password in [
        ("known@example.org", "wrong wrong wrong"),
        ("nobody@example.org", "wrong wrong wrong"),
        ("waits@example.org", make.PASSWORD),
        ("no-such-name", "wrong wrong wrong"),
    ]:
        page = make.send(client, f"/{lang}/sign-in", email=email, password=password)
        pages.append((page.status_code, plain(page.text).replace(email, "")))
    assert pages[0][0] == 422
    assert len(set(pages)) == 1
    empty = plain(make.send(client, f"/{lang}/sign-in", email="", password="").text)
    assert empty.count("do not go together" if lang == "en" else "ne vont pas ensemble") == 1


def test_a_forgotten_password_is_answered_alike_for_every_address(client):
    make.account("known@example.org")
    pages = set()
    for email in ("known@example.org", "nobody@example.org"):
        page = make.send(client, "/en/password/forgotten", email=email)
        pages.add((page.status_code, plain(page.text).replace(email, "")))
    assert len(pages) == 1
    assert [letter.to for letter in make.post_box()] == [["known@example.org"]]


def test_the_confirming_mail_is_sent_again_to_who_waits_and_answered_alike(client):
    make.account("known@example.org")
    client.post("/en/join", data=make.joining_form(client, email="waits@example.org"))
    make.post_box().clear()
    pages = set()
    for email in ("waits@example.org", "known@example.org", "nobody@example.org"):
        page = make.send(client, "/en/confirm", email=email)
        pages.add((page.status_code, plain(page.text).replace(email, "")))
    assert len(pages) == 1
    assert [letter.to for letter in make.post_box()] == [["waits@example.org"]]


def test_the_same_work_is_done_where_nobody_has_the_address(client):
    make.account("known@example.org")
    for email in ("known@example.org", "nobody@example.org"):
        make.send(client, "/en/password/forgotten", email=email)
    jobs = list(db.session.scalars(select(Job).where(Job.name.in_(["core.send_mail", "accounts.no_letter"]))))
    assert sorted(job.name for job in jobs) == ["accounts.no_letter", "core.send_mail"]
    sizes = [len(job.arguments["sealed"]) for job in jobs]
    assert max(sizes) < 1.2 * min(sizes)


def test_neither_address_nor_token_nor_password_stands_in_the_job_table_or_the_log(client, capfd):
    make.account("known@example.org")
    make.send(client, "/en/password/forgotten", email="known@example.org")
    stored = json.dumps([job.arguments for job in db.session.scalars(select(Job))])
    make.sign_in(client, "known@example.org", "a wrong password here")
    make.sign_in(client, "known@example.org")
    path = make.link_in(make.post_box()[-1])
    client.get(path)
    said = "".join(capfd.readouterr())
    for secret in ("known@example.org", path.rsplit("/", 1)[-1], "a wrong password here", make.PASSWORD):
        assert secret not in stored
        assert secret not in said


def test_a_forgotten_password_is_replaced_once_by_the_link(client, app):
    make.account("robin@example.org")
    make.send(client, "/en/password/forgotten", email="robin@example.org")
    path = make.link_in(make.post_box()[-1])
    answer = make.send(client, path, password="quiet lantern under snow")
    assert answer.location == "/en/sign-in"
    assert make.sign_in(client, "robin@example.org").status_code == 422
    assert make.sign_in(client, "robin@example.org", "quiet lantern under snow").status_code == 302
    other = app.test_client()
    assert other.get(path).location == "/en/password/forgotten"
    assert make.post_box()[-1].subject == "Your password is changed"


def test_a_link_to_a_new_password_dies_after_half_an_hour_and_at_a_change(client):
    make.account("robin@example.org")
    make.send(client, "/en/password/forgotten", email="robin@example.org")
    path = make.link_in(make.post_box()[-1])
    with time_machine.travel(clock.now() + timedelta(minutes=31)):
        assert client.get(path).status_code == 302
    make.sign_in(client, "robin@example.org")
    make.send(client, "/en/password/change", password=make.PASSWORD, new_password="quiet lantern under snow")
    assert client.get(path).status_code == 302


def test_a_new_password_is_held_to_the_same_rules(client):
    make.account("robin@example.org")
    make.sign_in(client, "robin@example.org")
    for bad in ("short", "Password2024!", make.PASSWORD):
        answer = make.send(client, "/en/password/change", password=make.PASSWORD, new_password=bad)
        assert answer.status_code == 422
    answer = make.send(
        client, "/en/password/change", password="not mine at all", new_password="a b c d e f g h"
    )
    assert answer.status_code == 422


def test_a_session_from_before_a_password_change_is_dead_and_this_one_goes_on(client, app):
    someone = make.account("robin@example.org")
    elsewhere = app.test_client()
    make.sign_in(elsewhere, "robin@example.org")
    make.sign_in(client, "robin@example.org")
    assert elsewhere.get("/en/names").status_code == 200
    changed = make.send(
        client, "/en/password/change", password=make.PASSWORD, new_password="quiet lantern under snow"
    )
    assert changed.location == "/en/names"
    assert someone.name in client.get("/en/names").text
    assert elsewhere.get("/en/names").location.startswith("/en/sign-in")


def test_a_session_from_before_a_reset_is_dead(client, app):
    make.account("robin@example.org")
    elsewhere = app.test_client()
    make.sign_in(elsewhere, "robin@example.org")
    make.send(client, "/en/password/forgotten", email="robin@example.org")
    make.send(client, make.link_in(make.post_box()[-1]), password="quiet lantern under snow")
    assert elsewhere.get("/en/names").location.startswith("/en/sign-in")


def test_a_cookie_put_back_after_a_password_change_opens_nothing(client):
    make.account("robin@example.org")
    make.sign_in(client, "robin@example.org")
    with client.session_transaction() as cookie:
        old = dict(cookie)
    make.send(client, "/en/password/change", password=make.PASSWORD, new_password="quiet lantern under snow")
    with client.session_transaction() as cookie:
        cookie.clear()
        cookie.update(old)
    assert client.get("/en/names").location.startswith("/en/sign-in")


def test_signing_in_gives_a_new_session_and_a_new_form_token(client):
    make.account("robin@example.org")
    client.get("/en/sign-in")
    with client.session_transaction() as cookie:
        cookie["planted"] = "by somebody else"
        cookie["sid"] = "planted"
        before = dict(cookie)
    make.sign_in(client, "robin@example.org")
    with client.session_transaction() as cookie:
        assert "planted" not in cookie
        assert cookie["sid"] != "planted"
        assert cookie.get("csrf_token") != before["csrf_token"]


def test_signing_out_takes_a_button_ends_the_session_and_asks_the_browser_to_forget(client):
    make.account("robin@example.org")
    make.sign_in(client, "robin@example.org")
    with client.session_transaction() as cookie:
        old = dict(cookie)
    assert client.get("/en/sign-out").status_code == 200
    assert client.get("/en/names").status_code == 200
    answer = make.send(client, "/en/sign-out")
    assert answer.headers["Clear-Site-Data"] == '"cache", "storage"'
    assert db.session.scalar(select(SignIn)) is None
    with client.session_transaction() as cookie:
        cookie.update(old)
    assert client.get("/en/names").status_code == 302


def test_signing_in_or_out_without_the_form_token_is_refused(client):
    make.account("robin@example.org")
    answer = client.post("/en/sign-in", data={"email": "robin@example.org", "password": make.PASSWORD})
    assert answer.status_code == 400
    make.sign_in(client, "robin@example.org")
    assert client.post("/en/sign-out").status_code == 400
    assert client.get("/en/names").status_code == 200


@pytest.mark.parametrize(
    "elsewhere",
    [
        "https://evil.example/en/",
        "//evil.example",
        "/\\evil.example",
        "\\\\evil.example",
        "/\t/evil.example",
        "/en//\\evil",
        "javascript:alert(1)",
        "/%09/evil.example",
        "http:evil.example",
        "///evil.example",
        "/en/\r\nSet-Cookie:x",
        "https:/evil.example",
        "/en@evil.example",
        "//en/names",
        "/wsgi",
    ],
)
def test_nobody_is_led_elsewhere_after_signing_in(client, elsewhere):
    make.account("robin@example.org")
    token = make.csrf(client.get("/en/sign-in"))
    fields = {"csrf_token": token, "email": "robin@example.org", "password": make.PASSWORD}
    by_query = client.post(
        "/en/sign-in", query_string={"next": elsewhere}, data={**fields, "next": elsewhere}
    )
    assert by_query.status_code == 302
    assert re.match(r"/(en|fr)/[^\\\s]*$", by_query.location)
    assert "evil.example" not in by_query.location


def test_one_comes_back_to_the_page_one_asked_for(client):
    make.account("robin@example.org")
    asked = client.get("/fr/consents")
    assert asked.location == "/fr/sign-in?next=/fr/consents"
    page = client.get(asked.location)
    fields = {"csrf_token": make.csrf(page), "email": "robin@example.org", "password": make.PASSWORD}
    assert client.post(asked.location, data=fields).location == "/fr/consents"


def test_links_in_mail_come_from_the_configured_address_whatever_the_host_header_says(client):
    make.account("robin@example.org")
    token = make.csrf(client.get("/en/password/forgotten"))
    client.post(
        "/en/password/forgotten",
        data={"csrf_token": token, "email": "robin@example.org"},
        headers={"X-Forwarded-Host": "evil.example", "Forwarded": "host=evil.example"},
    )
    letter = make.post_box()[-1]
    assert "http://127.0.0.1:8000/en/password/forgotten/" in letter.body
    assert "evil.example" not in letter.body


def test_letters_are_in_the_members_language_in_two_forms_with_neutral_subjects(client):
    make.account("fr@example.org", "Luc Orme", lang="fr")
    make.send(client, "/en/password/forgotten", email="fr@example.org")
    letter = make.post_box()[-1]
    assert letter.subject == "Un lien demandé"
    assert "/fr/password/forgotten/" in letter.body
    assert "9-8-8" in letter.body
    html, kind = letter.alternatives[0]
    assert kind == "text/html"
    assert 'lang="fr-CA"' in html
    assert not re.search(r"<(img|script|link)|url\(|@import", html)  # nothing is loaded when it is read


@pytest.mark.usefixtures("amid_the_hour")
def test_ten_wrong_passwords_slow_one_account_and_not_another_for_a_quarter_of_an_hour(tmp_path):
    with make.own_app(tmp_path, "limited") as app, time_machine.travel(clock.now(), tick=True) as time:
        make.account("robin@example.org")
        make.account("lea@example.org", "Lea Orme")
        client = app.test_client()
        wrong = [make.sign_in(client, "robin@example.org", "wrong wrong wrong") for _ in range(11)]
        assert [answer.status_code for answer in wrong] == [422] * 10 + [429]
        assert "Retry-After" in wrong[10].headers
        assert make.sign_in(client, "ROBIN@example.org").status_code == 429
        assert make.sign_in(app.test_client(), "lea@example.org").status_code == 302
        elsewhere = app.test_client()
        elsewhere.environ_base["REMOTE_ADDR"] = "198.51.100.7"
        assert make.sign_in(elsewhere, "robin@example.org").status_code == 302  # its owner is not locked out
        time.shift(timedelta(minutes=31))
        assert make.sign_in(client, "robin@example.org").status_code == 302


@pytest.mark.usefixtures("amid_the_hour")
def test_guesses_from_many_places_slow_the_account_as_well(tmp_path):
    with make.own_app(tmp_path, "spread") as app:
        make.account("robin@example.org")
        seen = []
        for place in range(62):
            client = app.test_client()
            client.environ_base["REMOTE_ADDR"] = f"198.51.100.{place}"
            seen.append(make.sign_in(client, "robin@example.org", "wrong wrong wrong").status_code)
        assert seen == [422] * 60 + [429] * 2


def test_nobody_can_be_flooded_with_letters(tmp_path):
    # No hour ends while it counts.
    quiet = clock.now().replace(minute=5)
    with make.own_app(tmp_path, "flooded") as app, time_machine.travel(quiet):
        make.account("robin@example.org")
        client = app.test_client()
        sent = [make.send(client, "/en/password/forgotten", email="robin@example.org") for _ in range(6)]
        assert [answer.status_code for answer in sent] == [200] * 5 + [429]


def test_signing_in_waits_its_turn_when_somebody_writes_meanwhile(tmp_path, monkeypatch):
    with make.own_app(tmp_path, "turns") as app:
        make.account("robin@example.org")
        read_before = sessions.first_names

        def write_elsewhere():
            with app.app_context(), transaction():
                put("written", "by somebody else")

        def meddled(member_id):
            found = read_before(member_id)  # a reading snapshot is open, and now it is old
            other = threading.Thread(target=write_elsewhere)
            other.start()
            other.join()
            return found

        monkeypatch.setattr(signin, "first_names", meddled)
        client = app.test_client()
        assert make.sign_in(client, "robin@example.org").status_code == 302
        assert client.get("/en/names").status_code == 200


def test_json_opens_no_side_door(client):
    make.account("robin@example.org")
    token = make.csrf(client.get("/en/sign-in"))
    answer = client.post(
        "/en/sign-in?include_auth_token",
        json={"email": "robin@example.org", "password": make.PASSWORD},
        headers={"X-CSRFToken": token, "Accept": "application/json"},
    )
    assert answer.status_code == 415
    answer = client.post("/en/sign-in", json=[1], headers={"X-CSRFToken": token})
    assert answer.status_code == 415


def test_a_shared_device_keeps_no_cookie_and_a_short_session(client):
    make.account("robin@example.org")
    answer = make.sign_in(client, "robin@example.org", shared="y")
    assert "Expires" not in answer.headers["Set-Cookie"]
    with time_machine.travel(clock.now() + timedelta(hours=4)):
        assert client.get("/en/names").status_code == 302


def test_a_session_ends_after_two_weeks(client):
    make.account("robin@example.org")
    make.sign_in(client, "robin@example.org")
    with time_machine.travel(clock.now() + timedelta(days=13)):
        assert client.get("/en/names").status_code == 200
    with time_machine.travel(clock.now() + timedelta(days=14, hours=1)):
        assert client.get("/en/names").status_code == 302


def test_pages_of_somebody_signed_in_are_kept_by_no_cache(client):
    make.account("robin@example.org")
    make.sign_in(client, "robin@example.org")
    for page in ("/en/names", "/en/consents", "/en/menu", "/en/password/change"):
        assert "no-store" in client.get(page).headers["Cache-Control"]


def test_password_fields_say_what_they_are_for(client):
    assert 'autocomplete="current-password"' in client.get("/en/sign-in").text
    assert 'autocomplete="new-password"' in client.get("/en/join").text
