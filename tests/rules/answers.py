"""What an answer says: in the words of the table, of what protects its reader, and but for its own."""

from __future__ import annotations

import re
from functools import cache
from urllib.parse import quote

FIXED = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
}
NONE = ("default-src", "object-src", "base-uri", "frame-ancestors")
# Made anew for every answer, whatever is asked.
_OWN = (
    (re.compile(rb'(name="csrf_token" value=")[^"]*'), rb"\1"),
    (re.compile(rb'(name="idem" value=")[^"]*'), rb"\1"),
)


def said(answer):
    """An answer in the words of the table."""
    place = answer.headers.get("Location", "")
    if answer.status_code in {301, 302, 303, 307, 308}:
        led_to = place.partition("?")[0]
        if led_to.endswith("/sign-in/again"):
            return "again"
        return "sign-in" if led_to.endswith("/sign-in") else "done"
    return "done" if answer.status_code in {201, 204} else str(answer.status_code)


def agrees(wanted, answer):
    """Whether this is the answer the table gives; an act that answers with a page is done as well."""
    got = said(answer)
    return got == wanted or (wanted == "done" and got == "200")


def unsafe(answer):
    """What is wrong with the headers of an answer."""
    found = [f"{n}: {answer.headers.get(n)}" for n, v in FIXED.items() if answer.headers.get(n) != v]
    found += _allowed(answer.headers["Content-Security-Policy"])
    if "X-Powered-By" in answer.headers:
        found.append("the program says what it runs on")
    return found


@cache
def _allowed(policy):
    parts = [part.split() for part in policy.split(";") if part.strip()]
    rules = {words[0]: set(words[1:]) for words in parts}
    found = [f"{name} is open" for name in NONE if rules.get(name) != {"'none'"}]
    found += [
        f"{word} in {name}"
        for name, words in rules.items()
        for word in words
        if word not in {"'self'", "'none'"}
    ]
    return found


def kept_wrongly(who, endpoint, answer):
    """What is wrong with what an answer says to caches."""
    kept = answer.headers.get("Cache-Control", "")
    # What is at the door says the same to everybody: nobody is asked who they are.
    if who != "visitor" and not endpoint.startswith(("door.", "hsds.")):
        return [] if "no-store" in kept else [f"Cache-Control is {kept!r}"]
    public = "public" in kept and answer.headers.getlist("Set-Cookie")
    return ["a shared cache would keep a cookie"] if public else []


def plain(answer, address):
    """The whole answer without its own address and what differs between any two answers.

    The length of an address is its own: Content-Length may differ by that and nothing else.
    """
    body = answer.get_data().replace(address.encode(), b"ADDRESS")
    body = body.replace(quote(address, safe="").encode(), b"ADDRESS")
    for path in (address.replace("/en/", "/fr/", 1), quote(address.replace("/en/", "/fr/", 1), safe="")):
        body = body.replace(path.encode(), b"OTHER")
    for pattern, kept in _OWN:
        body = pattern.sub(kept, body)
    own = {"Set-Cookie", "X-Request-Id", "Content-Length"}
    return answer.status, sorted((n, v) for n, v in answer.headers if n not in own), body
