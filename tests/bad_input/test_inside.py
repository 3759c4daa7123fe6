"""Nobody makes this site ask an address for them, least of all one that lies inside."""

from __future__ import annotations

import socket
import time

import pytest

from community.accounts.oidc.wire import Unreachable, get_json
from community.core.jobs import run_waiting_jobs
from tests.accounts.oidc.test_wire import production
from tests.bad_input import lists
from tests.rules import route_table, things
from tests.rules.place import undone

SENT = {row.endpoint: row for row in reversed(route_table.read()) if row.method == "POST"}.values()


@pytest.fixture
def canary():
    """Listens on this machine; ``touched()`` says whether anybody came."""
    with socket.create_server(("127.0.0.1", 0)) as door:
        door.settimeout(0.01)

        def touched():
            try:
                door.accept()[0].close()
            except TimeoutError:
                return False
            return True

        yield door.getsockname()[1], touched


def test_no_address_that_lies_inside_is_asked(app, canary, monkeypatch):
    """By the one part of the program that asks anybody: what a name resolves to counts, not what it says."""
    port, touched = canary
    real = socket.getaddrinfo

    def here_alone(host, *more, **named):
        """As the machine resolves them, without asking the network for names that it does not know."""
        try:
            return real(host, *more, **{**named, "flags": socket.AI_NUMERICHOST})
        except socket.gaierror:
            if str(host).rstrip(".").lower().startswith(("localhost", "ip6-")):
                return real("127.0.0.1", *more, **named)
            raise

    monkeypatch.setattr(socket, "getaddrinfo", here_alone)
    with production(app):
        for host in lists.read("inside"):
            started = time.monotonic()
            with pytest.raises(Unreachable):
                get_json(f"https://{host}:{port}/")
            assert time.monotonic() - started < 2.5, host  # less than it would wait for an answer
    assert not touched()


def test_no_form_of_the_site_asks_for_an_address_that_it_was_given(place, canary):
    port, touched = canary
    address = f"http://127.0.0.1:{port}/canary"
    said = f"{address} [x]({address}) ![x]({address}) <{address}>"
    for row in SENT:
        who = next((who for who, answer in row.answers.items() if answer == "done"), "administrator")
        form = things.form(place.world, row.endpoint, row.thing)
        texts = {name: said for name in form if name in {"title", "body", "text", "reason", "words"}}
        if not texts:
            continue
        more = dict.fromkeys(("url", "source", "website", "next", "callback", "avatar"), address)
        path = place.path(row.endpoint, row.thing)
        with undone(place.app):
            place._open(who, path, method="POST", data={**more, **form, **texts})
            with place.app.app_context():
                run_waiting_jobs()
    assert not touched()
