"""What the two readers of texts find and let pass, on sets that were frozen before they were written."""

from __future__ import annotations

import json
import time
from pathlib import Path

import pytest

from community.demo.loader.topics import conversations
from community.moderation import danger, solicitation

DATA = Path(__file__).with_name("data")
SECOND = Path(__file__).with_name("second_talk.jsonl")


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
    "word", ["need pot ", "je vends ", "cherche coke acheter ", "j'ai 14 ans ", "a", "\n", "💊"]
)
def test_no_text_takes_long(found, word):
    text = (word * 20_000)[:20_000]
    begun = time.process_time()
    found(text)
    assert time.process_time() - begun < 10


def second(group, lang):
    """Of the second set, written by somebody who had not read the lists: texts of one sort."""
    listed = [json.loads(line) for line in SECOND.read_text("utf-8").splitlines()]
    return [one["text"] for one in listed if (one["group"], one["lang"]) == (group, lang)]


@pytest.mark.parametrize("lang", ["fr", "en"])
def test_the_second_set_is_read_as_well(lang):
    assert share(solicitation.found_in, second("dealing", lang)) >= 0.90
    assert share(solicitation.found_in, second("talk", lang)) <= 0.02
    assert share(danger.somebody_may_be, second("danger", lang)) >= 0.95
    assert share(danger.somebody_may_be, second("talk", lang)) <= 0.02


@pytest.mark.parametrize(
    "text",
    [
        "Do you know anyone who runs a recovery house in Oshawa?",
        "Prices of naloxone went up for our clinic.",
        "Je vends mes vieux livres de pharmacologie, 20 $ chaque.",
        "I used to buy xanax online and it was pressed fentanyl.",
        "Text your outreach worker if you need clean pipes.",
        "C'est combien pour une consultation au privé?",
        "He offered me pills and I said no, so proud.",
        "Combien coûte un gramme de coke chez vous? C'est pour un estimé de la consommation.",
    ],
)
def test_talk_that_shares_its_words_passes(text):
    assert not solicitation.found_in(text)
    assert not danger.somebody_may_be(text)


@pytest.mark.parametrize(
    "text", ["I'm 14 days clean.", "I am 17 weeks pregnant and doing well.", "J'ai 16 ans d'expérience."]
)
def test_a_number_of_days_is_no_age(text):
    assert not danger.somebody_may_be(text)
