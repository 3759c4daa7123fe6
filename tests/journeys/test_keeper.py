"""A keeper changes the records of an organization; the coordinator writes of a group from its first day."""

from __future__ import annotations

from datetime import timedelta

import pytest

from community.core import clock
from tests.journeys.acts import comes_in
from tests.journeys.inspection import Sight, faults_of
from tests.journeys.person import Device
from tests.journeys.site import Site

pytestmark = pytest.mark.timeout(300)

KEEPER = "perrine-laval"
CLINIC = "/directory/services/085c9c1c-8651-5273-bb8f-7b57e3b5fc10"


def test_records_are_changed_on_a_telephone_and_the_history_tells_it(demonstration: Site, sit_down):
    keeper = sit_down(demonstration, "fr", Device(390, script=False))
    comes_in(keeper, KEEPER)
    keeper.go(f"{CLINIC}/edit/facts")
    keeper.fill("Wait, in days", "3")
    keeper.send("Save")
    keeper.reads("Kept.")
    keeper.follow("Places free")
    keeper.fill("Places free today", "2")
    keeper.fill("Of how many", "6")
    keeper.send("Save")
    keeper.follow("Every change")
    keeper.sees("2 places libres sur 6")
    keeper.sees(keeper.say("Wait, in days"))
    keeper.reads("a keeper of the organization")
    assert keeper.page.evaluate("document.documentElement.scrollWidth") <= 390


def test_a_group_from_its_first_day_to_its_minutes(demonstration: Site, sit_down):
    keeper = sit_down(demonstration, "en", Device(1280))
    comes_in(keeper, "solene-marcoux")
    keeper.go("/directory/groups/new")
    keeper.fill("Your organization", "Elm Valley Network (fictitious)")
    keeper.page.locator('input[name="kind"][value="table"]').check()
    keeper.fill("Name in English", "Table of the quiet shore (made up)")
    keeper.fill("To be reviewed by", str(clock.today() + timedelta(days=200)))
    keeper.send("Save")
    assert keeper.heading() == "Table of the quiet shore (made up)"
    keeper.follow("Call a meeting")
    keeper.fill("Day", str(clock.today()))
    keeper.fill("Agenda", "1. Who answers at night")
    keeper.fill("Minutes", "The telephone is passed on at eight.")
    keeper.tick("Everybody")
    keeper.send("Save")
    keeper.sees("Who answers at night")
    keeper.sees("The telephone is passed on at eight.")
    seen = faults_of(keeper.page, "en", [Sight(1280, "light")])
    assert not seen, "\n".join(seen)
    where = keeper.path()
    visitor = sit_down(demonstration, "en", Device(390, script=False))
    visitor.go(where)
    visitor.sees("The telephone is passed on at eight.")


@pytest.mark.parametrize("lang", ["fr", "en"])
def test_two_who_change_the_same_record_at_once_are_shown_both_texts(demonstration: Site, sit_down, lang):
    first = sit_down(demonstration, lang, Device(320, script=False))
    second = sit_down(demonstration, lang, Device(320))  # with script, which axe needs
    for window, who in ((first, "solene-marcoux"), (second, KEEPER)):
        comes_in(window, who)
        window.go(f"{CLINIC}/edit/facts")
    first.fill("Wait, in days", "11")
    first.send("Save")
    first.reads("Kept.")
    second.fill("Wait, in days", "17")
    second.send("Save")
    second.reads("Somebody changed this while you were writing.")
    assert second.page.locator("main table td").all_inner_texts() == ["11", "17"]
    seen = faults_of(second.page, lang, [Sight(320, "light"), Sight(1280, "dark")])
    assert not seen, "\n".join(seen)
    second.send("Save")
    second.reads("Kept.")
