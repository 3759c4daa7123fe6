"""Every answer carries what protects its reader: pages, refusals, files, redirects, for everybody."""

from __future__ import annotations

import pytest

from tests.rules import route_table

ROWS = [row for row in route_table.read() if row.method == "GET"]
# What is at the door says the same to everybody: nobody is asked who they are.
ASKED_BY = ("visitor", "lived", "administrator")
FIXED = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
}
NONE = ("default-src", "object-src", "base-uri", "frame-ancestors")


def policy(answer):
    parts = [part.split() for part in answer.headers["Content-Security-Policy"].split(";") if part.strip()]
    return {words[0]: set(words[1:]) for words in parts}


def unsafe(answer):
    """What is wrong with the headers of an answer."""
    found = [f"{n}: {answer.headers.get(n)}" for n, v in FIXED.items() if answer.headers.get(n) != v]
    rules = policy(answer)
    found += [f"{name} is open" for name in NONE if rules.get(name) != {"'none'"}]
    found += [
        f"{word} in {name}"
        for name, words in rules.items()
        for word in words
        if word not in {"'self'", "'none'"}
    ]
    if "X-Powered-By" in answer.headers:
        found.append("the program says what it runs on")
    return found


@pytest.mark.parametrize("row", ROWS, ids=str)
def test_every_answer_is_protected(place, row):
    for who in ASKED_BY:
        answer = place.row(who, "GET", row.endpoint, row.thing)
        assert not unsafe(answer), f"{who}: {unsafe(answer)}"
        kept = answer.headers.get("Cache-Control", "")
        if who != "visitor" and not row.endpoint.startswith(("door.", "hsds.")):
            assert "no-store" in kept, f"{who}: Cache-Control is {kept!r}"
        else:
            assert "public" not in kept or not answer.headers.getlist("Set-Cookie"), (
                "a shared cache would keep a cookie"
            )


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
