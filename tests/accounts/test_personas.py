"""The names a member writes under."""

from __future__ import annotations

import re

import pytest
from sqlalchemy import select

from community.accounts import vault
from community.accounts.models import Credential, Duty, Persona, PersonaGroup
from community.accounts.services import credentials, personas
from community.accounts.services.personas import Wish
from community.core.db import db, transaction
from community.core.errors import Conflict, Invalid, NotAllowed
from tests import cast
from tests.make import accounts as make


def protected(member_id, name=None, groups=("lived_experience",)):
    wish = Wish("protected", name or personas.free_proposals("en", 1)[0], groups, None, "en")
    with transaction():
        return personas.make(member_id, wish)


def stale(client):
    """The password was typed long ago."""
    with client.session_transaction() as cookie:
        cookie["fs_paa"] = 1.0
        cookie.pop("fs_gexp", None)


def test_other_names_are_not_listed_before_the_password_is_typed_again(client):
    someone = make.account("robin@example.org")
    other, _ = protected(someone.member_id)
    make.sign_in(client, "robin@example.org")
    stale(client)
    for page in ("/en/names", "/en/menu", "/en/", "/en/consents", "/en/names/about"):
        assert other.name not in client.get(page).text
    asked = client.get("/en/names/all")
    assert asked.location == "/en/sign-in/again?next=/en/names/all"
    page = client.get(asked.location)
    again = client.post(asked.location, data={"csrf_token": make.csrf(page), "password": make.PASSWORD})
    assert again.location == "/en/names/all"
    assert other.name in client.get("/en/names/all").text


def test_a_wrong_password_lists_nothing(client):
    make.account("robin@example.org")
    make.sign_in(client, "robin@example.org")
    stale(client)
    assert make.send(client, "/en/sign-in/again", password="not mine at all").status_code == 422
    assert client.get("/en/names/all").status_code == 302


def test_changing_name_asks_for_the_password_and_renews_the_session(client):
    someone = make.account("robin@example.org")
    other, _ = protected(someone.member_id)
    make.sign_in(client, "robin@example.org")
    stale(client)
    token = make.csrf(client.get("/en/sign-out"))
    refused = client.post("/en/names/speak", data={"csrf_token": token, "persona": other.id})
    assert refused.location == "/en/sign-in/again"
    assert "Robin Brook" in client.get("/en/names").text
    make.send(client, "/en/sign-in/again", password=make.PASSWORD)
    with client.session_transaction() as cookie:
        before = cookie["sid"]
    make.send(client, "/en/names/speak", form="/en/names/all", persona=other.id)
    assert other.name in client.get("/en/names").text
    with client.session_transaction() as cookie:
        assert cookie["sid"] != before


def test_nobody_speaks_under_anothers_name(client):
    make.account("robin@example.org")
    other = make.account("lea@example.org", "Lea Orme")
    make.sign_in(client, "robin@example.org")
    for act in ("speak", "code", "leave"):
        answer = make.send(
            client, f"/en/names/{act}", form="/en/names/all", persona=other.persona_id, sure="yes"
        )
        assert answer.status_code in {403, 404}
    assert "Robin Brook" in client.get("/en/names").text
    with pytest.raises(NotAllowed):
        personas.leave(other.member_id[::-1], other.persona_id)


def found(pattern, page):
    match = re.search(pattern, page)
    assert match, page[:2000]
    return match.group(1)


def test_a_protected_name_is_made_with_a_code_that_is_shown_once(client):
    someone = make.account("robin@example.org")
    make.sign_in(client, "robin@example.org")
    page = client.get("/en/names/new")
    name = found(r'name="proposed" type="radio" value="([^"]+)"', page.text)
    fields = {"csrf_token": make.csrf(page), "idem": "the same form", "kind": "protected"}
    fields |= {"proposed": name, "groups": "lived_experience", "region": ""}
    made = client.post("/en/names/new", data=fields)
    code = found(r"<code>([A-Z0-9-]{23})</code>", made.text)
    persona = db.session.scalars(select(Persona).where(Persona.name == name)).one()
    assert persona.recovery_hash == personas.code_hash(code)
    assert code not in client.get("/en/names/all").text
    again = client.post("/en/names/new", data=fields)  # a double click makes one
    assert again.location == "/en/names/all"
    assert len(personas.names_of(someone.member_id)) == 2


