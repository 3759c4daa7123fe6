"""Whatever is sent in whatever form, no address breaks: a refusal, an error with a sentence, or as usual."""

from __future__ import annotations

import os
from typing import Any, ClassVar
from urllib.parse import quote

import pytest
from werkzeug.datastructures import ImmutableMultiDict

from ground.sharing import DONE_ELSEWHERE
from tests.rules import route_table, things

TABLE = route_table.read()
# One line of each address is enough: what a form makes of its values does not depend on the thing.
ONE_EACH = {(row.method, row.endpoint): row for row in reversed(TABLE)}.values()
SENT = [row for row in ONE_EACH if row.method != "GET"]
ASKED = [row for row in ONE_EACH if row.method == "GET"]
KEYED = [row for row in ONE_EACH if row.thing]
# In each field in turn, and in all at once.
WORST: tuple[str, ...] = (
    "\x00",
    "1e400",
    "9" * 400,
    "9223372036854775808",
    "\u202egnp.\U0001f47b",
    "a" * 25_000,
)
# Of these and the others, what reaches the database and what an engine of its own could stumble over.
MINDED = ("\x00", "9" * 400, "9223372036854775808", "a" * 25_000)
ODD: tuple[str, ...] = (
    *WORST,
    "",
    " \t\n",
    "-1",
    "NaN",
    "null",
    "' OR 1=1 --",
    "{{7*7}}${7*7}%s%n",
    "../../etc/passwd",
    "<script>alert(1)</script>",
    "line\r\nSet-Cookie: a=b",
    "2026-02-30",
    "٣",
)
NAMES = (
    *("after", "before", "page", "cursor", "number", "q", "lang", "kind", "space", "region", "theme", "next"),
    *("province", "quote", "written", "answered", "since", "until", "view", "meeting"),
)
WRITTEN_ODDLY: tuple[str, ...] = (
    "?" + "&".join(f"{name}[]=1&{name}=2&{name}=3" for name in NAMES),
    *("?%", "?=&&=&", "?a=%ff%fe&after=%ff", "?after=" + "A" * 198),
)
if os.environ.get(DONE_ELSEWHERE):  # the run on another engine sends everything
    WORST, ODD = MINDED, (*MINDED, "1e400", "-1", "2026-02-30", "٣", "' OR 1=1 --")
    WRITTEN_ODDLY = ()


def able(row):
    """Somebody who gets as far as the form is read."""
    return next(
        (who for who, answer in row.answers.items() if answer in {"done", "200", "422"}), "administrator"
    )


def broken(answer):
    """An answer that is no answer, or in which something was worked out of what was sent."""
    return answer.status_code >= 500 or "a=b" in answer.headers.get("Set-Cookie", "")


@pytest.mark.parametrize("row", SENT, ids=str)
def test_odd_values_in_the_fields_of_a_form_break_nothing(place, row):
    who, address = able(row), place.path(row.endpoint, row.thing)
    form = things.form(place.world, row.endpoint, row.thing)
    sent = [dict.fromkeys(form, value) for value in ODD]
    sent += [{**form, name: value} for name in form for value in WORST]
    for fields in sent:
        answer = place.ask(who, row.method, address, data=fields)
        assert not broken(answer), {name: str(value)[:30] for name, value in fields.items()}


@pytest.mark.parametrize("row", SENT, ids=str)
def test_fields_in_other_forms_break_nothing(place, row):
    who, address = able(row), place.path(row.endpoint, row.thing)
    form = things.form(place.world, row.endpoint, row.thing)
    typed = "application/x-www-form-urlencoded"
    odd: list[dict[str, Any]] = [
        {"data": {name: [value, value, "x"] for name, value in form.items()}},
        {"data": {f"{name}[a][b]": value for name, value in form.items()}},
        {"data": {f"{name}-0": value for name, value in form.items()}},
        {"data": {}},
        {"json": form},
        {"json": {name: {"$ne": 1} for name in form}},
        {"json": {"place": 7, "fields": {"body": {"a": [1]}}}},
        {"json": [form]},
        {"json": 1e308},
        {"data": b"[" * 50_000, "content_type": "application/json"},
        {"data": b'{"a": 1e400, "b": NaN}', "content_type": "application/json"},
        {"data": b"a=%ff%00%&\xff\xfe", "content_type": typed},
        {"data": b"&".join(b"a%d=1" % number for number in range(3000)), "content_type": typed},
        {"data": b"--x\r\nbroken", "content_type": "multipart/form-data; boundary=x"},
        {"data": b"", "content_type": "multipart/form-data"},
        {"data": b"body=1", "content_type": "text/plain"},
    ]
    for more in odd:
        assert not broken(place.ask(who, row.method, address, **more)), str(more)[:80]


