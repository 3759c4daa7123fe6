"""Every page of the table as somebody hears it who sees nothing of it: one title, nothing of the same name
that does something else, and French that is French, down to its spaces."""

from __future__ import annotations

import re

import pytest

from tests.journeys.inspection import sentences
from tests.rules import route_table
from tests.rules.heard import Heard

ROWS = [row for row in route_table.read() if row.method == "GET" and "200" in row.answers.values()]
# Shows each part of a page, some of them twice.
COMPONENTS = "core.components"
ASKING = ("visitor", "member", "coordinator", "administrator")
# A space at which a line may break before a sign that begins none, or after one that ends none, no space at
# all, and marks of a typewriter. U+00A0 and U+202F are right.
NOT_FRENCH = re.compile(r"[ \n][:;?!»%](?!\w)|«(?![\u00a0\u202f])|['\"]|\w[;?!»](?!\w)")


def who_ask(row):
    """Those who are asked for a line: people without and with duties, else the first who may."""
    may = [who for who, answer in row.answers.items() if answer == "200"]
    return [who for who in ASKING if who in may] or may[:1]


@pytest.fixture(scope="module", params=["fr", "en"])
def pages(request, place):
    """Every whole page of the table in one language: who asked for what, and what was heard."""
    found = []
    for row in ROWS:
        address = place.path(row.endpoint, row.thing, request.param)
        for who in who_ask(row):
            answer = place.ask(who, "GET", address)
            page = answer.get_data(as_text=True) if "text/html" in answer.headers["Content-Type"] else ""
            if page.startswith("<!doctype html>"):
                found.append((f"{row} as {who}", row.endpoint, Heard.of(page, address)))
    assert len({endpoint for _, endpoint, _ in found}) > 100
    return request.param, found


def told(faults):
    assert not faults, "\n".join(sorted(set(faults))[:60])


def test_each_has_one_title_and_headings_that_leave_no_level_out(pages):
    faults = []
    for where, _, heard in pages[1]:
        levels = [level for level, _ in heard.headings()]
        after_title = levels[levels.index(1) :] if 1 in levels else []
        if levels.count(1) != 1 or any(b > a + 1 for a, b in zip(after_title, after_title[1:], strict=False)):
            faults.append(f"{where}: {heard.headings()}")
    told(faults)


def test_nothing_of_the_same_name_leads_elsewhere(pages):
    told(
        [
            f"{where}: {one}"
            for where, endpoint, heard in pages[1]
            if endpoint != COMPONENTS
            for one in heard.alike()
        ]
    )


def test_each_id_is_there_once_and_what_points_at_one_finds_it(pages):
    faults = []
    for where, endpoint, heard in pages[1]:
        faults += [f"{where}: {one}" for one in heard.dangling()]
        if endpoint != COMPONENTS:
            faults += [
                f"{where}: {id} {len(those)} times" for id, those in heard.ids.items() if len(those) > 1
            ]
    told(faults)


def test_no_sentence_is_of_the_other_language(pages):
    lang, found = pages
    other = sentences("en" if lang == "fr" else "fr")
    told(
        [
            f"{where}: {text!r}"
            for where, _, heard in found
            for text in said(heard, lang)
            if other(text.strip())
        ]
    )


def test_french_keeps_its_signs_together(pages):
    lang, found = pages
    if lang == "fr":
        told(
            [
                f"{where}: {text!r}"
                for where, _, heard in found
                for text in said(heard, lang)
                if NOT_FRENCH.search(text)
            ]
        )


def said(heard, lang):
    """What the site says on a page, each text once."""
    return {text for text in heard.texts(lang) if text.strip()}
