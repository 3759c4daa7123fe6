"""What the two readers of texts find and let pass, on sets that were frozen before they were written."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from community.demo.loader.topics import conversations
from community.moderation import danger, solicitation

DATA = Path(__file__).with_name("data")


def lines(name):
    return [line for line in (DATA / name).read_text("utf-8").splitlines() if line and line[0] != "#"]


def texts(name, lang):
    """The texts of a set in one language, without their marks."""
    marks = 2 if name == "danger.txt" else 1
    return [line.split(" ", marks)[marks] for line in lines(name) if line.startswith(lang)]


def share(found, listed):
    return sum(1 for text in listed if found(text)) / len(listed)


def test_the_sets_are_as_large_as_they_should_be():
    sizes = {
        name: len(lines(f"{name}.txt")) for name in ("solicitations", "harm_reduction", "danger", "no_danger")
    }
    assert sizes["solicitations"] >= 80
    assert sizes["harm_reduction"] >= 220
    assert min(sizes["danger"], sizes["no_danger"]) >= 110


@pytest.mark.parametrize("lang", ["fr", "en"])
def test_dealing_is_found_and_harm_reduction_passes(lang):
    assert share(solicitation.found_in, texts("solicitations.txt", lang)) >= 0.90
    assert share(solicitation.found_in, texts("harm_reduction.txt", lang)) <= 0.02


@pytest.mark.parametrize("lang", ["fr", "en"])
def test_danger_is_found_and_ordinary_talk_passes(lang):
    assert share(danger.somebody_may_be, texts("danger.txt", lang)) >= 0.95
    assert share(danger.somebody_may_be, texts("no_danger.txt", lang)) <= 0.10
    assert share(danger.somebody_may_be, texts("harm_reduction.txt", lang)) <= 0.02


def test_the_conversations_of_the_demonstration_pass():
    said = [one.body for conversation in conversations() for one in conversation.said]
    assert len(said) > 300
    assert not [text for text in said if solicitation.found_in(text)]
    assert share(danger.somebody_may_be, said) <= 0.02


def test_each_kind_of_danger_is_recognized():
    kinds = {line.split(" ", 2)[1] for line in lines("danger.txt")}
    for kind in kinds:
        listed = [line.split(" ", 2)[2] for line in lines("danger.txt") if line.split(" ", 2)[1] == kind]
        assert share(danger.somebody_may_be, listed) >= 0.9, kind


def test_accents_capitals_and_curly_apostrophes_change_nothing():
    assert danger.kinds("J’AI ENVIE DE MOURIR") == ("suicide",)
    assert solicitation.found_in("JE VENDS mes Xanax, 3 $ l’unité")


@pytest.mark.parametrize("found", [danger.kinds, solicitation.found_in])
@pytest.mark.parametrize(
    "word", ["need pot ", "je vends ", "cherche coke acheter ", "j'ai 14 ans ", "a", "\n"]
)
def test_no_text_takes_long(found, word):
    text = (word * 20_000)[:20_000]
    begun = time.process_time()
    found(text)
    assert time.process_time() - begun < 10
