"""Extracts: what is shown of a text, and what is marked in it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from community.search.extracts import LENGTH, extract, marked
from community.search.plan import marks, needs_of
from community.search.words import readable


def terms(question: str) -> frozenset[str]:
    return marks(needs_of(question))


def highlighted(text: str, question: str, lang: str = "fr") -> list[str]:
    return [piece.text for piece in extract(text, terms(question), lang) if piece.marked]


@pytest.mark.parametrize(
    ("text", "question", "found"),
    [
        ("Les doses de méthadone manquées", "methadone", ["méthadone"]),
        ("Les infirmières sont épuisées", "épuisement", ["épuisées"]),
        ("L’hébergement d’urgence", "hebergement", ["L’hébergement"]),
        ("On a commencé le Suboxone hier", "buprénorphine", ["Suboxone"]),
        ("La loi C-24 et la 24", "C-24", ["C", "24", "24"]),
        ("Rien ici", "naloxone", []),
        ("", "naloxone", []),
    ],
)
def test_what_was_found_is_marked(text: str, question: str, found: list[str]) -> None:
    assert highlighted(text, question) == found


def test_a_long_text_is_cut_at_words_around_what_was_found() -> None:
    text = "avant " * 200 + "la naloxone sauve " + "après " * 200
    pieces = extract(text, terms("naloxone"), "fr")
    shown = "".join(piece.text for piece in pieces)
    assert shown.startswith("… avant")
    assert shown.endswith("après …")
    assert "naloxone" in shown
    assert len(shown) <= LENGTH + 10


def test_the_place_with_most_of_the_words_is_chosen() -> None:
    text = "naloxone " + "x " * 300 + "refuge et naloxone ensemble " + "y " * 300
    assert "refuge" in "".join(piece.text for piece in extract(text, terms("naloxone refuge"), "fr"))


def test_a_text_without_the_words_shows_its_beginning() -> None:
    text = "Début du message. " + "suite " * 200
    assert extract(text, terms("naloxone"), "fr")[0].text.startswith("Début")


def test_a_title_is_shown_whole() -> None:
    pieces = marked("Doses de méthadone manquées", terms("methadone"), "fr")
    assert [(piece.text, piece.marked) for piece in pieces] == [
        ("Doses de ", False),
        ("méthadone", True),
        (" manquées", False),
    ]


@given(st.text(), st.text(max_size=40))
def test_marking_changes_no_letter(text: str, question: str) -> None:
    assert "".join(piece.text for piece in marked(text, terms(question))) == readable(text)


@given(st.text(alphabet="ab é’-… \n", max_size=600), st.sampled_from(["a", "ab", "é", "b-a"]))
def test_an_extract_is_a_part_of_the_text(text: str, question: str) -> None:
    inner = (
        "".join(piece.text for piece in extract(text, terms(question))).removeprefix("… ").removesuffix(" …")
    )
    assert inner in readable(text)
