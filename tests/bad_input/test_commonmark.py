"""Every example of CommonMark's specification, as its package carries it, becomes text and nothing else."""

from __future__ import annotations

import re
from functools import cache

import pytest

from community.core import text
from config import ROOT
from tests.bad_input import oracle

SPECIFICATION = ROOT / "node_modules" / "commonmark-spec" / "spec.txt"
_EXAMPLE = re.compile(r"^`{32} example\n(.*?)^\.\n(.*?)^`{32}$", re.MULTILINE | re.DOTALL)
# Where it may stand in what somebody writes.
PLACES = (
    "{}",
    "> {}",
    "- {}",
    "| a | {} |\n|---|---|\n| {} | b |",
    "[{}](https://a.invalid)",
    "```\n{}\n```",
)
# Some of its own output, which shows that the specification was read and that Markdown is still Markdown.
STILL_MARKDOWN = ("<em>", "<strong>", "<blockquote>", "<ol", "<code", "<hr", "<a ")


@cache
def examples() -> list[tuple[str, str]]:
    """Each: what is written, and the HTML that the specification has for it. An arrow is a tab there."""
    found = _EXAMPLE.findall(SPECIFICATION.read_text("utf-8"))
    return [(written.replace("→", "\t"), html) for written, html in found]


def test_the_specification_has_its_650_examples():
    assert len(examples()) > 640
    whole = "".join(text.render(written) for written, _html in examples())
    assert all(tag in whole for tag in STILL_MARKDOWN)


@pytest.mark.parametrize("around", PLACES)
def test_no_example_becomes_more_than_text(around):
    """All of them make one document, so that a tree is built a few times only."""
    parts = [text.render(around.replace("{}", written)) for written, _html in examples()]
    for start in range(0, len(parts), 60):
        assert not oracle.alive_in_text("\n".join(parts[start : start + 60])), around


def test_nor_does_the_html_that_the_specification_makes_of_it():
    parts = [text.render(html) for _written, html in examples()]
    for start in range(0, len(parts), 60):
        assert not oracle.alive_in_text("\n".join(parts[start : start + 60]))


def test_cut_anywhere_it_is_text_too():
    """As a list or a letter cuts what it quotes."""
    for written, _html in examples()[::7]:
        html = "".join(text.render(written[:end]) for end in range(1, min(len(written), 80), 7))
        assert not oracle.alive_in_text(html), written
