"""A browser before a community that an attacker filled, and a web server that no browser speaks to."""

from __future__ import annotations

import json
import socket
import threading
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import quote

import pytest
from playwright.sync_api import Dialog, Request
from werkzeug.serving import make_server

from tests.bad_input import lists
from tests.bad_input.infested import infested
from tests.journeys.site import ENGINE, Site
from tests.rules import route_table

# Notes what a page does by itself: dialogs, what its rules forbade, what it left in the browser.
WATCH = """
window.came = [];
for (const name of ["alert", "confirm", "prompt", "CANARY"]) {
  window[name] = () => { window.came.push(name); };
}
document.addEventListener("securitypolicyviolation", (one) => {
  window.came.push("policy: " + one.violatedDirective);
});
"""
SEEN_BY = ("moderator", "administrator", "member")
PAGES = (
    *("core.home", "forum.topic", "forum.space", "forum.history", "forum.committee", "forum.meeting"),
    *("accounts.person", "accounts.names", "search.results", "conversations.show", "moderation.matter"),
    *("notifications.list_all", "privacy.record", "forum.edit"),
)


@pytest.fixture(scope="module")
def hostile(tmp_path_factory, worker_id) -> Iterator[tuple[Any, ...]]:
    """The filled community, served on a port of this machine."""
    with infested(tmp_path_factory.mktemp("hostile"), f"passerelle_hostile_{worker_id}") as place:
        server = make_server("127.0.0.1", 0, place.app, threaded=True)
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield place, f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


def asked(place):
    """Who opens what: each page once, by somebody who sees it."""
    rows = {row.endpoint: row for row in reversed(route_table.read()) if row.method == "GET"}
    for endpoint in PAGES:
        row = rows[endpoint]
        who = next((who for who in SEEN_BY if row.answers[who] == "200"), "")
        who = who or next(who for who in reversed(row.answers) if row.answers[who] == "200")
        yield who, place.path(endpoint, row.thing)


def look(browser, address, cookie, pages):
    """Open pages as whoever has this cookie: what ran or was stopped, and what was fetched elsewhere."""
    came: list[str] = []
    elsewhere: list[str] = []
    context = browser.new_context(viewport={"width": 390, "height": 844})
    if cookie:
        context.add_cookies([{"name": "session", "value": cookie.value, "url": address}])
    context.add_init_script(WATCH)
    page = context.new_page()

    def no(dialog: Dialog) -> None:
        came.append(dialog.message)
        dialog.dismiss()

    def asked(one: Request) -> None:
        if not one.url.startswith((address, "data:")):
            elsewhere.append(one.url)

    page.on("dialog", no)
    page.on("request", asked)
    for path in pages:
        page.goto(address + path, wait_until="load")
        came += [f"{path}: {one}" for one in page.evaluate("window.came")]
    came += [f"kept: {name}" for name in page.evaluate("[...Object.keys(localStorage)]")]
    context.close()
    return came, elsewhere


@pytest.mark.skipif(ENGINE != "sqlite", reason="a browser runs what a page says, whoever kept it")
def test_no_page_of_a_community_full_of_attacks_runs_or_fetches_anything(hostile, browser):
    place, address = hostile
    for who in place.browsers:
        if pages := [path for one, path in asked(place) if one == who]:
            found = look(browser, address, place.browsers[who].get_cookie("session"), pages)
            assert found == ([], []), who


def say(site: Site, words: bytes) -> bytes:
    """What the web server answers to these bytes, until it hangs up."""
    with socket.create_connection(("127.0.0.1", site.port), timeout=5) as sock:
        sock.sendall(words)
        sock.settimeout(2)
        got = b""
        try:
            while more := sock.recv(65_536):
                got += more
        except (TimeoutError, ConnectionResetError):
            return got + b"\n(still open)" if got.count(b"HTTP/1.1") > 1 else got
        return got


LENGTHS = (
    b"Content-Length: 5\r\nTransfer-Encoding: chunked",
    b"Transfer-Encoding: chunked\r\nContent-Length: 5",
    b"Content-Length: 5\r\nContent-Length: 6",
    b"Content-Length: 5, 6",
    b"Content-Length: +5",
    b"Content-Length: 0x5",
    b"Content-Length: -1",
    b"Transfer-Encoding: xchunked",
    b"Transfer-Encoding : chunked",
    b"Transfer-Encoding: chunked, identity",
    b"Transfer-Encoding:\x0bchunked",
)


def test_a_request_of_two_lengths_is_refused_and_the_connection_ends(demonstration: Site):
    hidden = b"0\r\n\r\nGET /en/about/charter HTTP/1.1\r\nHost: localhost\r\n\r\n"
    for lengths in LENGTHS:
        start = b"POST /en/theme HTTP/1.1\r\nHost: localhost\r\n" + lengths + b"\r\n\r\n"
        answer = say(demonstration, start + hidden)
        assert answer.startswith((b"HTTP/1.1 400", b"HTTP/1.1 501")), (lengths, answer[:80])
        assert answer.count(b"HTTP/1.1 ") == 1, lengths


PARTS = (b"zz\r\nabc\r\n0\r\n\r\n", b"-1\r\nabc\r\n0\r\n\r\n", b"3\r\nabcdef\r\n0\r\n\r\n", b"\r\n\r\n")


def test_parts_without_a_length_are_refused_and_the_connection_ends(demonstration: Site):
    head = b"POST /en/theme HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n"
    head += b"Content-Type: application/x-www-form-urlencoded\r\nSec-Fetch-Site: same-origin\r\n\r\n"
    behind = b"GET /en/about/charter HTTP/1.1\r\nHost: localhost\r\n\r\n"
    for parts in PARTS:
        answer = say(demonstration, head + parts + behind)
        assert answer.startswith(b"HTTP/1.1 400"), (parts, answer[:80])
        assert answer.count(b"HTTP/1.1 ") == 1, parts


def test_the_log_stays_one_line_a_request_and_holds_nothing_of_what_was_sent(demonstration: Site):
    before = len(demonstration.log.read_text("utf-8").splitlines())
    for words in lists.read("injection")[::3]:
        path = quote(words, safe="")
        line = words.encode("utf-8").replace(b"\r", b"").replace(b"\n", b"").replace(b"\0", b"")
        head = (
            b"GET /en/canary-"
            + path.encode()
            + b"?q=canary-"
            + path.encode()
            + b" HTTP/1.1\r\nHost: localhost\r\n"
        )
        say(demonstration, head + b"User-Agent: canary-" + line + b"\r\nConnection: close\r\n\r\n")
    lines = demonstration.log.read_text("utf-8").splitlines()[before:]
    told = [json.loads(line) for line in lines if line.startswith("{")]
    assert len(told) >= len(lists.read("injection")[::3]) - 5
    for one in told:
        assert {"event", "level", "timestamp"} <= set(one)
        assert datetime.fromisoformat(one["timestamp"]).utcoffset() == timedelta(0)
    refused = [one for one in told if one.get("status") == 404]
    assert refused
    assert "canary" not in "\n".join(lines)
    assert "forged" not in "\n".join(lines)
