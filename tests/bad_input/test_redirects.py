"""Nobody is led to another site: not by a page to come back to, not by a language switch, not by a filter."""

from __future__ import annotations

import html
import re

import pytest

from community.accounts.signin.destination import is_ours
from tests.bad_input import lists
from tests.rules import route_table

ELSEWHERE = (
    "https://evil.example/",
    "//evil.example/",
    "///evil.example/",
    "/\\evil.example/",
    "\\\\evil.example",
    "/\t/evil.example/",
    "/en/\r\nLocation: https://evil.example/",
    "/en/%0d%0aLocation:%20https://evil.example/",
    "javascript:alert(1)",
    "JaVaScRiPt:alert(1)",
    "data:text/html,hello",
    "https:evil.example",
    "https://localhost@evil.example/",
    "https://localhost.evil.example/",
    "http://evil.example#@localhost/",
    "/en/../../evil.example",
    "/en//evil.example",
    "\u2044\u2044evil.example",
    "/\u3002evil.example/",
    " https://evil.example/",
    "\x00https://evil.example/",
    "/fr/\u202e",
    "evil.example",
    ".",
    "",
)
# Names that a maker of addresses obeys instead of writing them into the address.
ORDERS = {
    "_external": "1",
    "_scheme": "javascript",
    "_anchor": "x",
    "_method": "POST",
    "endpoint": "core.menu",
    "lang": "xx",
    "_host": "evil.example",
}
OURS = "http://127.0.0.1:8000/"  # the configured address, in a feed
_PLACES = re.compile(r'(?:href|action|formaction)="([^"]*)"')
LEAD_ON = ("/en/sign-in", "/en/sign-in/again", "/en/theme", "/en/sign-out", "/en/names/speak")
ASKED = [row for row in route_table.read() if row.method == "GET"]


def leads_away(address):
    """Whether a browser that follows this leaves the site."""
    plain = "".join(c for c in html.unescape(address).strip() if c not in "\t\r\n").replace("\\", "/")
    return plain.startswith("//") or ":" in plain.split("/")[0].split("?")[0].split("#")[0]


def ours_or_known(page):
    """The links of a page that leave it."""
    found = {place for place in _PLACES.findall(page) if leads_away(place)}
    known = ("tel:", "sms:", "mailto:", "https:", OURS)
    return {place for place in found if not place.startswith(known)}


@pytest.mark.parametrize("elsewhere", ELSEWHERE)
def test_a_page_to_come_back_to_is_one_of_ours(place, elsewhere):
    for who in ("visitor", "member"):
        for method in ("GET", "POST"):
            for address in LEAD_ON:
                sent = {"next": elsewhere, "theme": "dark", "persona": "x"}
                more = {"data": sent} if method == "POST" else {}
                answer = place.ask(who, method, address, query_string={"next": elsewhere}, **more)
                assert answer.status_code < 500
                assert not leads_away(answer.headers.get("Location", "")), address
                links = ours_or_known(answer.get_data().decode("utf-8", "replace"))
                assert not [link for link in links if "evil.example" in link]


@pytest.mark.parametrize("path", ["/%5Cevil.example", "/%09/evil.example/en", "/%5C%5Cevil.example"])
def test_the_page_of_what_is_not_there_leads_to_no_other_site(place, path):
    for who in ("visitor", "member"):
        answer = place.ask(who, "GET", path)
        assert answer.status_code == 404
        page = answer.get_data(as_text=True)
        assert not [link for link in ours_or_known(page) if "evil.example" in link]


def test_every_address_of_the_list_leads_to_a_page_of_ours(place):
    """Ninety spellings of somewhere else, at the one form that leads everybody on."""
    for elsewhere in lists.read("addresses"):
        sent = {"theme": "dark", "next": elsewhere.replace("\0", "%00")}
        answer = place.ask("member", "POST", "/en/theme", data=sent)
        assert answer.status_code < 500, elsewhere
        assert not leads_away(answer.headers.get("Location", "")), elsewhere
        assert not (is_ours(elsewhere) and leads_away(elsewhere)), elsewhere


@pytest.mark.parametrize("row", ASKED, ids=str)
def test_what_is_in_the_query_gives_no_orders_to_the_links_of_a_page(place, row):
    address = place.path(row.endpoint, row.thing)
    for who in ("visitor", "administrator"):
        answer = place.ask(who, "GET", address, query_string=ORDERS)
        assert answer.status_code < 500
        assert not leads_away(answer.headers.get("Location", ""))
        assert not ours_or_known(answer.get_data().decode("utf-8", "replace")), address


@pytest.mark.parametrize("host", ["evil.example", "evil.example:80", "localhost@evil.example", "[::1]"])
def test_no_header_makes_a_page_name_another_site(place, host):
    headers = {"X-Forwarded-Host": host, "Forwarded": f"host={host}", "X-Original-URL": "/en/duties"}
    for address in ("/", "/en/", "/en/sign-in", "/en/spaces/public-square/feed.atom"):
        plain = place.ask("visitor", "GET", address)
        answer = place.ask("visitor", "GET", address, headers=headers)
        assert answer.status_code == plain.status_code
        assert "evil.example" not in answer.get_data(as_text=True)
        assert "evil.example" not in answer.headers.get("Location", "")
