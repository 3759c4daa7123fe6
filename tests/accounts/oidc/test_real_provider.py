"""The same ways with a provider that others wrote: npm's oidc-provider, served by the tests."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Iterator
from dataclasses import replace
from http.cookiejar import CookieJar
from pathlib import Path
from urllib.error import HTTPError
from urllib.parse import urlencode, urljoin, urlsplit
from urllib.request import HTTPCookieProcessor, HTTPRedirectHandler, build_opener

import pytest

from community.accounts.oidc import discovery
from config import ROOT, Provider
from ground.frontend import find_node
from tests.accounts.oidc import acts

CLIENT, SECRET = "passerelle", "a secret of two who know it"
BACK = "http://127.0.0.1:8000/oidc/real/back"


@pytest.fixture(scope="module")
def issuer() -> Iterator[str]:
    """Where the provider answers."""
    there = (ROOT / "node_modules" / "oidc-provider").is_dir()
    assert there, "npm’s packages are missing: python3 dev.py assets"
    script = Path(__file__).with_name("provider.mjs")
    words = [find_node().program, script, BACK, CLIENT, SECRET]
    running = subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    assert running.stdout
    said = running.stdout.readline().strip()
    assert said.startswith("http://127.0.0.1:"), "the provider did not start: is this Node 20 or newer?"
    yield said
    running.kill()
    running.wait()
    running.stdout.close()


@pytest.fixture
def known(app, issuer) -> Iterator[None]:
    """The application knows it."""
    before = app.extensions["settings"]
    one = Provider("real", issuer, CLIENT, SECRET, {"fr": "Fournisseur", "en": "Provider"}, False)
    app.extensions["settings"] = replace(before, providers=(one,))
    discovery.forget()
    yield
    app.extensions["settings"] = before


class _StopsAtUs(HTTPRedirectHandler):
    def redirect_request(self, request, answer, code, words, headers, address):
        """Follow the provider to itself, not to the site."""
        if address.startswith(BACK):
            return None
        return super().redirect_request(request, answer, code, words, headers, address)


class Person:
    """Somebody at the provider, with the cookies it set."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.browser = build_opener(HTTPCookieProcessor(CookieJar()), _StopsAtUs)

    def signs_in(self, address: str) -> str:
        """Go through its forms until it sends the browser back; where to."""
        sent: bytes | None = None
        for _page in range(6):
            try:
                with self.browser.open(address, sent, timeout=10) as answer:
                    page, here = answer.read().decode(), answer.url
            except HTTPError as led:
                with led:
                    parts = urlsplit(str(led.headers["Location"]))
                return f"{parts.path}?{parts.query}"
            address = urljoin(here, acts.found(r'action="([^"]+)"', page))
            hidden = dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', page))
            sent = urlencode({**hidden, "login": self.name, "password": "any"}).encode()
        raise AssertionError("the provider asks on and on")


def test_somebody_joins_comes_back_and_proves_again_with_a_real_provider(client, app, known):
    anna = Person("anna")
    assert client.get(anna.signs_in(acts.leave(client, "real"))).location == "/en/join/elsewhere"
    assert acts.write_down(client, acts.join(client)).location == "/en/sign-in"
    assert client.get(anna.signs_in(acts.leave(client, "real"))).location == "/en/"
    assert "Ines Calder" in client.get("/en/names").text

    again = anna.signs_in(acts.leave(client, "real", purpose="again", next="/en/names/all"))
    assert client.get(again).location == "/en/names/all"
    assert client.get("/en/names/all").status_code == 200

    stranger = app.test_client()
    used = anna.signs_in(acts.leave(stranger, "real"))
    assert client.get(used).location.endswith("/sign-in")  # the answer to another browser
    other = Person("bernard").signs_in(acts.leave(stranger, "real"))
    assert stranger.get(other).location == "/en/join/elsewhere"
    assert acts.faults() == ["state"]
