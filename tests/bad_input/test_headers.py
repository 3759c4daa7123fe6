"""Refusals carry what protects their reader too, and cookies; tests/rules asks it of every page."""

from __future__ import annotations

import pytest

from tests.rules.answers import unsafe


@pytest.mark.parametrize(
    ("method", "address", "status"),
    [
        ("GET", "/en/nothing-here", 404),
        ("GET", "/static/nothing.css", 404),
        ("GET", "/static/../config.py", 404),
        ("GET", "/static/%2e%2e/config.py", 404),
        ("DELETE", "/en/", 405),
        ("POST", "/en/menu", 405),
        ("TRACE", "/en/", 405),
        ("GET", "/en", 308),
        ("HEAD", "/en/", 200),
        ("OPTIONS", "/en/", 200),
    ],
)
def test_refusals_are_protected_too(place, method, address, status):
    answer = place.ask("visitor", method, address)
    assert answer.status_code == status
    assert not unsafe(answer)


@pytest.mark.parametrize("host", ["a" * 64, ".", "..", "a..b", f"{'a' * 64}.example:80"])
@pytest.mark.parametrize(("method", "address"), [("GET", "/"), ("GET", "/en/nothing"), ("POST", "/en/theme")])
def test_a_host_that_is_none_is_refused_in_a_sentence(place, method, address, host):
    answer = place.ask("visitor", method, address, environ_overrides={"HTTP_HOST": host})
    assert answer.status_code == 400
    assert answer.get_data(as_text=True)
    assert host not in answer.get_data(as_text=True) or len(host) < 5
    assert not unsafe(answer)


def test_what_is_not_taken_says_what_is(place):
    answer = place.ask("visitor", "DELETE", "/en/")
    assert answer.status_code == 405
    assert set(answer.headers["Allow"].split(", ")) == {"GET", "HEAD", "OPTIONS"}


def test_a_cookie_stays_with_this_site_and_out_of_scripts(place):
    answer = place.ask("visitor", "GET", "/en/menu")
    for cookie in answer.headers.getlist("Set-Cookie"):
        words = {word.strip().lower() for word in cookie.split(";")[1:]}
        assert "httponly" in words
        assert words & {"samesite=lax", "samesite=strict"}
        assert "path=/" in words
        assert not any(word.startswith("domain") for word in words)


@pytest.mark.parametrize("words", ["a" * (2 * 1024 * 1024 + 10)])
def test_more_than_two_mebibytes_are_refused_unread(place, words):
    answer = place.ask("member", "POST", "/en/theme", data={"theme": words})
    assert answer.status_code == 413
    assert not unsafe(answer)


def test_a_body_that_says_it_is_huge_is_refused_unread(place):
    answer = place.ask(
        "member",
        "POST",
        "/en/theme",
        data=b"theme=dark",
        content_type="application/x-www-form-urlencoded",
        environ_overrides={"CONTENT_LENGTH": str(10**12)},
    )
    assert answer.status_code == 413


@pytest.mark.parametrize("lang", ["fr", "en"])
def test_a_page_that_says_to_search_has_where_to(client, lang):
    answer = client.post(f"/{lang}/menu")
    assert answer.status_code == 405
    assert 'id="error-search"' in answer.text
