"""Whatever is sent in whatever form, no address breaks: a refusal, an error with a sentence, or as usual."""

from __future__ import annotations

import os
from typing import Any
from urllib.parse import quote

import pytest

from ground.sharing import DONE_ELSEWHERE
from tests.bad_input import fields
from tests.bad_input.noting import EVERYTHING, JSON, noting
from tests.rules import route_table, things

TABLE = route_table.read()
# One line of each address is enough: what a form makes of its values does not depend on the thing.
ONE_EACH = list({(row.method, row.endpoint): row for row in reversed(TABLE)}.values())
SENT = [row for row in ONE_EACH if row.method != "GET"]
ASKED = [row for row in ONE_EACH if row.method == "GET"]
KEYED = [row for row in ONE_EACH if row.thing]
# In each field of a form by itself too, where another field keeps all of them from being looked at.
WORST: tuple[str, ...] = ("\x00", "1e400", "9" * 400, "9223372036854775808", "a" * 25_000, *fields.WORDS)
ODD: tuple[str, ...] = (*WORST[:5], "", " \t\n", "-1", "NaN", "2026-02-30", "٣", *fields.MERE_WORDS)
# What a column of words could stumble over: words, none of a text, far too many.
OPAQUE: tuple[str, ...] = (fields.WORDS[0].replace("/", " "), "\x00", "a" * 25_000)
NAMES = (
    *("after", "before", "page", "cursor", "number", "q", "lang", "kind", "space", "region", "theme", "next"),
    *("province", "quote", "written", "answered", "since", "until", "view", "meeting"),
)
WRITTEN_ODDLY: tuple[str, ...] = (
    "?%&=&&=&a=%ff%fe&" + "&".join(f"{name}[]=1&{name}=2&{name}=3" for name in NAMES),
    "?after=%ff",
    "?after=" + "A" * 198,
)
TYPED = "application/x-www-form-urlencoded"
# Bodies that are no form, or hardly one: they are read in one place for all forms.
BODIES: tuple[dict[str, Any], ...] = (
    {"data": b"a=%ff%00%&\xff\xfe", "content_type": TYPED},
    {"data": b"&".join(b"a%d=1" % number for number in range(3000)), "content_type": TYPED},
    {"data": b"--x\r\nbroken", "content_type": "multipart/form-data; boundary=x"},
    {"data": b"", "content_type": "multipart/form-data"},
    {"data": b"body=1", "content_type": "text/plain"},
)
AGAIN = bool(os.environ.get(DONE_ELSEWHERE))
if AGAIN:  # the run on another engine sends everything; this one what reaches a database
    WORST = ("\x00", "9" * 400, "9223372036854775808", "a" * 25_000, *fields.WORDS)
    ODD = (*WORST[:4], "1e400", "-1", "2026-02-30", "٣")
    OPAQUE, WRITTEN_ODDLY = OPAQUE[:2], ()
# What is sent at once: each odd value, and to each field of words the longest text of oddities it takes.
AT_ONCE = (*((value,) for value in ODD), fields.WORDS)


def able(row):
    """Somebody who gets as far as the form is read."""
    return next(
        (who for who, answer in row.answers.items() if answer in {"done", "200", "422"}), "administrator"
    )


def broken(answer):
    """An answer that is no answer, or in which something was worked out of what was sent."""
    return answer.status_code >= 500 or "a=b" in answer.headers.get("Set-Cookie", "")


def taken_together(taken, form):
    """Forms in which all fields that take it hold the same odd value."""
    worth = {name: taken.worth_sending(name, ODD) for name in form}
    for some in AT_ONCE:
        if odd := {name: value for name in form for value in worth[name] if value in some}:
            yield odd


def by_itself(odd):
    """Each field alone, if the value is one of the worst; of fields like "choice:…", of which there may be
    many, one."""
    alike = {name.partition(":")[0]: (name, value) for name, value in odd.items()}
    return [{name: value} for name, value in alike.values() if value in WORST] if len(odd) > 1 else []


