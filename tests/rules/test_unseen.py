"""What somebody may not see answers like what does not exist: the same bytes, the same headers."""

from __future__ import annotations

import re
from urllib.parse import quote

import pytest
from flask import url_for

from tests.rules import route_table, things

UNSEEN = [
    row for row in route_table.read() if row.method == "GET" and row.thing and "404" in row.answers.values()
]
# Made anew for every answer, whatever is asked.
_OWN = (
    (re.compile(rb'(name="csrf_token" value=")[^"]*'), rb"\1"),
    (re.compile(rb'(name="idem" value=")[^"]*'), rb"\1"),
)


def plain(answer, address):
    """The whole answer without its own address and what differs between any two answers."""
    body = answer.get_data().replace(address.encode(), b"ADDRESS")
    body = body.replace(quote(address, safe="").encode(), b"ADDRESS")
    for path in (address.replace("/en/", "/fr/", 1), quote(address.replace("/en/", "/fr/", 1), safe="")):
        body = body.replace(path.encode(), b"OTHER")
    for pattern, kept in _OWN:
        body = pattern.sub(kept, body)
    headers = sorted((n, v) for n, v in answer.headers if n not in {"Set-Cookie", "X-Request-Id"})
    return answer.status, headers, body


def address_of(place, row, values):
    if place.app.url_map.is_endpoint_expecting(row.endpoint, "lang"):
        values = {**values, "lang": "en"}
    with place.app.test_request_context():
        return url_for(row.endpoint, **values)


@pytest.mark.parametrize("row", UNSEEN, ids=str)
def test_unseen_and_never_made_answer_alike(place, row):
    real = things.values(place.world, row.thing)
    address = address_of(place, row, real)
    other = address_of(place, row, {name: things.made_up(name, value) for name, value in real.items()})
    for who in (name for name, answer in row.answers.items() if answer == "404"):
        one = plain(place.ask(who, "GET", address), address)
        none = plain(place.ask(who, "GET", other), other)
        # The length of an address is its own: Content-Length may differ by that and nothing else.
        assert without_length(one) == without_length(none), f"{row} tells {who} that it exists"


def without_length(found):
    status, headers, body = found
    return status, [pair for pair in headers if pair[0] != "Content-Length"], body


def test_there_is_something_to_compare():
    assert UNSEEN
