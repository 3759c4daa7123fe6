"""Every kind of page, as some of those who may open it: accessible, whole on a small screen, in one language.

A sample: ``python3 dev.py pictures --check`` looks at all of them, as everybody, in light and dark.
"""

from __future__ import annotations

import pytest

from tests.journeys.acts import comes_in
from tests.journeys.crawl import explore, program
from tests.journeys.inspection import Sight, faults_of
from tests.journeys.person import Device
from tests.journeys.site import Site

pytestmark = pytest.mark.timeout(300)


@pytest.mark.parametrize(
    ("who", "lang", "sight"),
    [
        ("visitor", "fr", Sight(320, "light")),
        ("physician", "fr", Sight(1280, "dark")),
        ("lived", "en", Sight(320, "light")),
        ("administrator", "en", Sight(390, "dark")),
    ],
)
def test_every_kind_of_page_is_without_fault(demonstration: Site, sit_down, who, lang, sight):
    person = sit_down(demonstration, lang, Device(sight.width))
    comes_in(person, who)
    atlas = explore(person, program(demonstration))
    assert not atlas.broken
    faults = []
    for path in (path for paths in atlas.examples.values() for path in paths):
        person.go(path)
        faults += [f"{path} {fault}" for fault in faults_of(person.page, lang, [sight])]
    assert not faults, "\n".join(faults)
