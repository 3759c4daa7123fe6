"""Codes can be read aloud, typed in any fashion, and a slip is told from a code that opens nothing."""

from __future__ import annotations

import secrets

import pytest

from community.testimonies import codes


def test_what_was_written_is_read_again_whatever_it_stands_for():
    for secret in (bytes(16), b"\xff" * 16, *(secrets.token_bytes(16) for _ in range(200))):
        assert codes.read(codes.written(secret)) == secret


def test_a_code_is_nine_words_of_five_letters_that_can_be_said_in_both_languages():
    words = codes.written(secrets.token_bytes(16)).split("-")
    assert [len(word) for word in words] == [5] * 9
    for word in words:
        assert set(word[::2]) <= set("bdfghjklmnprstvz")
        assert set(word[1::2]) <= set("aiou")


@pytest.mark.parametrize(
    "typed", [str.upper, str.title, lambda code: code.replace("-", " "), "  {}\n".format]
)
def test_hyphens_spaces_and_capitals_do_not_matter(typed):
    secret = secrets.token_bytes(16)
    assert codes.read(typed(codes.written(secret))) == secret


def test_a_wrong_letter_and_two_words_in_the_wrong_order_are_noticed():
    code = codes.written(bytes(range(16)))
    first, second, *rest = code.split("-")
    assert codes.read("-".join([second, first, *rest])) is None
    for place, letter in enumerate(code):
        if letter != "-":
            other = "b" if letter != "b" else "d"
            assert codes.read(code[:place] + other + code[place + 1 :]) is None


@pytest.mark.parametrize("typed", ["", "bibid", "x" * 45, "é" * 45, "bibid-" * 9, "b" * 100_000, "\x00" * 45])
def test_what_is_no_code_is_told_from_one(typed):
    assert codes.read(typed) is None
