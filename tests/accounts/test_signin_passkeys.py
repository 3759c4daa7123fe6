"""Passkeys: made once, used alone, bound to this site and to the moment in which it asked."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
import time_machine
from sqlalchemy import select

from community.accounts.members import Passkey, UsedChallenge
from community.accounts.services import passkeys
from community.core import clock
from community.core.db import db, transaction
from tests import cast
from tests.make import accounts as make
from tests.make import factors
from tests.make.factors import Device


@pytest.fixture
def phone(client):
    """The device of Robin, who has added it and signed out."""
    make.account("robin@example.org")
    make.sign_in(client, "robin@example.org")
    device = Device()
    assert factors.add_passkey(client, device).location == "/en/rescue-codes"
    make.send(client, "/en/sign-out")
    make.post_box().clear()
    return device


def test_a_passkey_opens_the_account_alone_with_a_new_session(client, phone):
    client.get("/en/sign-in")
    with client.session_transaction() as cookie:
        cookie["planted"] = "by somebody else"
    assert factors.use_passkey(client, phone).location == "/en/"
    assert "Robin Brook" in client.get("/en/names").text
    with client.session_transaction() as cookie:
        assert "planted" not in cookie


def test_a_passkey_is_the_second_step_after_a_password(client, phone):
    assert make.sign_in(client, "robin@example.org").location == "/en/sign-in/second-step"
    answer = factors.use_passkey(client, phone, next="/en/consents")
    assert answer.location == "/en/consents"
    assert client.get("/en/consents").status_code == 200


def test_what_a_passkey_signed_is_taken_once_and_for_five_minutes(client, app, phone):
    asked = client.get("/en/sign-in/passkey").get_json()
    signed = phone.signs(asked)
    assert factors.use_passkey(client, phone, signed).status_code == 302
    elsewhere = app.test_client()
    assert factors.use_passkey(elsewhere, phone, signed).status_code == 422
    late = phone.signs(elsewhere.get("/en/sign-in/passkey").get_json())
    with time_machine.travel(clock.now() + timedelta(minutes=6)):
        refused = factors.use_passkey(elsewhere, phone, late)
    assert refused.status_code == 422
    assert "That took too long." in refused.text


@pytest.mark.parametrize(
    "changes",
    [
        {"origin": "https://passerelle.example"},
        {"origin": "http://localhost:8001"},
        {"place": "example.org"},
        {"unlocked": False},
        {"name": b"somebody else's key"},
        {"key": Device().key},
        {"uses": -5},
    ],
    ids=lambda changes: next(iter(changes)),
)
def test_a_passkey_of_another_place_not_unlocked_or_not_known_opens_nothing(client, phone, changes):
    assert factors.use_passkey(client, phone).status_code == 302
    make.send(client, "/en/sign-out")
    for part, value in changes.items():
        setattr(phone, part, value)
    if phone.uses < 0:
        phone.uses = 0  # a copy of the key that has counted less than the one we know
    refused = factors.use_passkey(client, phone)
    assert refused.status_code == 422
    assert "could not be used here" in refused.text
    assert client.get("/en/names").status_code == 302


@pytest.mark.parametrize(
    "answer",
    ["", "made up", "[]", "{}", '{"id": 1, "response": {"clientDataJSON": "e30"}}', "0" * 25_000, "null"],
)
def test_what_is_no_answer_of_a_passkey_is_refused_with_a_sentence(client, answer):
    token = make.csrf(client.get("/en/sign-in"))
    refused = client.post("/en/sign-in/passkey", data={"csrf_token": token, "answer": answer})
    assert refused.status_code == 422


def test_a_challenge_that_was_made_for_adding_opens_nothing(client, app):
    make.account("robin@example.org")
    make.sign_in(client, "robin@example.org")
    device = Device()
    factors.add_passkey(client, device)
    client.get("/en/security/passkeys/new")
    asked = client.get("/en/security/passkeys/challenge").get_json()
    assert factors.use_passkey(app.test_client(), device, device.signs(asked)).status_code == 422


def test_what_a_device_is_asked_says_nothing_of_anybody(client, phone):
    asked = client.get("/en/sign-in/passkey")
    assert set(asked.get_json()) == {"challenge", "timeout", "rpId", "allowCredentials", "userVerification"}
    assert asked.get_json()["allowCredentials"] == []
    assert asked.headers["Cache-Control"] == "no-store"
    make.sign_in(client, "robin@example.org")
    with client.session_transaction() as cookie:
        cookie.clear()
    someone = make.account("lea@example.org", "Lea Orme").signs_in(client)
    client.get("/en/menu")
    asked = client.get("/en/security/passkeys/challenge").text
    for told in ("lea@example.org", "Lea Orme", make.member_row("lea@example.org").id):
        assert told not in asked
    assert someone


def test_a_made_key_is_kept_by_its_public_half_and_a_second_time_refused(client, phone):
    factors.use_passkey(client, phone)
    refused = factors.add_passkey(client, phone)
    assert refused.status_code == 422
    row = db.session.scalars(select(Passkey)).one()
    assert row.credential_id == phone.name
    assert row.label == "My phone"
    assert db.session.scalars(select(UsedChallenge)).all()


def test_a_passkey_counts_as_typing_the_password_once_more(client, phone):
    factors.use_passkey(client, phone)
    with time_machine.travel(clock.now() + timedelta(hours=1)):
        assert "/sign-in/again" in client.get("/en/security/devices").location
        assert 'data-passkey="use"' in client.get("/en/sign-in/again").text
        answer = factors.use_passkey(client, phone, again="yes", next="/en/security/devices")
        assert answer.location == "/en/security/devices"
        assert client.get("/en/security/devices").status_code == 200


def test_the_passkey_of_another_account_is_no_password_of_mine(client, phone):
    make.account("lea@example.org", "Lea Orme")
    make.sign_in(client, "lea@example.org")
    with time_machine.travel(clock.now() + timedelta(hours=1)):
        refused = factors.use_passkey(client, phone, again="yes")
        assert refused.status_code == 422
        assert "/sign-in/again" in client.get("/en/security/devices").location
        assert "Lea Orme" in client.get("/en/names").text


def test_who_holds_a_duty_and_a_passkey_may_use_it(client, phone):
    robin = make.member_row("robin@example.org")
    with transaction():
        persona_id = next(iter(cast.vault.personas_of(robin.id).values()))
        cast.duty(cast.Someone("Robin Brook", persona_id, robin.id), "administrator")
    factors.use_passkey(client, phone)
    assert client.get("/en/duties").status_code == 200


def test_a_removed_passkey_opens_nothing_and_its_owner_is_told_of_both(client, phone):
    factors.use_passkey(client, phone)
    key = db.session.scalars(select(Passkey)).one().id
    db.session.remove()
    gone = make.send(client, "/en/security/passkeys/remove", form="/en/menu", key=key)
    assert gone.location == "/en/security"
    assert "A passkey was removed" in make.post_box()[-1].body
    make.send(client, "/en/sign-out")
    assert factors.use_passkey(client, phone).status_code == 422
    assert make.sign_in(client, "robin@example.org").location == "/en/"


def test_a_lost_phone_is_signed_out_when_its_passkey_is_removed(client, app, phone):
    lost = app.test_client()
    factors.use_passkey(lost, phone)
    spare = Device()
    make.sign_in(client, "robin@example.org")
    factors.use_passkey(client, phone)
    key = db.session.scalars(select(Passkey.id)).one()
    factors.add_passkey(client, spare)  # ends what was open elsewhere
    factors.use_passkey(lost, phone)
    assert lost.get("/en/security").status_code == 200
    make.send(client, "/en/security/passkeys/remove", form="/en/menu", key=key)
    assert lost.get("/en/security").status_code == 302
    page = client.get("/en/security").text
    assert "Every other browser is signed out." in page


def test_twenty_passkeys_are_enough(client):
    make.account("robin@example.org")
    make.sign_in(client, "robin@example.org")
    member = make.member_row("robin@example.org").id
    with transaction():
        db.session.add_all(
            Passkey(member_id=member, credential_id=bytes([n]), public_key=b"", label="one")
            for n in range(20)
        )
    refused = factors.add_passkey(client, Device())
    assert refused.status_code == 422
    assert "Twenty passkeys are enough." in refused.text


def test_the_place_of_passkeys_comes_from_the_configured_address_alone(client, phone):
    asked = client.get("/en/sign-in/passkey", headers={"Host": "evil.example"})
    assert asked.get_json()["rpId"] == passkeys.place() == "localhost"
    assert json.loads(asked.text)["userVerification"] == "required"


@pytest.mark.parametrize(
    ("lang", "said"), [("en", "changed no other way in"), ("fr", "autres façons d’entrer")]
)
def test_who_replaces_a_forgotten_password_is_told_what_else_opens_the_account(client, app, lang, said):
    """A passkey that a stranger added outlives the password: its owner is led to look, once."""
    make.account("robin@example.org")
    stranger = app.test_client()
    make.sign_in(stranger, "robin@example.org")
    device = factors.Device()
    factors.add_passkey(stranger, device, "Not mine")
    make.send(client, f"/{lang}/password/forgotten", email="robin@example.org")
    make.send(client, make.link_in(make.post_box()[-1]), password="quiet lantern under snow")
    assert stranger.get("/en/names").status_code == 302
    half = make.send(
        client, f"/{lang}/sign-in", email="robin@example.org", password="quiet lantern under snow"
    )
    assert half.location == f"/{lang}/sign-in/second-step"
    answer = device.signs(client.get("/en/sign-in/passkey").get_json())
    make.send(client, f"/{lang}/sign-in/passkey", form="/en/menu", answer=answer)
    page = client.get(f"/{lang}/security").text
    assert said in page
    assert "Not mine" in page
    assert said not in client.get(f"/{lang}/security").text


def test_who_has_no_other_way_in_is_told_of_none(client):
    make.account("robin@example.org")
    make.send(client, "/en/password/forgotten", email="robin@example.org")
    make.send(client, make.link_in(make.post_box()[-1]), password="quiet lantern under snow")
    make.sign_in(client, "robin@example.org", "quiet lantern under snow")
    assert "changed no other way in" not in client.get("/en/security").text
