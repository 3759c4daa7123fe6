"""Somebody without an account or script says that a number is wrong; whoever keeps the records decides."""

from __future__ import annotations

import pytest

from tests.journeys.acts import comes_in
from tests.journeys.person import Device
from tests.journeys.site import Site

pytestmark = pytest.mark.timeout(300)

SERVICE = "/directory/services/54f2a7ea-63ee-5fcf-a0f1-a328bd7094cf"
NUMBER = "555 555-0177"


def test_a_wrong_number_is_said_corrected_and_accepted(demonstration: Site, sit_down):
    reader = sit_down(demonstration, "fr", Device(390, script=False))
    reader.go(SERVICE)
    reader.send("This number is wrong")
    reader.reads("Noted. Thank you.")
    reader.follow("Telephones", within=reader.page.locator("main .menu-list"))
    reader.fill("Telephone number", NUMBER)
    reader.send("Send the correction")
    reader.reads("Kept. Thank you.")
    decides(demonstration, sit_down)
    reader.go(SERVICE)
    reader.sees(NUMBER)


def decides(demonstration: Site, sit_down):
    """The coordinator sees both numbers, and takes the new one over."""
    coordinator = sit_down(demonstration, "en", Device(1280))
    comes_in(coordinator, "solene-marcoux")
    coordinator.go("/directory/corrections")
    line = coordinator.page.locator("ol.rows li", has_text="Community counselling of Willow Coast")
    with coordinator.arriving():
        line.filter(has_text="1 value").get_by_role("link").click()
    assert "555-0177" in coordinator.page.locator("ins").inner_text()
    coordinator.send("Accept what is ticked")
    coordinator.reads("Accepted.")
    assert not coordinator.page.locator("ol.rows li", has_text="1 value").filter(has_text="Community").count()
