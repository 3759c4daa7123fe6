"""Becoming a member."""

from __future__ import annotations

import re
import unicodedata
from datetime import timedelta

import pytest
import time_machine
from sqlalchemy import select

from community.accounts import jobs, vault
from community.accounts.members import Consent, User
from community.accounts.models import Persona, VaultRow
from community.accounts.services import joining
from community.core import clock
from community.core.db import db
from tests.make import accounts as make

JOINED = "/en/join/sent"


def plain(page: str) -> str:
    """A page without what is drawn anew each time."""
    page = re.sub(r'name="(csrf_token|idem)" value="[^"]*"', "", page)
    return re.sub(r'(?s)<fieldset class="field" id="proposed".*?</fieldset>', "", page)


def test_a_person_joins_confirms_and_signs_in_under_the_name_they_chose(client):
    answer = client.post("/en/join", data=make.joining_form(client))
    assert (answer.status_code, answer.location) == (302, JOINED)
    path = make.link_in(make.post_box()[-1])
    assert make.sign_in(client, "ines@example.org").status_code == 422  # not before the address is confirmed
    answer = make.confirm(client, path)
    assert answer.location == "/en/sign-in"
    answer = make.sign_in(client, "ines@example.org")
    assert answer.location == "/en/"
    assert "Ines Calder" in client.get("/en/names").text


def test_the_first_name_is_in_slot_0_of_the_vault_and_the_wish_is_forgotten(client):
    client.post("/en/join", data=make.joining_form(client))
    member = make.member_row("ines@example.org")
    assert member.wish is not None
    assert vault.count() == 0
    make.confirm(client, make.link_in(make.post_box()[-1]))
    member = make.member_row("ines@example.org")
    persona_id = vault.personas_of(member.id)[0]
    assert vault.member_of(persona_id) == member.id
    persona = db.session.get_one(Persona, persona_id)
    assert (persona.name, persona.kind, persona.region) == ("Ines Calder", "public", "on")
    assert [row.group for row in persona.groups] == ["physician"]
    assert member.wish is None


def test_a_wish_says_nothing_in_the_database_not_even_its_length(client):
    client.post("/en/join", data=make.joining_form(client))
    client.post("/en/join", data=make.joining_form(client, email="b@example.org", name="Bo Li", groups=[]))
    one, other = (make.member_row(email).wish or b"" for email in ("ines@example.org", "b@example.org"))
    assert len(one) == len(other) > 0
    assert b"Calder" not in one


def test_opening_the_link_changes_nothing_until_the_button_is_pressed(client):
    client.post("/en/join", data=make.joining_form(client))
    path = make.link_in(make.post_box()[-1])
    assert client.get(path).status_code == 200
    assert make.member_row("ines@example.org").confirmed_at is None


def test_a_person_joins_under_a_protected_name_that_the_site_proposes(client):
    name = make.proposed(client)
    form = make.joining_form(client, kind="protected", name="", proposed=name, groups=["lived_experience"])
    assert client.post("/en/join", data=form).location == JOINED
    make.confirm(client, make.link_in(make.post_box()[-1]))
    persona = db.session.scalars(select(Persona)).one()
    assert (persona.name, persona.kind) == (name, "protected")


def test_a_protected_name_of_ones_own_making_is_refused(client):
    form = make.joining_form(client, kind="protected", proposed="Ines-From-Sudbury", groups=[])
    answer = client.post("/en/join", data=form)
    assert answer.status_code == 422
    assert "Choose one of the names that the site proposes" in answer.text


def test_other_names_are_proposed_without_judging_the_form(client):
    form = make.joining_form(client, more="yes", charter=None, name="Ines Calder")
    answer = client.post("/en/join", data=form)
    assert answer.status_code == 200
    assert "Ines Calder" in answer.text
    assert db.session.scalar(select(User)) is None


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"charter": None}, "Read the charter"),
        ({"age": None}, "14 or older"),
        ({"kind": None}, "how you want to take part"),
        ({"name": ""}, "2 to 60 characters"),
        ({"name": "Dr Ines Calder"}, "Leave the title out"),
        ({"name": "Adm1n"}, "taken for the site"),
        ({"name": "Ines\u202eCalder"}, "nothing else"),
        ({"name": "Ines\x00Calder"}, "nothing else"),
        ({"groups": ["nurse", "lived_experience"]}, "cannot stand beside"),
        ({"groups": ["wizard"]}, "groups from the list"),
        ({"region": "atlantis"}, "region from the list"),
        ({"email": "ines"}, "does not look like an address"),
        ({"email": "ines@example.org\r\nBcc: all@example.org"}, "does not look like an address"),
        ({"password": "short"}, "at least 10 characters"),
        ({"password": "Password2024!"}, "among the first"),
        ({"password": "ines1234567"}, "among the first"),
        ({"password": None}, "Write your password"),
    ],
)
def test_what_cannot_be_taken_is_said_beside_its_field_and_nothing_is_kept(client, changes, sentence):
    answer = client.post("/en/join", data=make.joining_form(client, **changes))
    assert answer.status_code == 422
    assert sentence in answer.text
    assert db.session.scalar(select(User)) is None
    assert make.PASSWORD not in answer.text


