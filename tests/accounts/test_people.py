"""A persona's page, and the absence of any list of members."""

from __future__ import annotations

import pytest

from community.accounts.models import Persona
from community.accounts.permissions import may_see_persona, personas_seen_by
from community.core.db import db
from tests import cast


@pytest.fixture
def people(whole_cast):
    return whole_cast


def test_members_see_the_page_of_a_public_name_with_its_label(client, people):
    people["member"].signs_in(client)
    page = client.get(f"/en/people/{people['physician'].persona_id}")
    assert page.status_code == 200
    assert "Verified physician, Ontario, since" in page.text
    assert "noindex" in page.text
    french = client.get(f"/fr/people/{people['physician'].persona_id}").text
    assert "Titre vérifié\u00a0: médecine, Ontario, depuis" in french


def test_an_ended_title_says_until_when_it_was_verified(client, people):
    people["member"].signs_in(client)
    assert "Verified until" in client.get(f"/en/people/{people['expired'].persona_id}").text


@pytest.mark.parametrize("state", ["claimed", "pending", "refused"])
def test_a_title_that_was_not_verified_shows_nothing(client, people, state):
    people["claimed"].viewer  # noqa: B018 - the row exists
    credential = db.session.query(cast.Credential).filter_by(persona_id=people["claimed"].persona_id).one()
    credential.state, credential.since, credential.until = state, None, None
    db.session.commit()
    people["member"].signs_in(client)
    page = client.get(f"/en/people/{people['claimed'].persona_id}").text
    assert "ok-badge" not in page
    assert "gone-badge" not in page


def test_visitors_see_nobodys_page(client, people):
    absent = client.get("/en/people/" + "0" * 22)
    for name in ("physician", "member", "lived", "policy"):
        page = client.get(f"/en/people/{people[name].persona_id}")
        assert page.status_code == 404
        assert page.text.replace(people[name].persona_id or "", "") == absent.text.replace("0" * 22, "")


def test_a_protected_name_has_a_page_for_itself_alone(client, app, people):
    address = f"/en/people/{people['lived'].persona_id}"
    for name in ("member", "coordinator", "administrator", "moderator", "also_lived"):
        browser = app.test_client()
        people[name].signs_in(browser)
        assert browser.get(address).status_code == 404, name
    people["lived"].signs_in(client)
    page = client.get(address)
    assert page.status_code == 200
    assert people["also_lived"].name not in page.text


def test_a_former_member_has_no_page(client, people):
    db.session.get_one(Persona, people["policy"].persona_id).state = "former"
    db.session.commit()
    people["member"].signs_in(client)
    assert client.get(f"/en/people/{people['policy'].persona_id}").status_code == 404


def test_predicate_and_query_agree_for_the_whole_cast(people):
    rows = db.session.query(Persona).all()
    for name, someone in people.items():
        seen = set(db.session.scalars(personas_seen_by(someone.viewer)))
        assert seen == {row for row in rows if may_see_persona(someone.viewer, row)}, name


def test_there_is_no_list_of_members(client, people):
    people["administrator"].signs_in(client)
    for path in ("/en/people", "/en/people/", "/en/members", "/en/users"):
        assert client.get(path).status_code == 404


def test_nothing_on_a_page_ties_a_public_name_to_the_protected_one(client, people):
    people["member"].signs_in(client)
    page = client.get(f"/en/people/{people['also_lived'].persona_id}").text
    assert people["lived"].persona_id not in page
    assert people["lived"].member_id not in page
    assert people["lived"].name not in page
