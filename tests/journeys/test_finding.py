"""Somebody without an account looks for help, finds a service, and sends the link to somebody else."""

from __future__ import annotations

import pytest

from tests.journeys.inspection import Sight, faults_of
from tests.journeys.person import Device
from tests.journeys.site import Site

pytestmark = pytest.mark.timeout(300)

# What is typed, and the service it is about; the half of the postal code that names a street goes nowhere.
LOOKED_FOR = {
    "fr": ("analyse de drogues", "Matériel et analyse de substances, Vallée-des-Ormes (fictif)"),
    "en": ("drug testing", "Supplies and drug checking of Elm Valley (fictitious)"),
}


@pytest.mark.parametrize(
    ("lang", "device"), [("fr", Device(390, script=False)), ("en", Device(1280))], ids=str
)
def test_help_is_found_without_an_account_and_the_link_works_elsewhere(
    demonstration: Site, sit_down, lang, device
):
    words, service = LOOKED_FOR[lang]
    person = sit_down(demonstration, lang, device)
    person.go("/directory")
    person.fill("In your own words", words)
    person.fill("Where", "g5l 1y4")
    person.send("Show services")
    assert "where=G5L" in person.path()
    assert "1y4" not in person.path().lower()
    person.follow("Map")
    assert person.page.locator(".map .badge").count() >= 1
    found = person.page.url
    person.follow_title(service)
    assert person.heading() == service
    _on_paper(person)
    another = sit_down(demonstration, lang, Device(device.width))  # with script, which axe needs
    sights = [Sight(320, "dark") if lang == "fr" else Sight(1280, "light")]
    another.go(person.page.url)
    assert another.heading() == service
    assert not faults_of(another.page, lang, sights)
    another.go(found)
    another.sees(service)
    assert not faults_of(another.page, lang, sights)


def _on_paper(person) -> None:
    """The sheet says where and when, and leaves out what only a screen can do."""
    person.page.emulate_media(media="print")
    assert person.page.locator(".printed").is_visible()
    assert person.page.locator(".side").is_visible()
    assert not person.page.locator(".nav").first.is_visible()
    person.page.emulate_media(media="screen")
