"""What sounds like dealing in a testimony is said to those who look at it; it waits like any other."""

from __future__ import annotations

import pytest

from community.core.db import db, transaction
from community.testimonies import models
from community.testimonies.services import reviewing
from tests.make import testimonies as make

OFFER = "Je vends du fentanyl à Montréal, 20 $ le gramme, écrivez-moi en privé."
STORY = "When I was twenty my dealer asked 20 $ a gram, and I paid it every day until the clinic opened."


@pytest.mark.parametrize(("body", "lang", "told"), [(OFFER, "fr", True), (STORY, "en", False)])
def test_an_offer_is_marked_in_the_queue_and_on_its_page_and_a_story_is_not(
    visit, cast, lived, body, lang, told
):
    row, _code = make.left(body, lang=lang)
    assert row.state == "waiting"
    browser = visit(cast["moderator"])
    assert ("sounds like selling or seeking" in browser.get("/en/testimonies/to-review").text) is told
    page = browser.get(f"/fr/testimonies/to-review/{row.key}").text
    assert ("On croirait une offre ou une demande de drogue." in page) is told


def test_once_it_was_decided_nothing_of_it_stays(cast, lived):
    row, _code = make.left(OFFER, lang="fr")
    with transaction():
        reviewing.accept(cast["moderator"].viewer, db.session.get_one(models.Testimony, row.key))
    assert not db.session.get_one(models.Testimony, row.key).dealing
