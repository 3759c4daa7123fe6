"""Whatever was written, and however it got in: no page, feed, mail, file or error page lets it live."""

from __future__ import annotations

import csv
import io
import re
from itertools import cycle
from xml.etree import ElementTree

import pytest

from community.core import clock
from community.core.pages import shared as shared_pages
from community.forum import feeds
from tests.bad_input import lists, oracle
from tests.bad_input.infested import infested
from tests.rules import route_table

ASKED = {row.endpoint: row for row in reversed(route_table.read()) if row.method == "GET"}.values()
FEED = {"feed", "title", "id", "updated", "link", "entry", "published", "summary", "author", "name"}
# Columns that must be among those that were filled, or the tests below look at nothing.
SURELY = 20
# Pages on which a text in prose is one that people wrote.
PEOPLES = ("forum.topic", "forum.history", "forum.meeting", "conversations.", "moderation.")
_IN_TEXTS = re.compile(r'(?s)<div class="(?:body )?prose"[^>]*>(.*?)</div>')


@pytest.fixture(scope="module")
def site(tmp_path_factory, worker_id):
    """A community that an attacker filled."""
    with infested(tmp_path_factory.mktemp("infested"), f"passerelle_infested_{worker_id}") as place:
        yield place


def able(row):
    """Somebody who sees the page; its people with duties last, who see most."""
    return next((who for who in reversed(row.answers) if row.answers[who] == "200"), "")


def page(site, who, address, **more):
    answer = site._open(who, address, **more)
    assert answer.status_code < 500, address
    return answer


def test_the_community_is_full_of_it(site):
    assert int(site.world.more["filled"]) >= SURELY
    said = page(site, "member", site.path("forum.topic", "a topic of the public square")).text
    assert "CANARY" in said
    for of_directory in (("directory.service", "a service's own page"), ("arrangements.show", "a corridor")):
        assert "CANARY" in page(site, "policy", site.path(*of_directory)).text


def test_on_no_page_does_any_of_it_live(site):
    """Every address once, in the two languages by turns: what stands in a page is the same in both."""
    wrong = {}
    for row, lang in zip(ASKED, cycle(("en", "fr"))):
        who = able(row)
        if not who:
            continue
        answer = page(site, who, site.path(row.endpoint, row.thing, lang))
        if answer.mimetype == "text/html":
            alive = oracle.alive_in_page(answer.text)
            texts = _IN_TEXTS.findall(answer.text) if row.endpoint.startswith(PEOPLES) else []
            alive += [one for part in texts for one in oracle.alive_in_text(part)]
            if "tel:911" not in answer.text and "<html" in answer.text:
                alive.append("no number to call")
            if alive:
                wrong[str(row)] = alive[:5]
    assert not wrong


def test_no_text_can_name_the_place_of_its_reader(site):
    """A page that is kept for many leaves places open for each reader's name and token: a text that held one,
    in a link, would tell its author who reads it. They are drawn anew by each process."""
    for place in (shared_pages.NOBODY, shared_pages.NAME):
        assert re.search(r"[0-9a-z]{16}", place)
    name = site.world.cast["policy"].name
    shown = page(site, "policy", site.path("forum.topic", "a topic of the public square")).text
    links = re.findall(r'href="(https?://canary[^"]*)"', shown)
    assert not [link for link in links if name.split()[0] in link or "ImQ" in link]


def test_search_shows_what_it_found_as_text(site):
    for asked in ("CANARY", "script", *lists.read("markup")[:60:6], *lists.read("injection")[::9]):
        answer = page(site, "member", "/en/search", query_string={"q": asked})
        assert not oracle.alive_in_page(answer.text), asked
    found = page(site, "member", site.path("directory.find", ""), query_string={"q": "CANARY"}).text
    assert found.count("CANARY") > 2  # beside the field it was typed in
    assert not oracle.alive_in_page(found)


def test_a_preview_and_a_form_that_comes_back_show_it_as_text(site):
    address = site.path("forum.reply", "a topic of the public square")
    for start in range(0, 240, 30):
        body = "\n\n".join((*lists.read("markup"), *lists.read("markdown"))[start : start + 30])
        shown = page(site, "member", "/en/preview", method="POST", data={"body": body})
        assert not oracle.alive_in_text(shown.text)
        again = page(site, "member", address, method="POST", data={"body": body, "preview": "yes"})
        assert not oracle.alive_in_page(again.text)


def test_what_is_refused_comes_back_as_text(site):
    fields = ("email", "name", "proposed", "title", "body", "text", "reason", "kind", "region", "groups", "q")
    for words in lists.read("markup")[::14]:
        sent = dict.fromkeys(fields, words)
        for address in ("/en/join", "/en/sign-in", "/en/password/forgotten"):
            answer = page(site, "visitor", address, method="POST", data=sent)
            assert not oracle.alive_in_page(answer.text), (address, words)


def test_errors_repeat_nothing_of_an_address(site):
    for words in (*lists.read("markup")[::8], *lists.read("injection")[::9]):
        for address in (f"/en/topics/{words}", f"/en/{words}", f"/{words}"):
            answer = page(site, "visitor", address.replace("\0", "%00"))
            assert not oracle.alive_in_page(answer.text), address


def elements(feed):
    """The names of what a feed consists of."""
    return {node.tag.rpartition("}")[2] for node in ElementTree.fromstring(feed).iter()}  # noqa: S314 - ours


def test_feeds_stay_feeds(site):
    assert elements(page(site, "visitor", site.path("forum.feed", "the public square")).data) <= FEED
    here, now = "https://a.invalid", clock.now()
    entries = [
        feeds.Entry(here, words, "en", words, words, now, now)
        for words in (*lists.read("markup"), *lists.read("injection"), *map(chr, range(0x21)), "\ufffe\uffff")
    ]
    assert elements(feeds.atom("x\ufffe", "en", here, here, entries)) == FEED


def test_the_tables_that_pages_give_out_work_nothing_out(site):
    answer = page(site, "visitor", "/en/first-answers.csv")
    rows = list(csv.reader(io.StringIO(answer.data.decode("utf-8-sig"))))
    assert rows
    assert not [cell for row in rows for cell in row if cell[:1] in "=+-@\t\r" and cell]
