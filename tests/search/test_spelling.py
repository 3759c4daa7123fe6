"""Spelling: what a misspelt word is compared with, and which word was likely meant."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from community.search.spelling import (
    MOST_CORRECTIONS,
    asked_keys,
    can_be_corrected,
    distance,
    likeliest,
    near_keys,
    rewritten,
    shown_forms,
    sound,
)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("metadonne", "méthadone"),
        ("bupernorfine", "buprénorphine"),
        ("naloxonne", "naloxone"),
        ("fentanil", "fentanyl"),
        ("lhebergement", "hébergement"),
        ("grosesse", "grossesse"),
        ("itinerence", "itinérance"),
        ("farmacien", "pharmacien"),
        ("ordonance", "ordonnance"),
        ("precipitte", "précipité"),
        ("hepatitte", "hépatite"),
        ("dépandance", "dépendance"),
        ("consomation", "consommation"),
        ("perscription", "prescription"),
        ("psycose", "psychose"),
        ("seringe", "seringue"),
        ("withdrawl", "withdrawal"),
        ("methanphetamine", "methamphetamine"),
    ],
)
def test_usual_mistakes_share_a_key_with_the_word(typed: str, meant: str) -> None:
    assert asked_keys(typed) & near_keys(meant)
    assert likeliest(typed, [(meant, 1), ("tout", 9), ("autre", 9)])[0] == meant


@pytest.mark.parametrize(
    ("one", "other", "apart"),
    [("", "", 0), ("a", "", 1), ("abc", "acb", 1), ("abc", "abd", 1), ("dose", "doses", 1), ("ab", "cd", 2)],
)
def test_how_far_two_words_are_apart(one: str, other: str, apart: int) -> None:
    assert distance(one, other) == distance(other, one) == apart


def test_of_two_near_words_the_one_seen_more_comes_first() -> None:
    assert likeliest("dosse", [("dosée", 1), ("doses", 9)])[0] == "doses"


def test_a_word_too_far_away_is_not_proposed() -> None:
    assert likeliest("sevrage", [("orage", 50), ("fromage", 50)]) == []


@pytest.mark.parametrize("word", ["abc", "a1b2", "12345", "the", "x" * 40, "", "aujourd'hui"])
def test_short_odd_and_small_words_are_not_judged(word: str) -> None:
    assert not can_be_corrected(word)


def test_a_word_is_shown_with_its_accents_when_these_are_seen() -> None:
    assert shown_forms([("methadone", 5), ("méthadone", 2), ("sévrage", 0), ("sevrage", 1)]) == [
        ("méthadone", 2),
        ("sevrage", 1),
    ]


@pytest.mark.parametrize(
    ("text", "meant", "said"),
    [
        ("metadone et grossesse", {"metadone": "méthadone"}, "méthadone et grossesse"),
        ("l’hebergment d’urgence", {"hebergment": "hébergement"}, "l’hébergement d’urgence"),
        ("METADONE ?", {"metadone": "méthadone"}, "méthadone ?"),
        ("rien", {}, "rien"),
    ],
)
def test_only_the_misspelt_word_is_replaced(text: str, meant: dict[str, str], said: str) -> None:
    assert rewritten(text, meant) == said


words = st.text(alphabet="abcdefghiklmnopqrstuvxyzéèàçœ", max_size=14)


@given(words, words)
def test_the_distance_is_one_of_edits(one: str, other: str) -> None:
    apart = distance(one, other)
    assert abs(len(one) - len(other)) <= apart <= max(len(one), len(other))
    assert (apart == 0) == (one == other)


@given(words)
def test_a_word_is_near_itself_and_bounded(word: str) -> None:
    assert sound(word) == "" or asked_keys(word) & near_keys(word)
    assert len(near_keys(word)) <= 2 * len(word) + 2  # an x sounds like two letters


@given(words, st.lists(st.tuples(words, st.integers(1, 9)), max_size=12))
def test_proposals_are_few_and_other_words(word: str, known: list[tuple[str, int]]) -> None:
    found = likeliest(word, known)
    assert len(found) <= MOST_CORRECTIONS
    assert word not in found
