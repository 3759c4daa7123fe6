"""One web server without Redis: who gets in, how much each may say, and that pages never wait for it."""

from __future__ import annotations

import time
from contextlib import suppress
from http.client import HTTPConnection, HTTPResponse
from socket import create_connection
from types import SimpleNamespace
from urllib.parse import urlencode

import pytest
from simple_websocket import ConnectionError as Refused

from community.core.arrival import MOST_HEAD
from tests.live.site import gathered, wait
from tests.live.wire import Shut

SEATS = 4


@pytest.fixture(scope="module")
def site(tmp_path_factory, worker_id):
    with gathered(tmp_path_factory.mktemp("live-one"), f"passerelle_live_one_{worker_id}") as community:
        server = community.serve(REDIS_URL="", LIVE_SEATS=str(SEATS))
        wait(server.ready)
        yield SimpleNamespace(community=community, server=server, cookie=community.cookie)


def test_a_reply_is_told_without_redis(site):
    key = site.community.topic("public-square open")
    wire = let_in(site)
    assert wire.watch(f"topic:{key}")
    words = {"body": "Here.", "lang": "en"}
    form = f"/en/topics/{key}"
    site.server.post(f"{form}/replies", site.cookie("physician"), form, **words)
    assert wire.told("changed")["room"] == f"topic:{key}"
    wire.close()


def test_pages_of_other_sites_are_refused(site):
    own = site.server.address
    foreign = (
        "http://evil.example",
        "null",
        own + ".evil.example",
        own.replace("http", "https", 1),
        own[:-1],
    )
    for origin in foreign:
        with pytest.raises(Refused, match="403"):
            site.server.wire(origin=origin)
    with pytest.raises(Refused, match="403"):
        site.server.wire(site.cookie("member"), origin=None)  # cookies, and no page to say whose
    site.server.wire(origin=None).close()


def test_no_more_sockets_than_seats_and_pages_go_on(site):
    visitors = [let_in(site) for _ in range(SEATS // 2)]
    one_more = site.server.wire()
    assert "full" in str(one_more.refused)  # half of the seats are members'
    assert not one_more.seated
    one_more.close()
    members = [let_in(site, site.cookie("member")) for _ in range(SEATS // 2)]
    with pytest.raises(Refused, match="503"):
        site.server.wire(site.cookie("physician"))
    assert "<h1" in site.server.get("/en/")
    for wire in [*visitors, *members]:
        wire.close()
    let_in(site).close()


def test_ten_thousand_words_are_searched_and_an_address_without_end_is_refused_in_words(site):
    address = "/fr/search?" + urlencode({"q": "logement " * 10_000})
    assert "<h1" in site.server.get(address)
    connection = HTTPConnection(site.server.address.partition("://")[2], timeout=20)
    connection.request("GET", "/fr/search?q=" + "x" * MOST_HEAD)
    answer = connection.getresponse()
    assert (answer.status, answer.getheader("Content-Type")) == (414, "text/plain; charset=utf-8")
    said = answer.read().decode()
    assert "trop longue" in said
    assert "too long" in said
    connection.close()
    assert "<h1" in site.server.get("/fr/")


@pytest.mark.parametrize(
    ("sent", "status"),
    [
        ("GET /en/ HTTP/1.1\r\nMarguerite Tremblay\r\n\r\n", 400),
        ("Marguerite Tremblay\r\n\r\n", 400),
        ("GET /en/?q=Tremblay HTTP/1.1\r\n" + "Tremblay: 1\r\n" * 200 + "\r\n", 431),
        ("GET /en/ HTTP/1.1\r\nExpect: Tremblay\r\n\r\n", 417),
        ("POST /en/ HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\nTremblay\r\n", 400),
    ],
)
def test_what_cannot_be_read_is_refused_in_words_and_is_in_no_log(site, sent, status):
    host, _, port = site.server.address.partition("://")[2].partition(":")
    with create_connection((host, int(port)), timeout=20) as wire:
        wire.sendall(sent.encode())
        answer = HTTPResponse(wire)
        answer.begin()
        said = answer.read().decode()
    assert answer.status == status
    assert "Rien n’a changé." in said
    assert "Nothing changed." in said
    log = site.server.log.read_text()
    assert "Tremblay" not in said + log
    assert "ip=" not in log


def let_in(site, cookie=""):
    """A seat, as soon as the server has noticed that whoever had it before is gone: at the latest when a
    ping stays without answer, 45 seconds after the last one."""
    found = []

    def tried():
        with suppress(Refused):
            wire = site.server.wire(cookie)
            if wire.seated:
                found.append(wire)
                return True
            wire.close()
        time.sleep(0.2)
        return False

    wait(tried, 75)
    return found[0]


@pytest.mark.parametrize(
    "nonsense",
    [
        *("4", "42", "42{", "4garbage", "", "42[]", '451-["x"]', b"\x00\x01"),
        *("5" * 5000, "42" + "[" * 1900, "7", "4" * 2**20),
    ],
    ids=lambda value: repr(value)[:12],
)
def test_what_cannot_be_read_closes_that_one_connection(site, nonsense):
    wire, other = let_in(site), let_in(site, site.cookie("member"))
    wire.say(nonsense)
    assert wire.is_shut()
    wire.close()  # it only said good-bye, and this end holds on to the rest
    assert other.watch("queue")
    other.close()
    assert "Traceback" not in site.server.log.read_text()


@pytest.mark.parametrize(
    "said",
    [
        ["made-up", {"a": 1}],
        ["watch"],
        ["watch", {"room": "queue"}],
        ["watch", 7],
        ["watch", "queue", "queue"],
        ["watch", "x" * 200],
        ["watch", "topic:' OR 1=1 --"],
        ["leave", None],
    ],
    ids=str,
)
def test_what_is_not_understood_is_answered(site, said):
    wire = let_in(site)
    assert wire.ask(*said) == {"ok": False}
    wire.close()
    assert "Traceback" not in site.server.log.read_text()


def test_who_says_too_much_is_closed(site):
    wire = let_in(site)
    try:
        for _ in range(200):
            wire.say('42["watch","queue"]')
    except Shut:
        return
    assert wire.is_shut()
