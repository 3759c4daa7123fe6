"""Texts over the limit become several posts, cut where a reader would pause."""

from __future__ import annotations

import re
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from community.core.text import MAX_BODY, render
from community.forum.importing.split import split


def test_a_text_that_fits_is_left_alone() -> None:
    assert split("x" * MAX_BODY) == ["x" * MAX_BODY]


def test_one_character_more_makes_two_posts_that_say_so() -> None:
    parts = split("word " * 4000 + "x")
    assert [part[:5] for part in parts] == ["(1/2)", "(2/2)"]
    assert all(len(part) <= MAX_BODY for part in parts)


def test_it_is_cut_at_the_ends_of_paragraphs() -> None:
    paragraphs = [f"{n} " + "x" * 40 for n in range(9)]
    parts = split("\n\n".join(paragraphs), 120)
    assert len(parts) > 2
    for part in parts:
        _, *held = part.split("\n\n")
        assert set(held) <= set(paragraphs)


def test_without_paragraphs_it_is_cut_at_a_sentence_then_at_a_word() -> None:
    sentences = " ".join(f"This is sentence number {n}." for n in range(20))
    assert all(part.endswith(".") for part in split(sentences, 150))
    assert all(part.split("\n\n")[1].split(" ") for part in split("longword " * 60, 100))


def test_a_block_of_code_is_closed_and_opened_again() -> None:
    parts = split("before\n\n```py\n" + "\n\n".join(f"line_{n} = {n}" for n in range(60)) + "\n```", 300)
    code = [part for part in parts if "line_" in part]
    assert len(code) > 2
    assert all("```py\n" in part and part.endswith("\n```") for part in code)
    assert all(render(part).count("<pre>") == 1 for part in code)


def test_a_list_item_is_not_torn_from_its_list_where_the_list_fits() -> None:
    item = "- one\n\n  its second paragraph\n\n- two"
    assert any(item in part for part in split(f"{'x' * 60}\n\n{item}\n\n{'y' * 60}", 100))


def test_no_escaped_sign_loses_its_backslash() -> None:
    for part in split("\\*" * 400, 101):
        assert re.fullmatch(r"\(\d+/\d+\)\n\n(?:\\\*)+", part)


@pytest.mark.parametrize(
    "text", ["`" * 90_000, "\n" * 90_000 + "x", "```\n" * 30_000, "\\" * 90_000, ". " * 60_000]
)
def test_hostile_texts_end(text: str) -> None:
    began = time.perf_counter()
    assert all(len(part) <= MAX_BODY for part in split(text))
    assert time.perf_counter() - began < 30


@settings(max_examples=200, deadline=None)
@given(st.text(alphabet="ab .\n`\\-> ", min_size=0, max_size=600), st.integers(60, 200))
def test_parts_fit_and_hold_every_letter(text: str, most: int) -> None:
    parts = split(text, most)
    assert all(len(part) <= most for part in parts)
    letters = "".join(re.sub(r"^\(\d+/\d+\)", "", part) for part in parts)
    assert re.sub(r"[^ab]", "", letters) == re.sub(r"[^ab]", "", text)
