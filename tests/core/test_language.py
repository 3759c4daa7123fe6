"""Which language a text is in, proposed to its author."""

import threading

import pytest
from hypothesis import given
from hypothesis import strategies as st

from community.core import language
from community.core.language import propose_language
from ground.bench.words import sentences

FRENCH = [
    "Bonjour, comment commencer la buprénorphine ?",
    "doses manquees depuis trois jours, que faire",
    "J’ai vécu cela",
    "oui merci beaucoup",
    "Quelle est la marche à suivre pour une patiente enceinte qui prend du Kadian ?",
]
ENGLISH = [
    "How do I start buprenorphine?",
    "missed doses for three days, what now",
    "I have lived this",
    "thanks",
    "Which steps for a pregnant patient on Kadian?",
]
UNKNOWN = [
    "",
    "   ",
    "OK",
    "C-24",
    "12345",
    "9-8-8",
    "💊💊💊💊💊",
    "ᐃᓄᒃᑎᑐᑦ ᐅᖃᐅᓯᖅ",
    "\x00\x00",
    "?!?!",
    "你好世界你好",
]


@pytest.mark.parametrize("text", FRENCH)
def test_french_is_proposed_for_a_french_text(text: str) -> None:
    assert propose_language(text) == "fr"


@pytest.mark.parametrize("text", ENGLISH)
def test_english_is_proposed_for_an_english_text(text: str) -> None:
    assert propose_language(text) == "en"


@pytest.mark.parametrize("text", UNKNOWN)
def test_nothing_is_proposed_for_a_text_that_does_not_say(text: str) -> None:
    assert propose_language(text) is None


def test_a_long_text_is_read_only_at_its_beginning() -> None:
    assert propose_language("Le traitement commence demain matin. " * 100_000) == "fr"


@given(st.text(max_size=200))
def test_any_text_gets_an_answer(text: str) -> None:
    assert propose_language(text) in {"fr", "en", None}


def test_the_model_is_built_once_by_many_threads() -> None:
    language._build.cache_clear()
    built: list[object] = []
    start = threading.Barrier(8)

    def ask() -> None:
        start.wait()
        built.append(language._detector())

    threads = [threading.Thread(target=ask) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len({id(one) for one in built}) == 1


@pytest.mark.parametrize("lang", ["fr", "en"])
def test_pieces_of_long_texts_are_known(lang: str) -> None:
    said = [" ".join(one.split()[:4]) for one in sentences(lang)]
    proposed = [propose_language(one) for one in said]
    other = {"fr": "en", "en": "fr"}[lang]
    assert proposed.count(lang) > 0.98 * len(said)
    assert proposed.count(other) < 0.01 * len(said)
