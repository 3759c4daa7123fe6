"""Signing in through a provider: joining, coming back, linking, removing, proving again."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
import time_machine
from sqlalchemy import select

from community.accounts import vault
from community.accounts.members import Consent, Passkey, RescueCode, SignIn, User
from community.accounts.models import Persona
from community.accounts.oidc import issuers_of, links
from community.accounts.oidc.models import LinkedSignIn
from community.accounts.oidc.subjects import subject_hash
from community.core import archives, clock
from community.core.db import db
from tests.accounts.oidc import acts
from tests.bad_input.test_redirects import ELSEWHERE, leads_away
from tests.make import accounts as make
from tests.make import factors
from tests.worlds.dump import account_tables, dump, shared

AGES = timedelta(minutes=11)  # longer than a password just typed counts


@pytest.mark.parametrize(("lang", "says"), [("en", "Hospital north"), ("fr", "Hôpital north")])
def test_the_sign_in_page_offers_each_provider_and_says_what_each_side_learns(client, north, lang, says):
    page = client.get(f"/{lang}/sign-in?next=/{lang}/spaces").text
    assert says in page
    leaving = client.get(acts.found(rf'href="(/{lang}/sign-in/elsewhere/north[^"]*)"', page))
    assert leaving.status_code == 200
    assert says in leaving.text
    assert "shared=yes" in leaving.text
    assert f"next=%2F{lang}%2Fspaces" in leaving.text or f"next=/{lang}/spaces" in leaving.text


def test_without_providers_nothing_speaks_of_them(client):
    assert "elsewhere" not in client.get("/en/sign-in").text
    assert client.get("/en/sign-in/elsewhere/north").status_code == 404
    assert client.get("/oidc/north").status_code == 404
    assert client.get("/oidc/north/back").status_code == 404


def test_what_is_asked_of_a_provider_is_who_it_is_and_no_more(client, north):
    asked = acts.leave(client)
    assert asked.startswith(f"{north.issuer}/authorize?")
    for part in ("scope=openid&", "response_type=code", "code_challenge_method=S256", "nonce=", "state="):
        assert part in asked + "&"
    assert "email" not in asked
    assert "profile" not in asked


def test_a_member_comes_in_where_they_wanted_to_go(client, north):
    account = acts.linked_account(north)
    assert acts.enter(client, north, next="/en/spaces").location == "/en/spaces"
    assert account.name in client.get("/en/names").text


def test_nobody_is_led_to_another_site_afterwards(client, app, north):
    acts.linked_account(north)
    for elsewhere in (*ELSEWHERE, "/oidc/north", "/static/build/site.css"):
        browser = app.test_client()
        assert not leads_away(acts.enter(browser, north, next=elsewhere).location)
        for name in ("next", "return_to", "redirect_uri", "RelayState"):
            page = client.get("/en/sign-in/elsewhere/north", query_string={name: elsewhere})
            assert not leads_away(acts.found(r'class="btn go" href="([^"]+)"', page.text))
            away = client.get("/oidc/north", query_string={name: elsewhere}).location
            assert away.startswith(f"{north.issuer}/authorize?")
            assert "evil.example" not in away


def test_the_session_is_a_new_one_and_nothing_of_the_way_stays(client, north):
    acts.linked_account(north)
    acts.leave(client)
    with client.session_transaction() as cookie:
        cookie["planted"] = "by somebody else"
    acts.enter(client, north)
    with client.session_transaction() as cookie:
        assert not {"oidc", "oidc_new", "planted"} & set(cookie)
        assert cookie.permanent
    assert len(db.session.scalars(select(SignIn)).all()) == 1


def test_on_a_shared_device_the_session_ends_with_the_browser(client, north):
    acts.linked_account(north)
    acts.enter(client, north, shared="yes")
    with client.session_transaction() as cookie:
        assert not cookie.permanent


def test_who_is_new_joins_with_the_charter_and_a_way_back_on_paper(client, north):
    assert acts.enter(client, north).location == "/en/join/elsewhere"
    assert db.session.scalar(select(User)) is None
    page = acts.join(client)
    assert page.status_code == 200
    assert page.headers["Cache-Control"] == "no-store"
    assert db.session.scalar(select(User)) is None
    assert acts.write_down(client, page).location == "/en/sign-in"
    member = db.session.scalars(select(User)).one()
    assert (member.email, member.password) == (None, None)
    assert {row.purpose for row in db.session.scalars(select(Consent))} == {"age", "charter"}
    assert len(db.session.scalars(select(RescueCode)).all()) == 8
    assert acts.enter(client, north).location == "/en/"
    assert "Ines Calder" in client.get("/en/names").text


def test_the_codes_on_paper_open_the_account_when_the_provider_is_gone(client, north):
    acts.enter(client, north)
    page = acts.join(client)
    codes = re.findall(r'<code translate="no">([^<]+)</code>', page.text)
    acts.write_down(client, page)
    north.down = True
    new = "quiet lantern under snow"
    sent = {"sign_in_name": codes[0], "code": codes[1], "password": new}
    assert make.send(client, "/en/password/rescue-code", **sent).location == "/en/sign-in"
    assert make.sign_in(client, codes[0], new).location == "/en/"


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"charter": None}, "Read the charter"),
        ({"age": None}, "14 or older"),
        ({"kind": None}, "Choose how"),
        ({"name": "Dr Ines Calder"}, "Leave the title out"),
        ({"kind": "protected", "proposed": "Ines-From-Sudbury"}, "names that the site proposes"),
        ({"groups": ["lived_experience", "physician"]}, "cannot stand beside"),
    ],
    ids=str,
)
def test_what_cannot_be_taken_is_said_and_nothing_is_kept(client, north, changes, sentence):
    acts.enter(client, north)
    answer = acts.join(client, **changes)
    assert answer.status_code == 422
    assert sentence in answer.text
    assert db.session.scalar(select(User)) is None


def test_sent_twice_it_is_one_account_and_one_provider_opens_one_account(client, app, north):
    other = app.test_client()
    for browser in (client, other):
        acts.enter(browser, north)
    first, second = acts.join(client), acts.join(other, name="Somebody Else")
    assert acts.write_down(client, first).location == "/en/sign-in"
    assert acts.write_down(client, first).location == "/en/sign-in"
    assert acts.write_down(other, second).location == "/en/join/without-address"
    assert len(db.session.scalars(select(User)).all()) == 1
    assert len(db.session.scalars(select(Persona)).all()) == 1


def test_who_did_not_come_from_a_provider_cannot_join_that_way(client, north):
    assert client.get("/en/join/elsewhere").location == "/en/sign-in"
    acts.enter(client, north)
    with time_machine.travel(clock.now() + timedelta(minutes=80)):
        assert client.get("/en/join/elsewhere").location == "/en/sign-in"


def test_nothing_of_what_the_provider_says_is_kept(client, north):
    north.claims = lambda told: {**told, "name": "Anna Unforgettable", "email": "anna@hospital.example"}
    acts.enter(client, north, "the-subject-of-anna")
    acts.write_down(client, acts.join(client))
    acts.enter(client, north, "the-subject-of-anna")
    kept = str(dump(db.session.connection()))
    for word in ("Unforgettable", "anna@hospital", "the-subject-of-anna"):
        assert word not in kept
    assert subject_hash(north.issuer, "the-subject-of-anna").hex() not in kept


def test_a_linked_sign_in_is_on_the_side_of_the_account_and_ties_nothing(client, north, amid_the_hour):
    acts.enter(client, north)
    acts.write_down(
        client, acts.join(client, kind="protected", proposed=_proposed(client), groups=["public"])
    )
    acts.enter(client, north)
    connection = db.session.connection()
    accounts = account_tables(connection)
    assert "linked_sign_in" in accounts
    assert shared(dump(connection), accounts) == []


def _proposed(client):
    page = client.get("/en/join/elsewhere").text
    return acts.found(r'name="proposed" type="radio" value="([^"]+)"', page)


def add(client, key="north"):
    """Press the button that adds a provider, and leave by the link of the page that answers."""
    page = make.send(client, f"/en/linked-sign-ins/add/{key}", form="/en/linked-sign-ins")
    return str(client.get(acts.found(rf'class="btn go" href="(/oidc/{key}[^"]+)"', page.text)).location)


def test_a_member_links_a_provider_after_a_fresh_sign_in_and_is_told_by_mail(client, app, north):
    account = make.account("robin@example.org")
    make.sign_in(client, "robin@example.org")
    make.post_box()
    assert client.get(north.lets_in(add(client))).location == "/en/linked-sign-ins"
    page = client.get("/en/linked-sign-ins").text
    assert "Hospital north" in page
    assert "From now on you can sign in with Hospital north" in page
    letters = [letter.body for letter in make.post_box()]
    assert any("sign-in through another provider was added" in body for body in letters)
    other = app.test_client()
    assert acts.enter(other, north).location == "/en/"
    assert account.name in other.get("/en/names").text


def test_without_a_fresh_sign_in_nothing_is_linked(client, north):
    make.account("robin@example.org")
    make.sign_in(client, "robin@example.org")
    away = add(client)
    with time_machine.travel(clock.now() + AGES):
        assert "/sign-in/again" in client.get("/en/linked-sign-ins").location
        assert client.get("/oidc/north?purpose=link").location.endswith("/")
    with client.session_transaction() as cookie:
        cookie["fs_paa"] = 0
    assert client.get(north.lets_in(away)).location == "/en/linked-sign-ins"
    assert acts.faults() == ["session"]
    assert db.session.scalar(select(LinkedSignIn)) is None


def test_nobody_is_sent_to_link_by_an_address_that_another_site_made(client, north):
    make.account("robin@example.org")
    make.sign_in(client, "robin@example.org")
    # Another site has signed this browser in over there as somebody else, and leads it here.
    assert client.get("/oidc/north?lang=en&purpose=link").location == "/en/"
    away = add(client)
    assert client.get("/oidc/north?lang=en&purpose=link").location == "/en/"  # the button counts once
    assert client.get(north.lets_in(away)).location == "/en/linked-sign-ins"
    assert db.session.scalar(select(LinkedSignIn)) is not None


def test_the_button_that_adds_a_provider_counts_for_ten_minutes_and_for_that_provider(client, north, south):
    make.account("robin@example.org")
    make.sign_in(client, "robin@example.org")
    make.send(client, "/en/linked-sign-ins/add/north", form="/en/linked-sign-ins")
    assert client.get("/oidc/south?lang=en&purpose=link").location == "/en/"
    make.send(client, "/en/linked-sign-ins/add/north", form="/en/linked-sign-ins")
    with client.session_transaction() as cookie:
        cookie["fs_paa"] += 660  # still fresh: only the button is old
    with time_machine.travel(clock.now() + AGES):
        assert client.get("/oidc/north?lang=en&purpose=link").location == "/en/"


def test_a_visitor_links_and_proves_nothing(client, north):
    for purpose in ("link", "again", "made up"):
        assert client.get(f"/oidc/north?lang=en&purpose={purpose}").location == "/en/"


def test_what_opens_one_account_is_not_linked_to_another(client, north):
    acts.linked_account(north)
    make.account("robin@example.org", "Other Brook")
    make.sign_in(client, "robin@example.org")
    client.get(north.lets_in(add(client)))
    assert acts.faults() == ["linked elsewhere"]
    assert len(db.session.scalars(select(LinkedSignIn)).all()) == 1


def test_who_is_signed_in_is_not_signed_in_as_somebody_else(client, app, north):
    acts.linked_account(north)
    away = acts.leave(client)
    make.account("robin@example.org", "Other Brook")
    make.sign_in(client, "robin@example.org")
    assert client.get("/oidc/north?lang=en").location == "/en/"
    assert client.get(north.lets_in(away)).status_code == 302
    assert "Other Brook" in client.get("/en/names").text


def test_a_linked_sign_in_can_be_removed_while_a_way_in_remains(client, app, north):
    account = acts.linked_account(north)
    make.sign_in(client, "anna@example.org")
    row = links.of_member(account.member_id)[0]
    address = f"/en/linked-sign-ins/{row.id}/remove"
    assert make.send(client, address, form="/en/linked-sign-ins").location == "/en/linked-sign-ins"
    assert acts.enter(app.test_client(), north).location == "/en/join/elsewhere"


def test_whoever_came_in_by_a_provider_is_out_when_its_link_is_removed(client, app, north):
    account = acts.linked_account(north)
    other = app.test_client()
    acts.enter(other, north)
    make.sign_in(client, "anna@example.org")
    row = links.of_member(account.member_id)[0]
    make.send(client, f"/en/linked-sign-ins/{row.id}/remove", form="/en/linked-sign-ins")
    assert not acts.is_in(other)
    assert acts.is_in(client)


def test_the_only_way_in_stays(client, north):
    acts.enter(client, north)
    acts.write_down(client, acts.join(client))
    acts.enter(client, north)
    page = client.get("/en/linked-sign-ins")
    assert "only way into your account" in page.text
    row = db.session.scalars(select(LinkedSignIn)).one()
    sent = {"csrf_token": make.csrf(client.get("/en/sign-out"))}
    client.post(f"/en/linked-sign-ins/{row.id}/remove", data=sent)
    assert db.session.scalar(select(LinkedSignIn)) is not None


def test_the_last_of_a_passkey_and_a_provider_stays_whichever_goes_first(client, north):
    acts.enter(client, north)
    acts.write_down(client, acts.join(client))
    acts.enter(client, north)
    assert factors.add_passkey(client, factors.Device()).status_code == 302
    row = db.session.scalars(select(LinkedSignIn)).one()
    make.send(client, f"/en/linked-sign-ins/{row.id}/remove", form="/en/linked-sign-ins")
    assert db.session.scalar(select(LinkedSignIn)) is None
    key = db.session.scalars(select(Passkey.id)).one()
    make.send(client, "/en/security/passkeys/remove", form="/en/security", key=key)
    assert "only way into your account" in client.get("/en/security").text
    assert db.session.scalars(select(Passkey.id)).one() == key


def test_nobody_removes_anothers(client, north):
    account = acts.linked_account(north)
    make.account("robin@example.org", "Other Brook")
    make.sign_in(client, "robin@example.org")
    row = links.of_member(account.member_id)[0]
    sent = {"csrf_token": make.csrf(client.get("/en/sign-out"))}
    assert client.post(f"/en/linked-sign-ins/{row.id}/remove", data=sent).status_code == 404


def test_who_has_no_password_proves_again_at_the_provider(client, north):
    acts.enter(client, north)
    acts.write_down(client, acts.join(client))
    acts.enter(client, north)
    with client.session_transaction() as cookie:
        cookie["fs_paa"] = 0
    again = client.get("/en/names/all").location
    page = client.get(again).text
    assert 'type="password"' not in page
    assert "Show once more that it is you" in page
    away = client.get(acts.found(r'href="(/oidc/north\?[^"]+)"', page)).location
    assert "prompt=login" in away
    assert "max_age=0" in away
    assert client.get(north.lets_in(away)).location == "/en/names/all"
    assert client.get("/en/names/all").status_code == 200


def test_no_password_opens_an_account_that_has_none(client, north):
    acts.enter(client, north)
    page = acts.join(client)
    name = re.findall(r'<code translate="no">([^<]+)</code>', page.text)[0]
    acts.write_down(client, page)
    for typed in ("", "a password that is none", "None"):
        assert make.sign_in(client, name, typed).status_code == 422


def test_a_first_password_is_set_after_a_fresh_sign_in_and_then_the_link_may_go(client, north):
    acts.enter(client, north)
    page = acts.join(client)
    name = re.findall(r'<code translate="no">([^<]+)</code>', page.text)[0]
    acts.write_down(client, page)
    acts.enter(client, north)
    with client.session_transaction() as cookie:
        fresh, cookie["fs_paa"] = cookie["fs_paa"], 0
    assert "/sign-in/again" in client.get("/en/password/change").location
    with client.session_transaction() as cookie:
        cookie["fs_paa"] = fresh
    new = "quiet lantern under snow"
    assert make.send(client, "/en/password/change", new_password="short").status_code == 422
    assert make.send(client, "/en/password/change", new_password=new).status_code == 302
    assert make.send(client, "/en/password/change", new_password=new + "!").status_code == 422
    row = db.session.scalars(select(LinkedSignIn)).one()
    make.send(client, f"/en/linked-sign-ins/{row.id}/remove", form="/en/linked-sign-ins")
    assert db.session.scalar(select(LinkedSignIn)) is None
    make.send(client, "/en/sign-out")
    assert make.sign_in(client, name, new).location == "/en/"


def test_a_closed_account_is_not_opened(client, north):
    account = acts.linked_account(north)
    db.session.get_one(User, account.member_id).active = False
    db.session.commit()
    assert acts.enter(client, north).location == "/en/sign-in"
    assert acts.faults() == ["closed"]


def test_only_a_provider_that_vouches_vouches(providers):
    north, south = providers
    account = acts.linked_account(north)
    links.link(account.member_id, south.issuer, subject_hash(south.issuer, "anna"))
    assert issuers_of(account.member_id) == {north.issuer}
    assert issuers_of("nobody") == frozenset()


def test_the_archive_of_an_account_names_its_providers(north):
    account = acts.linked_account(north)
    rows = archives.of_account(account.member_id)["linked_sign_ins"]["linked_sign_ins"]
    assert [row["issuer"] for row in rows] == [north.issuer]


def test_an_emptied_account_leaves_no_link(north):
    account = acts.linked_account(north)
    vault.unlink(account.member_id, account.persona_id)
    db.session.delete(db.session.get_one(User, account.member_id))
    db.session.flush()
    assert db.session.scalar(select(LinkedSignIn)) is None