def test_nothing_is_ticked_beforehand(client):
    assert "checked" not in client.get("/fr/join").text


def test_each_consent_is_kept_with_its_text_and_language(client):
    form = make.joining_form(client, research="y")
    client.post("/fr/join", data=form)
    kept = {row.purpose: row for row in db.session.scalars(select(Consent))}
    assert set(kept) == {"charter", "age", "research"}
    assert kept["charter"].lang == "fr"
    assert kept["charter"].text_version == joining.text_version("charter", "fr")
    assert kept["charter"].given_at.minute == 0


def test_a_consent_is_withdrawn_and_given_again_by_itself(client):
    someone = make.account("robin@example.org")
    someone.signs_in(client)
    assert not joining.has_agreed(someone.member_id, "research")
    make.send(client, "/en/consents", purpose="research", given="yes")
    assert joining.has_agreed(someone.member_id, "research")
    make.send(client, "/en/consents", purpose="research", given="no")
    assert not joining.has_agreed(someone.member_id, "research")
    assert "Withdrawn on" in client.get("/en/consents").text


def test_what_is_needed_to_take_part_is_not_withdrawn_on_that_page(client):
    make.account("robin@example.org").signs_in(client)
    assert make.send(client, "/en/consents", purpose="charter", given="no").status_code == 422


def test_a_known_address_is_answered_like_an_unknown_one_and_told_by_mail(client):
    make.account("known@example.org")
    pages = []
    for email, name in (("new@example.org", "Ines Calder"), ("KNOWN@example.org", "Other Name")):
        answer = client.post("/en/join", data=make.joining_form(client, email=email, name=name))
        pages.append((answer.status_code, answer.location, plain(client.get(answer.location).text)))
    assert pages[0] == pages[1]
    letter = next(letter for letter in make.post_box() if letter.to == ["known@example.org"])
    assert letter.subject == "About your address"
    assert len(db.session.scalars(select(User)).all()) == 2


def test_who_asked_first_under_an_address_of_somebody_else_gains_nothing(client, app):
    """Whoever confirms confirms what they asked for themself, not a password that another one knows."""
    theirs, mine = "what the other one knows", "quiet lantern under snow"
    other = app.test_client()
    other.post("/en/join", data=make.joining_form(other, name="Somebody Else", password=theirs))
    before = make.link_in(make.post_box()[-1])
    asked = client.post("/en/join", data=make.joining_form(client, password=mine))
    assert (asked.status_code, asked.location) == (302, JOINED)
    letter = make.post_box()[-1]
    assert letter.to == ["ines@example.org"]
    assert client.get(before).status_code == 302  # the first link is dead
    assert make.confirm(client, make.link_in(letter), mine).location == "/en/sign-in"
    assert make.sign_in(other, "ines@example.org", theirs).status_code == 422
    assert make.sign_in(client, "ines@example.org", mine).location == "/en/"
    assert "Ines Calder" in client.get("/en/names").text
    assert {row.purpose for row in db.session.scalars(select(Consent))} >= {"age", "charter"}
    assert len(db.session.scalars(select(User)).all()) == 1


@pytest.mark.parametrize("lang", ["en", "fr"])
def test_who_asks_last_under_an_address_of_somebody_else_gains_nothing_either(client, app, lang):
    """The link of the latest request lies in the mailbox of somebody who never asked for it."""
    theirs, mine = "what the other one knows", "quiet lantern under snow"
    client.post("/en/join", data=make.joining_form(client, password=mine))
    other = app.test_client()
    other.post(f"/{lang}/join", data=make.joining_form(other, name="Somebody Else", password=theirs))
    path = make.link_in(make.post_box()[-1])
    for typed in (mine, "", make.PASSWORD):
        page = make.confirm(client, path, typed)
        assert page.status_code == 422
        assert "no-store" in page.headers["Cache-Control"]
        if typed:
            assert ("latest request" if lang == "en" else "plus récente demande") in page.text
            assert typed not in page.text
    assert make.member_row("ines@example.org").confirmed_at is None
    assert make.sign_in(other, "ines@example.org", theirs).status_code == 422
    db.session.remove()
    client.post("/en/join", data=make.joining_form(client, password=mine))  # the way out the page names
    assert client.get(path).status_code == 302
    assert make.confirm(client, make.link_in(make.post_box()[-1]), mine).location == "/en/sign-in"
    assert make.sign_in(other, "ines@example.org", theirs).status_code == 422
    assert make.sign_in(client, "ines@example.org", mine).location == "/en/"
    assert vault.count() == 2


