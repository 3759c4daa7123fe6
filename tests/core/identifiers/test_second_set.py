"""The guard on a second set of texts, written by somebody who had not read its code."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from community.core.identifiers import scan

TEXTS: list[dict[str, Any]] = [
    json.loads(line)
    for line in Path(__file__).with_name("second_set.jsonl").read_text(encoding="utf-8").splitlines()
]
LEAST_WARNED = {
    "phone": 0.8,
    "email": 0.8,
    "birth": 0.8,
    "address": 0.8,
    "postal": 0.8,
    "name": 0.7,
    "rare": 0.4,
}


def rows(lang: str, **like: str) -> list[str]:
    return [row["text"] for row in TEXTS if row["lang"] == lang and like.items() <= row.items()]


def share(level: str, texts: list[str]) -> float:
    assert texts
    return sum(scan(text).level == level for text in texts) / len(texts)


@pytest.mark.parametrize("lang", ["fr", "en"])
def test_each_number_is_found_and_nearly_each_hidden_one(lang):
    for kind in ("ramq", "ohip", "sin", "record"):
        assert share("block", rows(lang, level="block", form="plain", kind=kind)) == 1, kind
    assert share("block", rows(lang, level="block", form="plain")) == 1
    assert share("block", rows(lang, level="block", form="obfuscated")) >= 0.95
    assert share("none", rows("fr", form="wrong check") + rows("en", form="wrong check")) == 0


@pytest.mark.parametrize("lang", ["fr", "en"])
@pytest.mark.parametrize("kind", list(LEAST_WARNED))
def test_what_has_no_check_is_warned_of_often_enough(lang, kind):
    assert share("warn", rows(lang, level="warn", kind=kind)) >= LEAST_WARNED[kind]


@pytest.mark.parametrize("lang", ["fr", "en"])
def test_clean_texts_are_never_refused_and_hardly_ever_warned_of(lang):
    clean = rows(lang, level="none")
    assert len(clean) > 90
    assert share("block", clean) == 0
    assert share("warn", clean) <= 0.05


@pytest.mark.parametrize(
    "text",
    [
        "QTc 477, 423, 495 over three weeks.",
        "Platelets 340 101 260 since May.",
        "Doses 211-162-292 were tried.",
        "AST/ALT/GGT 218/259/463.",
        "GGT 522; 389; 287.",
        "Poids\n279\n194\n146\n",
        "| 222 | 342 | 222 |",
        "- 233\n- 296\n- 144\n",
        "COWS 4 2 3 8 3 7 6 5 9 6 during the night",
        "CIWA 12 12 18 26 13 overnight",
        "On comptait 537 822 231 unités.",
        "seen 2010-01-10 and 2014-10-01",
        "Study 359242658 enrolled.",
        "levels 656 871 936 ng/mL",
    ],
)
def test_a_row_of_figures_is_no_number_of_a_person_even_where_its_check_happens_to_be_right(text):
    assert scan(text).level == "none"


@pytest.mark.parametrize(
    "text",
    [
        "weight 71 kg, 046 454 286",
        "the study asked her for 046 454 286",
        "QTc 470. NAS 046 454 286",
        "NAM COTE quatre-vingt-onze cinquante-quatre zéro cinq dix, puis 15",
        "SIN zero forty-six four fifty-four two eighty-six",
    ],
)
def test_a_number_beside_figures_or_said_in_tens_is_found(text):
    assert scan(text).level == "block"
