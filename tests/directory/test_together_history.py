"""What was done with groups, links and training: what stood there before, and who reads it."""

from __future__ import annotations

import sqlalchemy as sa

from community.core.db import db
from community.directory.models.together_changes import TogetherChange
from tests.directory.test_together import at, keepers
from tests.make import together
from tests.make.together import group_form, link_form, training_form

__all__ = ["at", "keepers"]


def history(browser, place, lang="en"):
    answer = browser.get(f"/{lang}/directory/{place}/history")
    assert answer.status_code == 200
    return answer.text


def seen(browser, address):
    return browser.get(address).text.partition('name="seen"')[2].partition('value="')[2].partition('"')[0]


def changed(browser, place, form):
    """Send the form of a change, as it was read."""
    address = f"/en/directory/{place}/edit"
    answer = browser.post(address, {**form, "seen": seen(browser, address)})
    assert answer.status_code == 303, answer.text


def test_who_writes_reads_what_stood_there_and_others_that_it_changed(at, client):
    group = together.group()
    place = f"groups/{group.key}"
    changed(at["lantern"], place, group_form(kind="project", purpose_en="To meet Robin once a month."))
    changed(at["lantern"], place, group_form(kind="mobile", purpose_en="To meet once a month."))
    own, others = history(at["lantern"], place), history(client, place)
    assert own.index("Group of organizations changed") < own.index("Group of organizations described")
    assert "<del>Clinical project</del></td><td><ins>Mobile team</ins>" in own
    assert "<del>Clinical project</del></td><td><ins>Mobile team</ins>" in others
    assert ("Robin" in own, "Robin" in others) == (True, False)
    assert "earlier words are for those who write here" in others
    assert "<del>Projet clinique</del>" in history(client, place, "fr")


def test_a_link_and_a_training_have_theirs_and_take_it_along(at, client):
    places = [f"links/{together.link().key}", f"training/{together.workshop().key}"]
    changed(at["lantern"], places[0], link_form(intensity="5"))
    assert "<ins>Concerted work</ins>" in history(client, places[0])
    changed(at["lantern"], places[1], training_form(places="34"))
    assert "<ins>34</ins>" in history(client, places[1], "fr")
    for place, act in zip(places, ("end", "withdraw"), strict=True):
        at["lantern"].post(f"/en/directory/{place}/{act}")
        assert client.get(f"/en/directory/{place}/history").status_code == 404
    assert db.session.scalar(sa.select(sa.func.count()).select_from(TogetherChange)) == 0