@pytest.mark.usefixtures("amid_the_hour")
def test_the_password_is_taken_as_any_keyboard_writes_it_and_cannot_be_guessed_for_long(tmp_path):
    """Its accents come composed or not; ten wrong ones in a quarter of an hour, wherever they come from."""
    with make.own_app(tmp_path, "guessed") as app, time_machine.travel(clock.now(), tick=True) as time:
        client = app.test_client()
        with time_machine.travel(clock.now() - timedelta(minutes=1)):
            fields = make.joining_form(client, password="érables sous la neige")
        assert client.post("/en/join", data=fields).location == JOINED
        path = make.link_in(make.post_box()[-1])
        seen = []
        for place in range(11):
            other = app.test_client()
            other.environ_base["REMOTE_ADDR"] = f"198.51.100.{place}"
            seen.append(make.confirm(other, path, f"a wrong one {place}").status_code)
        assert seen == [422] * 10 + [429]
        time.shift(timedelta(minutes=31))
        answer = make.confirm(client, path, unicodedata.normalize("NFD", "érables sous la neige"))
        assert answer.location == "/en/sign-in"


def test_a_request_that_cannot_be_taken_leaves_the_one_that_waits(client):
    client.post("/en/join", data=make.joining_form(client))
    first = make.member_row("ines@example.org").id
    db.session.remove()
    assert client.post("/en/join", data=make.joining_form(client, name="Dr X")).status_code == 422
    assert make.member_row("ines@example.org").id == first


def test_a_bad_name_is_refused_alike_for_a_known_address(client):
    make.account("known@example.org")
    pages = [
        client.post("/en/join", data=make.joining_form(client, email=email, name="Dr X", password="short"))
        for email in ("known@example.org", "new@example.org")
    ]
    assert pages[0].status_code == pages[1].status_code == 422
    assert plain(pages[0].text.replace("known@", "")) == plain(pages[1].text.replace("new@", ""))


def test_a_name_taken_meanwhile_is_asked_again_at_the_first_sign_in(client):
    make.account("other@example.org", "Ines Calder")
    client.post("/en/join", data=make.joining_form(client, name="lnes Calder"))
    make.confirm(client, make.link_in(make.post_box()[-1]))
    make.sign_in(client, "ines@example.org")
    assert client.get("/en/").location == "/en/names"
    assert client.get("/en/names").location == "/en/names/new"
    answer = make.send(
        client, "/en/names/new", kind="public", name="Ines C. Marlow", groups=["physician"], region=""
    )
    assert answer.status_code == 200
    assert "Ines C. Marlow" in client.get("/en/names").text


def test_an_address_that_nobody_confirms_is_forgotten_within_a_week(client):
    client.post("/en/join", data=make.joining_form(client))
    make.account("robin@example.org")
    with time_machine.travel(clock.now() + timedelta(days=8)):
        jobs.forget()
    assert [row.email for row in db.session.scalars(select(User))] == ["robin@example.org"]
    assert db.session.scalar(select(Consent).where(Consent.purpose == "research")) is None


def test_a_link_does_not_work_twice_nor_after_two_days_nor_when_changed(client):
    client.post("/en/join", data=make.joining_form(client))
    path = make.link_in(make.post_box()[-1])
    with time_machine.travel(clock.now() + timedelta(days=3)):
        assert client.get(path).location == "/en/confirm"
    assert client.get(path[:-3] + "abc").location == "/en/confirm"
    make.confirm(client, path)
    assert client.get(path).location == "/en/confirm"
    assert len(db.session.scalars(select(VaultRow)).all()) == 2


def test_joining_without_its_token_is_refused(client):
    form = make.joining_form(client)
    del form["csrf_token"]
    assert client.post("/en/join", data=form).status_code == 400
    assert db.session.scalar(select(User)) is None


def test_more_fields_than_the_form_has_change_nothing(client):
    form = make.joining_form(
        client, active="", id="x", confirmed_at="2026-01-01", wish="x", roles="admin", lang="xx"
    )
    client.post("/en/join", data=form)
    member = make.member_row("ines@example.org")
    assert member.active
    assert member.confirmed_at is None
    assert (len(member.id), member.lang) == (22, "en")
