"""A passkey in a real browser, whose device is one that the browser plays."""

from __future__ import annotations

from dataclasses import fields

import pytest
from playwright.sync_api import CDPSession, expect

from tests.journeys.acts import comes_in
from tests.journeys.person import Device, Person
from tests.journeys.site import Site

pytestmark = pytest.mark.timeout(180)
PHONE = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


class ByName(Site):
    """The same site under a name: a passkey is made for a name, never for a number."""

    @property
    def address(self) -> str:
        """Where it is."""
        return f"http://localhost:{self.port}"


def by_name(site: Site) -> Site:
    return ByName(**{part.name: getattr(site, part.name) for part in fields(Site)})


def holds_a_device(person: Person) -> tuple[CDPSession, str]:
    """Give this browser a device that makes passkeys, unlocked by its owner."""
    person.changed = True
    wire = person.page.context.new_cdp_session(person.page)
    wire.send("WebAuthn.enable")
    return wire, wire.send("WebAuthn.addVirtualAuthenticator", {"options": PHONE})["authenticatorId"]


def passkey_form(person: Person):
    return person.page.locator("form[data-passkey=use]")


@pytest.mark.parametrize(("lang", "device"), [("fr", Device(390))], ids=str)
def test_a_passkey_is_made_and_opens_the_account_alone(demonstration, sit_down, lang, device):
    person = sit_down(by_name(demonstration), lang, device)
    wire, held = holds_a_device(person)
    comes_in(person, "noemie-lavigne")
    person.go("/security")
    person.follow("Add a passkey")
    expect(person.page.locator("[data-without-passkey]")).to_be_hidden()
    person.send("Make a passkey")
    assert person.page.locator("[name=label][aria-invalid=true]").count() == 1
    person.fill("What you call it", "Mon téléphone")
    person.send("Make a passkey")
    person.reads("The passkey is kept. You can sign in with it alone.")
    person.go("/security")
    person.sees("Mon téléphone")
    person.go("/sign-out")
    person.send("Sign out", person.page.locator("main"))
    person.go("/sign-in")
    person.send("Use a passkey", passkey_form(person))
    person.go("/security")
    person.sees("Mon téléphone")
    assert wire.send("WebAuthn.getCredentials", {"authenticatorId": held})["credentials"][0]["signCount"] > 0


def test_a_device_that_says_no_is_answered_in_words_and_the_page_goes_on(demonstration, sit_down):
    person = sit_down(by_name(demonstration), "en", Device(1280))
    wire, held = holds_a_device(person)
    wire.send("WebAuthn.setUserVerified", {"authenticatorId": held, "isUserVerified": False})
    person.go("/sign-in")
    passkey_form(person).get_by_role("button").click()
    said = passkey_form(person).get_by_role("alert")
    expect(said).to_contain_text("The passkey was not used.")
    expect(said).to_be_focused()
    assert person.field("Password").first.is_editable()


def test_where_passkeys_do_not_work_no_button_promises_them(demonstration, sit_down):
    by_number = sit_down(demonstration, "en", Device(390))
    without_script = sit_down(by_name(demonstration), "fr", Device(390, script=False))
    for person in (by_number, without_script):
        person.go("/sign-in")
        expect(passkey_form(person)).to_be_hidden()
