"""A wary person on a phone: every step of ``wary.py``, in both languages."""

from __future__ import annotations

import pytest

from tests.journeys.person import Device
from tests.journeys.site import Site
from tests.journeys.wary import STEPS, whole_visit
from tests.journeys.words import LANGUAGES

pytestmark = pytest.mark.timeout(240)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_wary_person_joins_writes_is_told_exits_comes_back_and_leaves(demonstration: Site, sit_down, lang):
    seen: list[str] = []

    def shown(step, person):
        assert person.page.evaluate("document.documentElement.scrollWidth") <= 390, step
        seen.append(step)

    paper = whole_visit(
        sit_down(demonstration, lang, Device(390)), sit_down(demonstration, lang, Device(390)), shown
    )
    assert seen == list(STEPS)
    assert not demonstration.letters(paper.sign_in_name)
