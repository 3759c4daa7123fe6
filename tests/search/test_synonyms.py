"""Synonyms: the words of the field, both languages, phrases among them."""

import tomllib
from importlib import resources

import pytest
from hypothesis import given
from hypothesis import strategies as st

from community.search.synonyms import EQUAL, MOST_TERMS, NARROWER, synonyms_of
from community.search.words import query_words


def asked(text: str) -> dict[str, float]:
    return {" ".join(one.words): one.weight for one in synonyms_of(query_words(text))}


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("TAO", "opioid agonist treatment"),
        ("OAT", "tao"),
        ("traitement par agonistes opioïdes", "oat"),
        ("traitements par agoniste opioide", "oat"),
        ("TUO", "oud"),
        ("OUD", "trouble lié usage opioïdes"),
        ("AUD", "tua"),
        ("Suboxone", "buprénorphine naloxone"),
        ("buprenorphine", "suboxone"),
        ("Sublocade", "buprénorphine libération prolongée"),
        ("Kadian", "slow release oral morphine"),
        ("morphine à libération lente", "kadian"),
        ("SROM", "mllo"),
        ("Narcan", "naloxone"),
        ("site de consommation supervisée", "scs"),
        ("sites de consommation supervisee", "supervised consumption site"),
        ("PWUD", "personnes consomment"),
        ("lorazepam", "ativan"),
        ("Rivotril", "clonazépam"),
        ("GBL", "ghb"),
        ("hepatitis C", "vhc"),
        ("surdose", "overdose"),
        ("itinerance", "homelessness"),
    ],
)
def test_words_of_the_field_find_each_other(text: str, found: str) -> None:
    assert asked(text)[found] == EQUAL


def test_a_phrase_is_recognized_inside_a_question() -> None:
    words = query_words("Où trouver un site de consommation supervisée à Montréal ?")
    (scs,) = [one for one in synonyms_of(words) if one.words == ("scs",)]
    assert words[scs.start : scs.end] == ("site", "consommation", "supervisée")


def test_a_class_looks_for_its_members_and_they_not_for_it() -> None:
    assert asked("benzodiazépine")["ativan"] == NARROWER
    assert "benzodiazepine" not in asked("Ativan")


def test_a_word_with_several_meanings_asks_but_is_not_looked_for() -> None:
    assert asked("down")["fentanyl"] == NARROWER
    assert "down" not in asked("fentanyl")


def test_naloxone_does_not_mean_suboxone() -> None:
    assert "suboxone" not in asked("naloxone")


def test_a_word_outside_the_field_has_no_synonym() -> None:
    assert asked("bicyclette") == {}
    assert synonyms_of(()) == ()


def test_a_word_is_not_its_own_synonym() -> None:
    assert "naloxone" not in asked("naloxone")
    assert "methadone" not in asked("methadone")


def test_no_group_stands_alone_or_repeats_a_term() -> None:
    text = resources.files("community.search").joinpath("data/synonyms.toml").read_text("utf-8")
    for group in tomllib.loads(text)["group"]:
        assert sum(map(len, group.values())) >= 2, group
        assert set(group) <= {"both", "en", "fr", "street", "asked_as", "members"}
        for key in group:
            assert len(set(group[key])) == len(group[key]), group


@given(
    st.lists(
        st.sampled_from(["opioid", "agonist", "treatment", "tao", "benzo", "down", "site", "a", "'", ""]),
        max_size=32,
    )
)
def test_synonyms_are_bounded_and_lie_within_the_question(words: list[str]) -> None:
    found = synonyms_of(words)
    assert all(0 <= one.start < one.end <= len(words) and one.words for one in found)
    assert len(found) <= MOST_TERMS * len(words) * 3
