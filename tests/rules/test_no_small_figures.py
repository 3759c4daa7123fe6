"""A community of fifteen, in which all is small: no figure about a few people stands anywhere in public.

Acts that one sees one by one (three replies, four thanks) are no such figures (ARCHITECTURE section 8).
"""

from __future__ import annotations

import re

import pytest

from tests.rules.route_table import read

# Where figures stand: cells of tables and tiles, words with a number, what is drawn.
CELLS = re.compile(r'<t[dh][^>]*class="[^"]*\br\b[^"]*"[^>]*>\s*([1-5])\s*<')
TILES = re.compile(r'<dd class="big">\s*([1-5])\s*<')
PEOPLE = re.compile(
    r"\b([1-5])[ \u00a0]"
    r"(members?|membres?|people|persons?|personnes?|referrals?|orientations?|testimon(?:y|ies)|témoignages?)\b",
    re.IGNORECASE,
)
# Of a table of figures as CSV, between its commas; as JSON, after its names.
LISTED = re.compile(r'(?m)(?<=,)[1-5](?=,|\r?$)|"(?:referred|taken_in|waiting|no_word|count)": ?[1-5]\b')
DRAWN = re.compile(r"<text[^>]*>\s*([1-5])\s*</text>")
FIGURES = (
    *("routing.first_answers", "moderation.transparency", "testimonies.list_all"),
    *(
        "directory_rates.page",
        "directory_rates.as_csv",
        "directory_rates.as_json",
        "routing.first_answers_csv",
    ),
)
PUBLIC = [row for row in read() if row.method == "GET" and row.answers["visitor"] == "200"]
KINDS = {row.endpoint: row for row in reversed(PUBLIC)}  # one page of each kind


@pytest.mark.parametrize(("lang", "kinds"), [("en", tuple(KINDS)), ("fr", FIGURES)])
def test_no_public_page_tells_a_count_of_one_to_five_people(place, lang, kinds):
    assert set(KINDS) >= set(FIGURES)
    found = []
    for kind in kinds:
        answer = place.browsers["visitor"].get(place.path(kind, KINDS[kind].thing, lang))
        if answer.mimetype.startswith(("text/", "application/json")):
            found += [f"{kind}: {hit}" for hit in small(kind, answer)]
    assert not found


def small(kind, answer):
    """The small figures of an answer. What is drawn elsewhere numbers things: only figures are figures."""
    patterns: tuple[re.Pattern[str], ...] = (
        (CELLS, TILES, PEOPLE, DRAWN) if kind in FIGURES else (CELLS, TILES, PEOPLE)
    )
    if answer.mimetype != "text/html":
        patterns = (LISTED,)
    text = answer.get_data(as_text=True)
    return [hit.group(0) for one in patterns for hit in one.finditer(text)]


@pytest.mark.parametrize(
    ("pattern", "told"),
    [
        (CELLS, '<td class="r">4</td>'),
        (TILES, '<dd class="big">2</dd>'),
        (DRAWN, '<text x="1%" y="20">3</text>'),
        (PEOPLE, "<p>5\u00a0personnes</p>"),
        (LISTED, "2026-10,qc,4,,"),
        (LISTED, '{"referred": 3}'),
    ],
)
def test_a_small_figure_would_be_found(pattern, told):
    assert pattern.search(told)
    assert not pattern.search(
        told.replace("4", "40").replace("2<", "20<").replace("3", "33").replace("5", "55")
    )
