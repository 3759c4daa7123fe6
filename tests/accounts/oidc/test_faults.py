"""Everything that a false, careless or captured provider may send is refused alike (case 16)."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
import time_machine

from community.accounts.oidc import discovery
from community.core import clock
from tests.accounts.oidc import acts, faulty
from tests.accounts.oidc.faulty import signed
from tests.make import accounts as make

ENGLISH = {"Accept-Language": "en"}  # where no language is known, that of the browser
NEUTRAL = "Signing in there did not work. Nothing was changed."


def refused(client, answer, fault):
    """Back at the sign-in page, with one sentence for all; the register knows why."""
    assert (answer.status_code, answer.location) == (302, "/en/sign-in")
    assert NEUTRAL in client.get("/en/sign-in").text
    assert not acts.is_in(client)
    assert acts.faults() == [fault]
    assert client.get("/en/join/elsewhere").location == "/en/sign-in"


def claims(**changes):
    """An honest answer, but for this; None takes a claim out."""
    return lambda told: {k: v for k, v in {**told, **changes}.items() if v is not None}


def later(name, seconds):
    return lambda told: {**told, name: told[name] + seconds}


LIES = {
    "another issuer": (claims(iss="http://127.0.0.1:1"), "iss"),
    "the issuer with a slash": (lambda told: {**told, "iss": told["iss"] + "/"}, "iss"),
    "no issuer": (claims(iss=None), "iss"),
    "for another site": (claims(aud="somebody-else"), "aud"),
    "for another site too": (claims(aud=[faulty.CLIENT, "somebody-else"], azp=faulty.CLIENT), "aud"),
    "for nobody": (claims(aud=None), "aud"),
    "asked by another site": (claims(azp="somebody-else"), "azp"),
    "of another browser": (claims(nonce="of another browser"), "nonce"),
    "without nonce": (claims(nonce=None), "nonce"),
    "expired": (later("exp", -300 - 61), "exp"),
    "without end": (claims(exp=None), "exp"),
    "an end in words": (claims(exp="tomorrow"), "exp"),
    "made in the future": (later("iat", 90), "iat"),
    "made long ago": (later("iat", -700), "iat"),
    "without a time": (claims(iat=None), "iat"),
    "not valid yet": (lambda told: {**told, "nbf": told["iat"] + 120}, "nbf"),
    "without a subject": (claims(sub=None), "sub"),
    "an empty subject": (claims(sub=""), "sub"),
    "a subject that is no text": (claims(sub=7), "sub"),
    "an endless subject": (claims(sub="a" * 256), "sub"),
    "an address not verified": (claims(email="anna@example.org", email_verified=False), "email_verified"),
    "an address verified in words": (claims(email_verified="false"), "email_verified"),
    "for another access token": (claims(at_hash="AAAAAAAAAAAAAAAAAAAAAA"), "at_hash"),
}


@pytest.mark.parametrize("lie", LIES)
def test_a_claim_that_does_not_fit_is_refused(client, north, lie):
    acts.linked_account(north)
    north.claims, fault = LIES[lie]
    refused(client, acts.enter(client, north), fault)


ELSEWHERE = "http://127.0.0.1:9/keys"
FORGED = {
    "unsigned": (faulty.unsigned, "alg"),
    "signed with the public key as a secret": (faulty.with_public_key, "alg"),
    "by a key that the provider does not name": (lambda told: signed(told, {"kid": "unknown"}), "kid"),
    "by a key of somebody else": (lambda told: signed(told, key=faulty.FOREIGN), "signature"),
    "its key lies elsewhere": (lambda told: signed(told, {"jku": ELSEWHERE}, faulty.FOREIGN), "header"),
    "its certificate lies elsewhere": (lambda told: signed(told, {"x5u": ELSEWHERE}), "header"),
    "it brings its key along": (
        lambda told: signed(told, {"jwk": faulty.FOREIGN.as_dict(private=False)}, faulty.FOREIGN),
        "header",
    ),
    "a word was changed": (lambda told: signed(told)[:-6] + "AAAAAA", "signature"),
    "no token": (lambda told: "not a token", "id_token"),
    "an endless token": (lambda told: "a" * 20_000, "id_token"),
    "a key of another kind": (lambda told: signed(told, {"kid": "curve"}), "kid"),
}


@pytest.mark.parametrize("forgery", FORGED)
def test_a_token_that_the_provider_did_not_sign_is_refused(client, north, forgery):
    acts.linked_account(north)
    north.token, fault = FORGED[forgery]
    refused(client, acts.enter(client, north), fault)
    assert not [path for path in north.asked if path not in KNOWN_PLACES]


KNOWN_PLACES = ("/.well-known/openid-configuration", "/token", "/keys")


@pytest.mark.parametrize(
    ("changes", "fault"),
    [
        ({"state": None}, "state"),
        ({"state": "made up"}, "state"),
        ({"iss": None}, "iss"),
        ({"iss": "https://evil.example"}, "iss"),
        ({"code": None}, "code"),
        ({"code": "made up"}, "code"),
        ({"code": None, "error": "access_denied"}, "code"),
    ],
    ids=str,
)
def test_an_answer_that_does_not_fit_is_refused(client, north, changes, fault):
    acts.linked_account(north)
    refused(client, client.get(north.lets_in(acts.leave(client), **changes)), fault)


def test_an_answer_said_twice_is_refused(client, north):
    acts.linked_account(north)
    address = north.lets_in(acts.leave(client))
    code = parse_qs(urlsplit(address).query)["code"][0]
    refused(client, client.get(f"{address}&{urlencode({'code': code})}"), "code")


@pytest.mark.parametrize("says_who", [True, False])
def test_an_answer_in_two_names_is_refused(client, north, says_who):
    north.says_who = says_who
    acts.linked_account(north)
    both = urlencode([("iss", north.issuer), ("iss", "https://evil.example")])
    address = north.lets_in(acts.leave(client), iss=None)
    refused(client, client.get(f"{address}&{both}"), "iss")


def test_a_provider_that_does_not_name_itself_in_its_answers_need_not(client, north):
    north.says_who = False
    acts.linked_account(north)
    assert acts.enter(client, north).location == "/en/"


def test_an_answer_that_nobody_asked_for_is_refused(client, north):
    refused(client, client.get("/oidc/north/back?code=x&state=y", headers=ENGLISH), "state")


def test_the_answer_to_another_browser_is_refused(client, app, north):
    acts.linked_account(north)
    attacker = app.test_client()
    theirs = north.lets_in(acts.leave(attacker))
    acts.leave(client)
    refused(client, client.get(theirs), "state")


def test_the_same_answer_is_taken_once_also_with_a_copy_of_the_cookie(client, app, north):
    acts.linked_account(north)
    address = north.lets_in(acts.leave(client))
    copy = app.test_client()
    copy._cookies = dict(client._cookies or {})
    assert client.get(address).location == "/en/"
    assert acts.is_in(client)
    client.get(address)
    assert acts.faults() == ["state"]
    copy.get(address)
    assert acts.faults() == ["state", "replayed"]
    assert not acts.is_in(copy)
    assert [granted.taken for granted in north.codes.values()] == [1]


def test_two_providers_cannot_be_mixed_up(client, north, south):
    """The one sends an answer in the name of the other, whose code it wants."""
    acts.linked_account(south)
    theirs = north.lets_in(acts.leave(client, "north"))
    wrong_door = client.get(theirs.replace("/oidc/north/", "/oidc/south/"))
    assert wrong_door.location == "/en/sign-in"
    right_door = client.get(north.lets_in(acts.leave(client, "north"), iss=south.issuer))
    assert right_door.location == "/en/sign-in"
    assert acts.faults() == ["state", "iss"]
    assert not south.asked or "/token" not in south.asked
    assert not acts.is_in(client)


def test_the_same_subject_at_another_provider_is_somebody_else(client, north, south):
    acts.linked_account(north, "anna")
    assert acts.enter(client, south, "anna", "south").location == "/en/join/elsewhere"
    assert not acts.is_in(client)


def test_an_address_never_links_verified_or_reassigned(client, north):
    """The address of a member, verified, with another subject: its owner is somebody else now."""
    acts.linked_account(north, "anna", email="anna@example.org")
    north.claims = claims(email="anna@example.org", email_verified=True)
    assert acts.enter(client, north, "who has her address now").location == "/en/join/elsewhere"
    assert not acts.is_in(client)


def test_who_proves_again_must_be_the_same_person(client, north):
    account = acts.linked_account(north, "anna")
    acts.enter(client, north, "anna")
    answer = acts.enter(client, north, "a changed subject", purpose="again")
    assert answer.location == "/en/sign-in/again"
    assert acts.faults() == ["somebody else"]
    assert account.name in client.get("/en/names").text


def test_who_proves_again_must_have_signed_in_anew_over_there(client, north):
    acts.linked_account(north, "anna")
    acts.enter(client, north, "anna")
    north.claims = later("auth_time", -3600)
    acts.enter(client, north, "anna", purpose="again")
    assert acts.faults() == ["auth_time"]


def test_a_way_that_took_over_ten_minutes_is_refused(client, north):
    acts.linked_account(north)
    address = north.lets_in(acts.leave(client))
    with time_machine.travel(clock.now() + timedelta(minutes=11)):
        refused(client, client.get(address, headers=ENGLISH), "state")


def test_clocks_may_differ_by_a_minute(client, north):
    acts.linked_account(north)
    north.claims = later("iat", 50)
    assert acts.enter(client, north).location == "/en/"


@pytest.mark.parametrize(
    "document",
    [
        {"issuer": "http://127.0.0.1:1"},
        {"issuer": None},
        {"token_endpoint": "file:///etc/passwd"},
        {"token_endpoint": "http://user:word@127.0.0.1/token"},
        {"jwks_uri": None},
        {"authorization_endpoint": "javascript:alert(1)"},
        {"authorization_endpoint": "http://evil.example/\r\nX: y"},
    ],
    ids=str,
)
def test_a_description_that_does_not_fit_leads_nowhere(client, north, document):
    north.describes = lambda said: {**said, **document}
    assert client.get("/oidc/north?lang=en").location == "/en/sign-in"
    assert "cannot be reached" in client.get("/en/sign-in").text


def test_a_provider_that_is_down_locks_nobody_out(client, north):
    north.down = True
    assert client.get("/oidc/north?lang=fr").location == "/fr/sign-in"
    page = client.get("/fr/sign-in")
    assert "Hôpital north" in page.text
    before = len(north.asked)
    assert client.get("/oidc/north?lang=fr").location == "/fr/sign-in"
    assert len(north.asked) == before  # nobody else waits for it at once
    assert page.status_code == 200


def test_nothing_in_the_address_says_where_to_look_for_a_provider(client, north):
    for asked in ("https://evil.example", "evil.example", "north%2F..", "south%20"):
        assert client.get(f"/oidc/{asked}").status_code == 404
    leave = acts.leave(client, issuer="http://evil.example", iss="http://evil.example")
    assert leave.startswith(north.issuer + "/authorize?")


def test_a_new_key_of_the_provider_is_found_and_one_that_is_none_is_not_asked_for_twice(client, app, north):
    acts.linked_account(north)
    acts.enter(client, north)
    known = discovery._known[north.issuer]
    known.keys_read_at -= discovery.AGAIN_AFTER + 1
    fresh = faulty.RSAKey.generate_key(2048, {"kid": "second"})
    north.keys = [fresh.as_dict(private=False)]
    north.token = lambda told: signed(told, {"kid": "second"}, fresh)
    other = app.test_client()
    assert acts.enter(other, north).location == "/en/"
    north.token = lambda told: signed(told, {"kid": "third"})
    before = north.asked.count("/keys")
    for _attempt in range(3):
        acts.enter(app.test_client(), north)
    assert north.asked.count("/keys") == before


@pytest.mark.usefixtures("amid_the_hour")
def test_who_asks_too_often_is_slowed(tmp_path, north):
    with make.own_app(tmp_path, "slowed_elsewhere") as app:
        app.extensions["settings"] = replace(app.extensions["settings"], providers=(north.settings("north"),))
        client = app.test_client()
        codes = [client.get("/oidc/north/back?code=x&state=y").status_code for _ in range(61)]
        assert codes == [302] * 60 + [429]
