"""Every kind of page, as some of those who may open it: accessible, whole on a small screen, in one language.

A sample: ``python3 dev.py pictures --check`` looks at all of them, as everybody, in light and dark.
"""

from __future__ import annotations

import pytest

from tests.journeys.acts import comes_in
from tests.journeys.contrast import Measured
from tests.journeys.crawl import OPENED_FOR_A_SAMPLE, Kind, explore, program
from tests.journeys.inspection import Sight, faults_as_it_stands
from tests.journeys.person import Device
from tests.journeys.site import Site

pytestmark = pytest.mark.timeout(300)

# On how many lines the words of an element stand.
LINES = """element => {
  const words = document.createRange();
  words.selectNodeContents(element);
  return words.getClientRects().length;
}"""
# The kinds that somebody has looked at already; a visitor and a member see the same kind differently.
looked_at: set[Kind] = set()
measured = Measured()


@pytest.mark.parametrize(
    ("who", "lang", "sight", "only_new"),
    [
        ("visitor", "en", Sight(390, "dark"), False),
        ("physician", "fr", Sight(320, "light"), False),
        ("lived", "en", Sight(320, "light"), True),
        ("coordinator", "fr", Sight(1280, "dark"), True),
        ("administrator", "en", Sight(320, "light"), True),
    ],
)
def test_every_kind_of_page_is_without_fault(demonstration: Site, sit_down, who, lang, sight, only_new):
    person = sit_down(demonstration, lang, Device(sight.width, dark=sight.theme == "dark"))
    comes_in(person, who)
    atlas = explore(person, program(demonstration), of_a_kind=OPENED_FOR_A_SAMPLE)
    assert not atlas.broken
    faults = []
    for kind, paths in atlas.examples.items():
        if only_new and kind in looked_at:
            continue
        looked_at.add(kind)
        person.go(paths[0])
        faults += [f"{paths[0]} {fault}" for fault in faults_as_it_stands(person.page, lang, sight, measured)]
    assert not faults, "\n".join(faults)


@pytest.mark.parametrize("lang", ["fr", "en"])
def test_on_a_small_phone_the_way_in_is_one_line_and_the_bridge_gives_way(
    demonstration: Site, sit_down, lang
):
    person = sit_down(demonstration, lang, Device(320))
    person.go("/")
    button = person.page.locator(".mast .btn").first
    assert button.evaluate(LINES) == 1
