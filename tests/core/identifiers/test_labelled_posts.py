"""What the guard finds of the posts that were frozen before it was written, and of clean ones nothing."""

from __future__ import annotations

import json
from importlib import resources
from pathlib import Path
from typing import Any

import pytest

from community.core.identifiers import KINDS, cues, scan
from community.core.identifiers.measuring import measure

POSTS: list[dict[str, Any]] = [
    json.loads(line)
    for line in Path(__file__).with_name("labelled.jsonl").read_text(encoding="utf-8").splitlines()
]
CHECKED = ("ramq", "ohip", "bc_phn", "sin")
AT_LEAST = {
    **dict.fromkeys(("health_number", "record_number"), 0.95),
    **dict.fromkeys(("phone", "email", "birth_date", "address", "postal_code"), 0.8),
    "name": 0.7,
    "rare_combination": 0.4,
}


@pytest.fixture(scope="module")
def figures() -> dict[str, Any]:
    return measure(POSTS).as_values()


def test_the_set_has_both_languages_alike_and_enough_of_each():
    by_language = [sum(post["lang"] == lang for post in POSTS) for lang in ("fr", "en")]
    assert len(POSTS) >= 240
    assert abs(by_language[0] - by_language[1]) <= 4
    assert sum(not post["findings"] for post in POSTS) >= 100


@pytest.mark.parametrize("lang", ["fr", "en"])
def test_every_valid_number_is_found_and_nearly_every_hidden_one(figures, lang):
    for kind in CHECKED:
        counted = figures[lang]["kinds"][kind]
        assert counted["found"] == counted["labelled"] > 0, kind
    assert figures[lang]["hidden_found"] >= 0.95 * figures[lang]["hidden"]


@pytest.mark.parametrize("lang", ["fr", "en"])
@pytest.mark.parametrize("kind", list(AT_LEAST))
def test_what_has_no_check_is_found_often_enough(figures, lang, kind):
    counted = figures[lang]["kinds"][kind]
    assert counted["found"] >= AT_LEAST[kind] * counted["labelled"] > 0


@pytest.mark.parametrize("lang", ["fr", "en"])
def test_no_clean_post_is_refused_and_few_are_warned_of(figures, lang):
    assert figures[lang]["clean_blocked"] == 0
    assert figures[lang]["clean_warned"] <= 0.05 * figures[lang]["clean"]


@pytest.mark.parametrize("kind", list(KINDS))
def test_french_is_read_as_well_as_english(figures, kind):
    shares = [
        figures[lang]["kinds"][kind]["found"] / figures[lang]["kinds"][kind]["labelled"]
        for lang in ("fr", "en")
    ]
    assert abs(shares[0] - shares[1]) <= 0.05


def test_what_is_found_lies_where_it_was_written():
    for post in POSTS:
        for one in scan(post["text"]).findings:
            assert post["text"][one.start : one.end] == one.words
            assert one.words not in repr(one)


def test_the_figures_that_the_page_shows_are_those_of_today(figures):
    kept = resources.files("community.core").joinpath("data/identifiers_measured.json")
    shown = json.loads(kept.read_text(encoding="utf-8"))
    assert {lang: shown[lang] for lang in ("fr", "en")} == figures


def test_what_is_looked_at_first_hides_no_cue():
    """Each cue holds one of the pieces of words without which a text is not asked for cues."""
    said = [match.group().lower() for post in POSTS for match in cues._CUE.finditer(post["text"])]
    assert len(set(said)) > 40
    assert [words for words in set(said) if not any(stem in words for stem in cues._STEMS)] == []
