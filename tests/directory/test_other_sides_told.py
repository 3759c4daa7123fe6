"""Whoever keeps the other side is told what was done with it, and may undo what is theirs to undo."""

from __future__ import annotations

import pytest

from community.core.jobs import run_waiting_jobs
from tests.directory.test_together import PIER, at, keepers
from tests.make import together

__all__ = ["at", "keepers"]
NOTICES = {"en": "/en/notifications", "fr": "/fr/notifications"}


def told(browser, lang="en"):
    run_waiting_jobs()
    return browser.get(NOTICES[lang]).text


@pytest.mark.parametrize(
    ("lang", "joined", "left"),
    [
        (
            "en",
            "An organization that you keep was added to a group",
            "An organization that you keep was taken out of a group",
        ),
        (
            "fr",
            "Un organisme dont vous tenez les fiches a été ajouté à un groupe",
            "Un organisme dont vous tenez les fiches a été retiré d’un groupe",
        ),
    ],
)
def test_keepers_learn_that_their_organization_was_added_to_a_group_and_taken_out(at, lang, joined, left):
    group = together.group(together.LANTERN, together.MILL)
    members = f"/en/directory/groups/{group.key}/organizations"
    sent = {"organization": "Long Pier House (made up)", "function": "staff"}
    assert at["lantern"].post(members, sent).status_code == 303
    assert joined in told(at["pier"], lang)
    assert joined not in told(at["lantern"], lang)
    assert at["lantern"].post(f"{members}/{PIER}/remove").status_code == 303
    assert left in told(at["pier"], lang)


def test_keepers_learn_that_the_other_side_took_a_link_away(at):
    link = together.link()
    assert at["lantern"].post(f"/en/directory/links/{link.key}/end").status_code == 303
    said = "A link with an organization that you keep was taken away"
    assert said in told(at["pier"])
    assert said not in told(at["lantern"])