class Query(ImmutableMultiDict[str, str]):
    """The query of an address, which notes what is read of it."""

    read: ClassVar[set[str]] = set()

    def __getitem__(self, name: str) -> str:
        self.read.add(name)
        return super().__getitem__(name)

    def __contains__(self, name: object) -> bool:
        self.read.add(str(name))
        return super().__contains__(name)

    def getlist(self, name: str, *more: Any, **types: Any) -> list[Any]:  # type: ignore[override]
        self.read.add(name)
        return super().getlist(name, *more, **types)


@pytest.fixture
def query(place, monkeypatch):
    """``query(who, address, value)``: what is read of the query when each of its names has this value."""
    noting = type("Noting", (place.app.request_class,), {"parameter_storage_class": Query})
    monkeypatch.setattr(place.app, "request_class", noting)

    def read_of(who, address, value):
        Query.read.clear()
        answer = place.ask(who, "GET", address, query_string=dict.fromkeys(NAMES, value))
        assert not broken(answer), repr(value[:40])
        return set(Query.read)

    return read_of


@pytest.mark.parametrize("row", ASKED, ids=str)
def test_odd_values_in_the_query_break_nothing(place, query, row):
    who, address = able(row), place.path(row.endpoint, row.thing)
    names = query(who, address, "\x00") | query(who, address, "1")
    if not names:  # whatever else it says, nobody reads it
        return
    for value in ODD:
        sent = dict.fromkeys((*NAMES, *names), value[:2000])
        assert not broken(place.ask(who, "GET", address, query_string=sent)), repr(value[:40])
    for query in WRITTEN_ODDLY:
        assert not broken(place.ask(who, "GET", address + query)), query


@pytest.mark.parametrize("row", KEYED, ids=str)
def test_odd_keys_in_the_address_are_found_nowhere(place, row):
    who, real = able(row), things.values(place.world, row.thing)
    address = place.path(row.endpoint, row.thing)
    form = things.form(place.world, row.endpoint, row.thing) if row.method != "GET" else None
    kept = {"301", "302", "308", "400", "401", "404", "405", "409", "422"}
    for key in map(str, real.values()):
        for value in ODD:
            odd = address.replace(key, quote(value[:2000], safe="") or "%20", 1)
            answer = place.ask(who, row.method, odd, data=form)
            assert str(answer.status_code) in kept, odd[:80]
            assert not set(place.written) - {"draft"}  # what could not be sent is kept for its writer


@pytest.mark.parametrize("row", KEYED, ids=str)
def test_an_address_written_another_way_opens_nothing_more(place, row):
    """Case, slashes, dots and encodings lead to the same answer, or to none."""
    who = next((who for who, answer in row.answers.items() if answer == "404"), "")
    if not who:
        return
    address = place.path(row.endpoint, row.thing)
    form = things.form(place.world, row.endpoint, row.thing) if row.method != "GET" else None
    other = [address + "/", address + "//", address + ";a=b", address + "%2f", address + "/.", "/" + address]
    other += [
        address.replace("/en/", "/EN/"),
        address.replace("/", "/./", 1),
        address.replace("/en/", "/en//"),
    ]
    for odd in other:
        answer = place.ask(who, row.method, odd, data=form)
        assert answer.status_code in {301, 302, 308, 404, 405}, odd
        assert not set(place.written) - {"draft"}
