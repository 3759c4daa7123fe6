"""A clinician has ninety seconds: whom do I refer to, by which way, what do I send, whom do I call."""

from __future__ import annotations

import re
from time import monotonic

import pytest
from playwright.sync_api import expect

from tests.journeys.acts import comes_in
from tests.journeys.inspection import Sight, faults_of
from tests.journeys.person import Device
from tests.journeys.site import Site

pytestmark = pytest.mark.timeout(300)

CLINIC = {
    "fr": "Clinique d’accès rapide, Vallée-des-Ormes (fictive)",
    "en": "Rapid access clinic of Elm Valley (fictitious)",
}


@pytest.mark.parametrize(
    ("lang", "device"), [("fr", Device(390, script=False)), ("en", Device(1280))], ids=str
)
def test_a_clinician_finds_the_corridor_in_ninety_seconds(demonstration: Site, sit_down, lang, device):
    person = sit_down(demonstration, lang, device)
    comes_in(person, "physician")
    begun = monotonic()
    person.go("/directory/refer")
    person.fill("Where", "Rimouski")
    person.tick("18 to 64")
    person.page.locator('input[name="need"][value="offers-oat"]').check()
    person.send("Show services")
    first = person.page.locator("main li.place").first
    expect(first.get_by_role("link", name=CLINIC[lang], exact=True)).to_be_visible()
    expect(first.get_by_text(person.say("Corridor to take"))).to_be_visible()
    expect(first.locator('a[href^="tel:"]', has_text="555 555-0142").first).to_be_visible()
    eyes = person if device.script else _with_script(demonstration, sit_down, lang)
    found = person.page.url
    with person.arriving():
        first.locator('a[href*="/directory/corridors/"]').first.click()
    person.sees(person.say("Accepted assessment"))
    person.sees(re.compile("555 555-0142"))
    assert monotonic() - begun < 90
    assert person.page.evaluate("document.documentElement.scrollWidth") <= device.width
    for address in (person.page.url, found):
        if eyes.page.url != address:
            eyes.go(address)
        seen = faults_of(eyes.page, lang, [Sight(320 if lang == "fr" else 1280, "light")])
        assert not seen, "\n".join(seen)


def _with_script(site, sit_down, lang):
    """The same person at a device that axe can look at pages on."""
    eyes = sit_down(site, lang, Device(1280))
    comes_in(eyes, "physician")
    return eyes
