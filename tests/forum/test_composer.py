"""Quotes, mentions and the language of a text."""

import pytest

from community.forum.composer import language_of, mentioned, possible_names, quoted


def test_a_quote_says_who_wrote_and_leaves_room_below() -> None:
    assert (
        quoted("One line.\n\nAnother.", "Imogen wrote:")
        == "> Imogen wrote:\n>\n> One line.\n>\n> Another.\n\n"
    )


def test_a_quote_takes_over_no_quotes() -> None:
    assert "told" not in quoted("> I was told\n\nSo I think", "A wrote:")


def test_a_long_text_is_quoted_in_part() -> None:
    assert len(quoted("word " * 2000, "A wrote:")) < 1700


def test_the_longest_name_is_the_one_that_is_meant() -> None:
    text = "Thank you @Noemie Larch, and @Quiet-Alder!"
    assert {"Noemie Larch", "Quiet-Alder"} <= possible_names(text)
    assert mentioned(text, ["Noemie", "Noemie Larch", "Quiet-Alder"]) == {"Noemie Larch", "Quiet-Alder"}


@pytest.mark.parametrize(
    "text",
    [
        "> @Noemie Larch said so",
        "`@Noemie Larch`",
        "```\n@Noemie Larch\n```",
        "write to care@Noemie Larch",
        "@Noemie Larchmont",
        "@Noemie Larch-Two",
    ],
)
def test_quotes_code_addresses_and_longer_names_mention_nobody(text: str) -> None:
    assert mentioned(text, ["Noemie Larch"]) == set()


def test_a_flood_of_signs_asks_for_few_names() -> None:
    assert len(possible_names("@a b c d e f " * 5000)) < 200


@pytest.mark.parametrize(
    ("declared", "text", "lang"),
    [
        ("en", "Bonjour, comment allez-vous aujourd’hui ?", "en"),
        ("", "Bonjour, comment allez-vous aujourd’hui ?", "fr"),
        ("", "Where do you start when the person takes fentanyl?", "en"),
        ("", "OK", "fr"),
    ],
)
def test_the_author_decides_then_the_text_then_the_page(declared: str, text: str, lang: str) -> None:
    assert language_of(declared, text, "fr") == lang
