"""Fishing for members, and attacks on sessions and credentials: what no other file of this folder asks."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
import time_machine
from sqlalchemy import select, text

from community.accounts.members import SignIn, User
from community.accounts.services import personas
from community.accounts.services.personas import Wish
from community.core import clock
from community.core.db import db, transaction
from tests.make import accounts as make
from tests.worlds.dump import dump

NEW = "quiet lantern under snow"


def marks():
    found = set(db.session.scalars(select(SignIn.id_hash)))
    db.session.remove()
    return found


def test_a_change_of_name_gives_a_new_session_and_the_old_one_is_dead(client):
    someone = make.account("robin@example.org")
    with transaction():
        other, _code = personas.make(
            someone.member_id, Wish("protected", "Quiet-Fox", (), None, "en"), vouched=True
        )
        key = other.id
    make.sign_in(client, "robin@example.org")
    before = marks()
    with client.session_transaction() as cookie:
        old = dict(cookie)
    make.send(client, "/en/names/speak", form="/en/menu", persona=key)
    assert len(marks()) == 1
    assert not marks() & before
    with client.session_transaction() as cookie:
        cookie.clear()
        cookie.update(old)
    assert client.get("/en/names").status_code == 302


def test_the_link_to_a_new_password_has_no_row_that_could_be_stolen_and_cannot_be_guessed(client):
    make.account("robin@example.org")
    tokens = []
    for _turn in range(2):
        make.send(client, "/en/password/forgotten", email="robin@example.org")
        tokens.append(make.link_in(make.post_box()[-1]).rsplit("/", 1)[-1])
    signatures = [token.rsplit(".", 1)[-1] for token in tokens]
    assert all(len(signature) * 6 >= 128 for signature in signatures)
    kept = str(dump(db.session.connection()))
    assert not any(
        token in kept or signature in kept for token, signature in zip(tokens, signatures, strict=True)
    )


def test_a_link_to_a_new_password_is_in_no_referrer(client):
    make.account("robin@example.org")
    make.send(client, "/en/password/forgotten", email="robin@example.org")
    page = client.get(make.link_in(make.post_box()[-1]))
    assert page.headers["Referrer-Policy"] == "no-referrer"
    assert not re.search(r'(?:src|href)="https?://', page.text.split("<main")[1].split("</main>")[0])


def test_no_account_is_there_from_the_start(app):
    assert db.session.scalars(select(User)).all() == []


def test_no_address_of_a_browser_and_no_minute_is_kept_of_signing_in(client):
    make.account("robin@example.org")
    client.environ_base["REMOTE_ADDR"] = "198.51.100.7"
    make.sign_in(client, "robin@example.org", "wrong wrong wrong")
    make.sign_in(client, "robin@example.org")
    assert "198.51.100.7" not in str(dump(db.session.connection()))
    row = db.session.scalars(select(SignIn)).one()
    assert (row.since.minute, row.since.second) == (0, 0)


@pytest.mark.parametrize(
    "password", ["ᐃᓄᒃᑎᑐᑦ ᐅᖃᐅᓯᖅ " * 8, "🦊🌲🌊🪶🍂🌙⛵🪨🌾🫐", "tilted harvest moon, violet " * 30]
)
def test_any_alphabet_and_more_than_64_characters_open_the_account_whole(client, password):
    make.account("robin@example.org")
    make.sign_in(client, "robin@example.org")
    make.send(client, "/en/password/change", password=make.PASSWORD, new_password=password)
    make.send(client, "/en/sign-out")
    assert make.sign_in(client, "robin@example.org", password[:-3]).status_code == 422
    assert make.sign_in(client, "robin@example.org", password).status_code == 302


def test_passwords_can_be_pasted_and_kept_by_a_manager(client):
    page = client.get("/en/sign-in").text
    field = re.search(r"<input[^>]*name=\"password\"[^>]*>", page)
    assert field
    assert 'type="password"' in field.group(0)
    assert not re.search(r"maxlength|onpaste|autocomplete=\"off\"", field.group(0))


# The address of an account


def link_to(client, new):
    answer = make.send(client, "/en/security/address", email=new)
    assert answer.location == "/en/security"
    letters = [letter for letter in make.post_box() if letter.to == [new]]
    return make.link_in(letters[-1]) if letters else ""


def test_an_address_changes_by_a_link_and_a_button_and_the_old_one_is_told(client):
    make.account("robin@example.org")
    make.sign_in(client, "robin@example.org")
    path = link_to(client, "robin.brook@example.org")
    assert client.get(path).status_code == 200
    assert make.member_row("robin@example.org")  # opening it changes nothing
    db.session.remove()
    make.send(client, path)
    assert make.member_row("robin.brook@example.org")
    db.session.remove()
    told = make.post_box()[-1]
    assert told.to == ["robin@example.org"]
    assert "The address of your account was changed." in told.body
    assert client.get(path).location.endswith("/security/address")  # it works once


@pytest.mark.parametrize("meanwhile", ["half an hour", "another password"])
def test_the_link_dies_with_time_and_with_the_password(client, meanwhile):
    make.account("robin@example.org")
    make.sign_in(client, "robin@example.org")
    path = link_to(client, "robin.brook@example.org")
    later = timedelta(minutes=31) if meanwhile == "half an hour" else timedelta(0)
    if meanwhile == "another password":
        make.send(client, "/en/password/change", password=make.PASSWORD, new_password=NEW)
    with time_machine.travel(clock.now() + later):
        assert client.get(path).status_code == 302
    assert make.member_row("robin@example.org")


def test_whoever_reads_the_old_mailbox_is_shut_out_by_the_change(client, app):
    make.account("robin@example.org")
    elsewhere = app.test_client()
    for browser in (client, elsewhere):
        make.sign_in(browser, "robin@example.org")
    reader = app.test_client()
    make.send(reader, "/en/password/forgotten", email="robin@example.org")
    stolen = make.link_in(make.post_box()[-1])
    assert reader.get(stolen).status_code == 200
    make.send(client, link_to(client, "robin.brook@example.org"))
    assert client.get("/en/security").status_code == 200  # whoever changed it goes on
    assert elsewhere.get("/en/security").status_code == 302
    assert reader.get(stolen).status_code == 302
    assert make.sign_in(reader, "robin.brook@example.org").status_code == 302


def test_an_address_confirmed_in_another_browser_signs_everybody_out(client, app):
    make.account("robin@example.org")
    make.sign_in(client, "robin@example.org")
    path = link_to(client, "robin.brook@example.org")
    phone = app.test_client()
    assert "/sign-in" in phone.get(make.send(phone, path).location).location
    assert client.get("/en/security").status_code == 302


def test_nobody_learns_whether_an_address_has_an_account_by_asking_for_it(client):
    make.account("robin@example.org")
    make.account("lea@example.org", "Lea Orme")
    make.sign_in(client, "robin@example.org")
    answers = [
        make.send(client, "/en/security/address", email=email)
        for email in ("lea@example.org", "no@example.org")
    ]
    assert len({(answer.status_code, answer.location) for answer in answers}) == 1
    jobs = db.session.execute(text("SELECT name FROM job ORDER BY name")).scalars().all()
    assert "accounts.no_letter" in jobs
    assert [letter.to for letter in make.post_box() if letter.subject == "A link you asked for"] == [
        ["no@example.org"]
    ]