def refused_together(taken, form, turn):
    """A form in which each field holds something that it refuses, each form beginning with another."""
    refused = {name: taken.refused(name, ODD) for name in form}
    return {
        name: values[(turn + place) % len(values)]
        for place, (name, values) in enumerate(refused.items())
        if values
    }


@pytest.mark.parametrize("row", SENT, ids=str)
def test_odd_values_in_the_fields_of_a_form_break_nothing(place, row):
    who, address = able(row), place.path(row.endpoint, row.thing)
    form = things.form(place.world, row.endpoint, row.thing)

    def send(odd):
        answer = place.ask(who, row.method, address, data={**form, **odd})
        assert not broken(answer), {name: str(value)[:30] for name, value in odd.items()}
        return answer.status_code

    with fields.asked(form, ODD) as taken:
        let_in = send({}) not in {401, 403, 404, 410}
    for odd in taken_together(taken, form):
        if send(odd) >= 400 and let_in:
            for one in by_itself(odd):
                send(one)
    if not AGAIN and (odd := refused_together(taken, form, row.line)):
        send(odd)


def visible(more, read):
    """What of a request whoever read these names can have seen."""
    if "json" in more or more.get("content_type") == "application/json":
        return repr(more) if JSON in read else ()
    sent = more["data"]
    if EVERYTHING in read:
        return repr(more)
    return bool(sent), tuple((name, repr(sent[name])) for name in sorted(read) if name in sent)


@pytest.mark.parametrize("row", SENT, ids=str)
def test_fields_in_other_forms_break_nothing(place, row):
    who, address = able(row), place.path(row.endpoint, row.thing)
    form = things.form(place.world, row.endpoint, row.thing)
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
    ]

    def send(more):
        assert not broken(place.ask(who, row.method, address, **more)), str(more)[:80]

    with noting(place.app) as read:
        send({"data": form})
        asked = {visible({"data": form}, read)}
        for more in odd:
            if visible(more, read) not in asked:
                send(more)
                asked.add(visible(more, read))
        for more in BODIES if EVERYTHING in read else BODIES[row.line % len(BODIES) :][:1]:
            send(more)


@pytest.mark.parametrize("row", ASKED, ids=str)
def test_odd_values_in_the_query_break_nothing(place, row):
    who, address = able(row), place.path(row.endpoint, row.thing)

    def ask(query):
        answer = place.ask(who, "GET", address, query_string=query)
        assert not broken(answer), str(query)[-40:]

    with noting(place.app) as read:
        ask(dict.fromkeys(NAMES, "\x00"))
        ask(dict.fromkeys(NAMES, "1"))
        names = read - {EVERYTHING, JSON}
    if not names:  # whatever else it says, nobody reads it
        return
    for value in (*(value for value in ODD if value not in fields.MERE_WORDS), fields.WORDS[0]):
        ask(dict.fromkeys((*NAMES, *names), value[:2000]))
    for query in WRITTEN_ODDLY:
        assert not broken(place.ask(who, "GET", address + query)), query


def odd_keys(place, row):
    """Addresses with something odd in place of each key; of a few listed words, nothing else gets in."""
    address = place.path(row.endpoint, row.thing)
    for number, (name, key) in enumerate(things.values(place.world, row.thing).items()):
        rotating = ODD[(row.line + number) % len(ODD)]
        odd = ODD if isinstance(key, int) else (rotating,) if name in things.LISTED else (*OPAQUE, rotating)
        for value in odd:
            yield address.replace(str(key), quote(value[:2000], safe="") or "%20", 1)


@pytest.mark.parametrize("row", KEYED, ids=str)
def test_odd_keys_in_the_address_are_found_nowhere(place, row):
    who = able(row)
    form = things.form(place.world, row.endpoint, row.thing) if row.method != "GET" else None
    kept = {"301", "302", "308", "400", "401", "404", "405", "409", "422"}
    for odd in odd_keys(place, row):
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
