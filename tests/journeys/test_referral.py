"""A clinician is asked what became of somebody she referred, says it by one click, and refers another."""

from __future__ import annotations

import re
from time import monotonic

import pytest

from tests.journeys.acts import comes_in
from tests.journeys.person import Device
from tests.journeys.site import Site

pytestmark = pytest.mark.timeout(300)

ASKED = "You referred someone: was the person taken in?"
CLINIC = "/directory/services/1382ab07-02a6-58dc-aada-f977865407c2"


def test_a_referral_is_clicked_asked_about_and_answered(demonstration: Site, sit_down):
    clinician = sit_down(demonstration, "fr", Device(390, script=False))
    comes_in(clinician, "noemie-lavigne")
    is_asked(clinician)
    clinician.follow(ASKED)
    assert clinician.path().endswith("/directory/referrals")
    open_one = clinician.page.locator("main li", has_text=clinician.say("No word yet")).last
    key = open_one.get_attribute("id")
    with clinician.arriving():
        open_one.get_by_role("button", name=re.compile("^" + clinician.say("Taken in"))).click()
    told = clinician.page.locator(f"#{key} .chip")
    assert told.inner_text() == clinician.say("Taken in")
    refers_somebody(clinician)


def is_asked(clinician):
    """She referred somebody sixteen days ago and said nothing since: the site asks once a day."""
    until = monotonic() + 60
    while True:
        clinician.go("/notifications")
        if clinician.link(ASKED).count() or monotonic() > until:
            break
        clinician.page.wait_for_timeout(1_000)
    assert clinician.link(ASKED).count()


def refers_somebody(clinician):
    """One click on the page of a service; no field is there to write in."""
    clinician.go(CLINIC)
    form = clinician.page.locator(f'form[action$="{CLINIC}/referrals"]')
    assert form.locator("input:not([type=hidden]), textarea, select").count() == 0
    clinician.send("I referred someone")
    clinician.reads("Counted: you referred someone.")
    with clinician.arriving():
        clinician.button("Take back this click").first.click()
    clinician.reads("Taken back: it is not counted any more.")
