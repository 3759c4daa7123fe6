"""Somebody without an account or script says that a number is wrong; whoever keeps the records decides."""

from __future__ import annotations

import pytest

from tests.journeys.acts import comes_in
from tests.journeys.inspection import Sight, faults_of
from tests.journeys.person import Device
from tests.journeys.site import Site

pytestmark = pytest.mark.timeout(300)

SERVICE = "/directory/services/54f2a7ea-63ee-5fcf-a0f1-a328bd7094cf"
NAMES = {
    "en": ("Community counselling of Willow Coast", "1 value"),
    "fr": ("Suivi psychosocial, Côte-aux-Saules", "1 valeur"),
}


@pytest.mark.parametrize(
    ("lang", "other", "number"), [("fr", "en", "555 555-0177"), ("en", "fr", "555 555-0178")]
)
def test_a_wrong_number_is_said_corrected_and_accepted(demonstration: Site, sit_down, lang, other, number):
    reader = sit_down(demonstration, lang, Device(390 if lang == "fr" else 1280, script=False))
    reader.go(SERVICE)
    reader.send("This number is wrong")
    reader.reads("Noted. Thank you.")
    reader.follow("Telephones", within=reader.page.locator("main .menu-list"))
    reader.fill("Telephone number", number)
    reader.send("Send the correction")
    reader.reads("Kept. Thank you.")
    decides(sit_down(demonstration, other, Device(390 if other == "fr" else 1280)), number)
    reader.go(SERVICE)
    reader.sees(number)


def decides(coordinator, number):
    """The coordinator sees both numbers, and takes the new one over."""
    sights = [Sight(320 if coordinator.lang == "fr" else 1280, "light")]
    comes_in(coordinator, "solene-marcoux")
    coordinator.go("/directory/corrections")
    faults = faults_of(coordinator.page, coordinator.lang, sights)
    name, one = NAMES[coordinator.lang]
    line = coordinator.page.locator("ol.rows li", has_text=name).filter(has_text=one)
    with coordinator.arriving():
        line.get_by_role("link").click()
    faults += faults_of(coordinator.page, coordinator.lang, sights)
    assert not faults, "\n".join(faults)
    assert number[4:] in coordinator.page.locator("ins").inner_text()
    coordinator.send("Accept what is ticked")
    coordinator.reads("Accepted.")
    assert not line.count()