def test_a_member_has_one_public_name_and_sixteen_at_most(app):
    someone = make.account("robin@example.org")
    with pytest.raises(Conflict):
        personas.make(someone.member_id, Wish("public", "Second Name", (), None, "en"))
    for _ in range(15):
        protected(someone.member_id)
    with pytest.raises(Conflict):
        protected(someone.member_id)
    assert len(vault.personas_of(someone.member_id)) == 16


def test_two_names_that_look_alike_cannot_both_be_active(app):
    make.account("robin@example.org", "Mia Rose")
    other = make.account("lea@example.org", "Lea Orme")
    with transaction():
        personas.leave(other.member_id, other.persona_id)
        with pytest.raises(Invalid):
            personas.make(other.member_id, Wish("public", "Mla R0se", (), None, "en"))


def test_lived_experience_does_not_stand_beside_a_profession_on_one_name(client):
    someone = make.account("robin@example.org")
    make.sign_in(client, "robin@example.org")
    answer = make.send(client, "/en/names/about", groups=["nurse", "family"], region="on")
    assert answer.status_code == 422
    assert "cannot stand beside" in answer.text
    assert (
        make.send(client, "/en/names/about", groups=["nurse", "researcher"], region="on").status_code == 302
    )
    assert someone.viewer.groups == {"nurse", "researcher"}
    assert someone.viewer.region == "on"


def test_nor_beside_a_title_whatever_group_is_ticked(app, client):
    """Ticking another group let a verified nurse read what people wrote among themselves."""
    someone = make.account("robin@example.org")
    held = cast.title(someone, "nurse").id
    db.session.commit()
    make.sign_in(client, "robin@example.org")
    answer = make.send(client, "/en/names/about", groups=["lived_experience"], region="on")
    assert answer.status_code == 422
    assert "cannot stand beside" in answer.text
    with transaction():  # as it may stand in a community from before
        db.session.get_one(Persona, someone.persona_id).groups = [PersonaGroup(group="lived_experience")]
    assert "group:lived_experience" not in someone.viewer.audiences
    for state, admits in (("claimed", False), ("lapsed", True)):
        with transaction():
            db.session.get_one(Credential, held).state = state
        assert ("group:lived_experience" in someone.viewer.audiences) is admits
    with pytest.raises(Invalid), transaction():
        credentials.claim(someone.viewer, "pharmacist", "on", "12345")


def test_a_name_left_behind_is_a_former_member_with_nothing_left_of_it(client):
    someone = make.account("robin@example.org")
    cast.title(someone, "nurse")
    cast.duty(someone, "coordinator")
    db.session.commit()
    make.sign_in(client, "robin@example.org")
    asked = make.send(client, "/en/names/leave", form="/en/names/all", persona=someone.persona_id)
    assert "There is no way back" in asked.text
    left = make.send(client, "/en/names/leave", form="/en/names/all", persona=someone.persona_id, sure="yes")
    assert left.status_code == 302
    persona = db.session.get_one(Persona, someone.persona_id)
    assert (persona.state, persona.name, persona.skeleton, persona.region) == ("former", "", None, None)
    assert vault.member_of(someone.persona_id) is None
    assert db.session.scalar(select(Credential)) is None
    assert db.session.scalar(select(Duty)) is None
    assert client.get("/en/names").location == "/en/names/new"


def test_the_last_administrator_cannot_leave_their_name(app):
    someone = make.account("robin@example.org")
    cast.duty(someone, "administrator")
    with pytest.raises(Conflict):
        personas.leave(someone.member_id, someone.persona_id)


def test_a_month_is_all_that_is_kept_of_when_a_name_was_made(app):
    someone = make.account("robin@example.org")
    assert db.session.get_one(Persona, someone.persona_id).made_on.day == 1
