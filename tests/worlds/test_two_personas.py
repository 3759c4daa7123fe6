"""Who is behind a name changes not a byte of what anybody else can see (SECURITY section 6.3, case 1)."""

from __future__ import annotations

import pytest

from tests.worlds import crawl, two_personas
from tests.worlds.stage import played
from tests.worlds.two_personas import SEEN


@pytest.fixture(scope="module")
def worlds():
    return played("tests.worlds.two_personas", "first", "second")


@pytest.mark.parametrize("who", two_personas.WALKERS)
@pytest.mark.timeout(300)
def test_nobody_can_tell_who_is_behind_a_name(worlds, who):
    first, second = worlds
    assert len(first[who]) > 20, "hardly anything was looked at"
    assert not crawl.differences(first[who], second[who])[:5]


def test_what_the_name_wrote_was_really_looked_at(worlds):
    """Otherwise the comparison proves nothing."""
    for who in set(two_personas.WALKERS) & {"lived", "moderator"}:
        pages = [page["body"] for page in worlds[0][who].values()]
        assert sum("Quiet-Heron" in page for page in pages) > 3
        assert sum("I have been a witness to this" in page for page in pages) > 1


def test_a_clinician_without_a_name_was_looked_at_by_those_who_may_and_says_no_more(worlds):
    """A nurse of Quebec or a physician of Ontario: among clinicians, too, the bytes are the same."""
    first, second = (world[two_personas.COLLEAGUE] for world in worlds)
    assert not crawl.differences(first, second)
    for seen, least in ((first, 2), (worlds[0]["visitor"], 1)):
        pages = [page["body"] for page in seen.values() if two_personas.FERN in page["body"]]
        assert len(pages) >= least
        assert any("Verified clinician" in page or "Titre clinique vérifié" in page for page in pages)


def test_no_page_of_anybody_holds_the_address_of_an_account(worlds):
    """An administrator's pages too: the register, the jobs, the duties, breaking the glass (case 1k)."""
    for who in two_personas.WALKERS:
        for address, page in worlds[0][who].items():
            told = [account for account in two_personas.ADDRESSES if account in page["body"]]
            assert not told, f"{who} reads {told} at {address}"
    if "administrator" in two_personas.WALKERS:
        asked = set(worlds[0]["administrator"])
        assert {"/en/register", "/en/jobs", "/en/duties", "/en/break-glass"} <= asked


def test_those_who_moderate_looked_at_what_it_wrote_and_what_was_decided(worlds):
    """The queue, the decision, the second look, the public log: otherwise they were not compared."""
    for who in set(two_personas.WALKERS) & {"coordinator", "administrator"}:
        pages = [page["body"] for place, page in worlds[0][who].items() if "/moderation" in place]
        assert any("Quiet-Heron" in body and SEEN in body for body in pages), who
    talks = [page["body"] for place, page in worlds[0]["member"].items() if "/conversations/" in place]
    assert any(SEEN in body for body in talks)


def test_open_pages_and_archives_of_others_were_really_told_something(worlds):
    told, archives = worlds[0]["told"], worlds[0]["archives"]
    assert min(len(told[who]) for who in ("visitor", "member", "lived", "moderator")) > 3
    assert archives["member"]["conversations"]["conversations"]
    assert archives["member"]["moderation"]["reports"]


@pytest.mark.parametrize("kept", ["mail", "jobs", "told", "archives"])
def test_nothing_that_is_kept_or_sent_for_others_tells_it(worlds, kept):
    first, second = worlds
    assert first[kept] == second[kept]


def test_mail_was_really_sent_and_says_nothing_of_protected_places(worlds):
    """Otherwise the comparison of mails proves nothing."""
    mails = worlds[0]["mail"]
    assert {mail["subject"] for mail in mails} >= {"A reply for you", "News for you", "Your day in short"}
    assert len({mail["to"][0] for mail in mails}) >= 4
    for mail in mails:
        assert "List-Unsubscribe" in mail["headers"]
        whole = mail["body"] + str(mail["html"])
        named = ("lived-experience", "I have been a witness", "Quiet-Alder")
        assert not [words for words in named if words in whole]
