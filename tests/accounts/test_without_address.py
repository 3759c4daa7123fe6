"""Joining without an address, and coming back without any mail."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from sqlalchemy import select

from community.accounts import proposals, vault
from community.accounts.members import Consent, RescueCode, User
from community.accounts.models import Persona
from community.core import clock
from community.core.db import db
from community.core.jobs import Job
from tests.make import accounts as make
from tests.worlds.dump import account_tables, dump, shared

JOIN = "/en/join/without-address"
NEW = "quiet lantern under snow"


def form(client, lang="en", **changes: Any) -> dict[str, Any]:
    page = client.get(f"/{lang}/join/without-address")
    found = re.search(r'name="proposed" type="radio" value="([^"]+)"', page.text)
    fields = {
        "csrf_token": make.csrf(page),
        "proposed": found and found.group(1),
        "password": make.PASSWORD,
        "groups": ["lived_experience"],
        "age": "y",
        "charter": "y",
        **changes,
    }
    return {name: value for name, value in fields.items() if value is not None}


def shown(page) -> dict[str, Any]:
    """What the page asks to write down, and the plan it carries."""
    codes = re.findall(r'<code translate="no">([^<]+)</code>', page.text)
    plan = re.search(r'name="plan" value="([^"]+)"', page.text)
    assert plan, page.text
    return {"name": codes[0], "codes": codes[1:9], "of_name": codes[9], "plan": plan.group(1), "page": page}


def write_down(client, at: dict[str, Any], **changes: Any):
    fields = {"csrf_token": make.csrf(at["page"]), "plan": at["plan"], "written": "y", **changes}
    return client.post(f"{JOIN}/written-down", data={k: v for k, v in fields.items() if v is not None})


def joined(client, lang="en", **changes: Any) -> dict[str, Any]:
    at = shown(client.post(f"/{lang}/join/without-address", data=form(client, lang, **changes)))
    assert write_down(client, at).status_code == 302
    return at


def come_back(client, name, code, password=NEW):
    address = "/en/password/rescue-code"
    return make.send(client, address, sign_in_name=name, code=code, password=password)


@pytest.mark.parametrize("lang", ["en", "fr"])
def test_a_person_joins_without_an_address_and_signs_in_by_the_name_they_were_given(client, lang):
    fields = form(client, lang)
    at = shown(client.post(f"/{lang}/join/without-address", data=fields))
    assert re.fullmatch(r"[a-z]+-[a-z]+-\d{4}", at["name"])
    assert len(set(at["codes"])) == 8
    assert at["page"].headers["Cache-Control"] == "no-store"
    assert db.session.scalar(select(User)) is None  # nothing is kept before it is written down
    assert write_down(client, at).location.endswith("/sign-in")
    assert make.sign_in(client, at["name"]).location == "/en/"
    assert fields["proposed"] in client.get("/en/names").text
    member = db.session.scalars(select(User)).one()
    assert (member.email, member.lang) == (None, lang)
    assert {row.purpose for row in db.session.scalars(select(Consent))} == {"age", "charter"}


def test_the_sign_in_name_is_typed_in_any_letters(client):
    at = joined(client)
    assert make.sign_in(client, f" {at['name'].replace('-', ' ').upper()} ").status_code == 302


def test_the_sign_in_name_is_shown_nowhere_and_ties_nothing_together(client, amid_the_hour):
    at = joined(client)
    make.sign_in(client, at["name"])
    for page in ("/en/", "/en/menu", "/en/names", "/en/names/all", "/en/consents", "/en/rescue-codes"):
        assert at["name"] not in client.get(page).text
    persona = db.session.scalars(select(Persona)).one()
    assert not proposals.is_proposed(at["name"])
    assert not set(at["name"].split("-")) & {proposals.as_kept(word) for word in persona.name.split("-")}
    connection = db.session.connection()
    assert shared(dump(connection), account_tables(connection)) == []


def test_no_code_stands_in_the_database_and_the_one_of_the_name_is_kept(client):
    at = joined(client)
    kept = str(dump(db.session.connection()))
    assert not [code for code in (*at["codes"], at["of_name"]) if code in kept]
    persona = db.session.scalars(select(Persona)).one()
    assert persona.recovery_hash
    assert vault.member_of(persona.id)


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"proposed": "Ines-From-Sudbury"}, "Choose one of the names that the site proposes"),
        ({"proposed": None}, "2 to 60 characters"),
        ({"password": ""}, "at least 10 characters"),
        ({"password": "Password2024!"}, "among the first"),
        ({"password": "long words " * 200}, "at most 1,000"),
        ({"groups": ["physician"]}, "groups from the list"),
        ({"region": "atlantis"}, "region from the list"),
        ({"age": None}, "14 or older"),
        ({"charter": None}, "Read the charter"),
    ],
)
def test_what_cannot_be_taken_is_said_and_nothing_is_kept(client, changes, sentence):
    answer = client.post(JOIN, data=form(client, **changes))
    assert answer.status_code == 422
    assert sentence in answer.text
    assert make.PASSWORD not in answer.text
    assert "<code translate" not in answer.text
    assert db.session.scalar(select(User)) is None


def test_without_having_written_it_down_there_is_no_account_and_the_codes_stay_in_sight(client):
    at = shown(client.post(JOIN, data=form(client)))
    answer = write_down(client, at, written=None)
    assert answer.status_code == 422
    assert shown(answer)["codes"] == at["codes"]
    assert db.session.scalar(select(User)) is None


def test_sent_twice_it_is_one_account(client):
    at = joined(client)
    assert write_down(client, at).status_code == 302
    assert len(db.session.scalars(select(User)).all()) == len(db.session.scalars(select(Persona)).all()) == 1


@pytest.mark.parametrize("plan", ["", "made up", "é", "QUFB" * 30])
def test_a_plan_that_this_site_did_not_make_makes_nothing(client, plan):
    at = shown(client.post(JOIN, data=form(client)))
    assert write_down(client, at, plan=plan).location == JOIN
    assert db.session.scalar(select(User)) is None


def test_a_page_left_open_for_over_an_hour_makes_nothing(client):
    at = shown(client.post(JOIN, data=form(client)))
    with time_machine.travel(clock.now() + timedelta(minutes=61)):
        assert write_down(client, at).location == JOIN
    assert db.session.scalar(select(User)) is None


def test_a_name_taken_meanwhile_leaves_no_account(client, app):
    fields = form(client)
    at, other = (shown(client.post(JOIN, data=fields)) for _ in range(2))
    assert write_down(client, at).location == "/en/sign-in"
    assert write_down(client, other).location == JOIN
    assert "Another member" in client.get(JOIN).text
    assert len(db.session.scalars(select(User)).all()) == 1
    assert client.post(JOIN, data={**form(client), "proposed": fields["proposed"]}).status_code == 422


def test_a_code_sets_a_new_password_once_and_ends_every_session(client, app):
    at = joined(client)
    elsewhere = app.test_client()
    make.sign_in(elsewhere, at["name"])
    assert come_back(client, at["name"], at["codes"][3].lower().replace("-", " ")).location == "/en/sign-in"
    assert elsewhere.get("/en/names").status_code == 302
    assert make.sign_in(client, at["name"]).status_code == 422
    assert make.sign_in(client, at["name"], NEW).status_code == 302
    page = client.get("/en/rescue-codes").text
    assert "7 codes left" in page
    assert "changed no other way in" in page  # whoever knew a code may have left another way behind
    assert come_back(app.test_client(), at["name"], at["codes"][3]).status_code == 422


def test_an_unknown_name_a_wrong_code_anothers_code_and_a_used_one_are_answered_alike(client):
    at, other = joined(client), joined(client)
    come_back(client, at["name"], at["codes"][0])
    pages = set()
    for name, code in [
        ("alder-heron-4821", at["codes"][1]),
        (at["name"], "AAAAA-BBBBB-CCCCC-DDDDD"),
        (at["name"], other["codes"][0]),
        (at["name"], at["codes"][0]),
        (at["name"], at["of_name"]),
    ]:
        page = come_back(client, name, code)
        text = page.text.replace(name, "").replace(code, "")
        pages.add((page.status_code, re.sub(r'name="(csrf_token|idem)" value="[^"]*"', "", text)))
    assert len(pages) == 1
    assert "do not go together" in pages.pop()[1]


def test_a_bad_new_password_uses_up_no_code(client):
    at = joined(client)
    for bad in ("", "short", "Password2024!", at["name"]):
        assert come_back(client, at["name"], at["codes"][0], bad).status_code == 422
    assert len(db.session.scalars(select(RescueCode)).all()) == 8


def test_new_codes_take_the_place_of_the_old_ones(client, app):
    at = joined(client)
    make.sign_in(client, at["name"])
    page = make.send(client, "/en/rescue-codes", form="/en/rescue-codes")
    codes = re.findall(r'<code translate="no">([^<]+)</code>', page.text)
    assert len(codes) == 8
    assert codes[0] not in client.get("/en/rescue-codes").text
    stranger = app.test_client()
    assert come_back(stranger, at["name"], at["codes"][0]).status_code == 422
    assert come_back(stranger, at["name"], codes[7]).status_code == 302


def test_somebody_without_any_code_left_is_told_at_sign_in(client):
    at = joined(client)
    db.session.query(RescueCode).delete()
    db.session.commit()
    make.sign_in(client, at["name"])
    assert "You have no rescue codes left" in client.get("/en/").text


def test_who_gave_no_address_is_not_asked_about_mail(client):
    make.sign_in(client, joined(client)["name"])
    page = client.get("/en/consents").text
    assert "may serve research" in page
    assert "Write to me when" not in page


def test_no_mail_is_ever_attempted_for_an_account_without_an_address(client):
    at = joined(client)
    make.sign_in(client, at["name"])
    make.send(client, "/en/password/change", password=make.PASSWORD, new_password=NEW)
    make.send(client, "/en/sign-out")
    make.send(client, "/en/password/forgotten", email=at["name"])
    come_back(client, at["name"], at["codes"][0], "another lantern in the rain")
    names = set(db.session.scalars(select(Job.name)))
    assert "core.send_mail" not in names
    assert make.post_box() == []


@pytest.mark.usefixtures("amid_the_hour")
def test_who_guesses_is_slowed(tmp_path):
    with make.own_app(tmp_path, "slowed_codes") as app:
        client = app.test_client()
        answers = [come_back(client, "alder-heron-4821", "AAAAA-BBBBB-CCCCC-DDDDD") for _ in range(11)]
        assert [answer.status_code for answer in answers] == [422] * 10 + [429]
        fields = {**form(client), "age": None}
        del fields["age"]
        assert [client.post(JOIN, data=fields).status_code for _ in range(41)][-2:] == [422, 429]
