"""Nothing that is written comes alive: every text of the lists, wherever Markdown takes it, or cut."""

from __future__ import annotations

import os
import time

import pytest

from community.core import text
from community.search import extracts
from tests.bad_input import lists, oracle

# What a plain list of the greatest length takes is half a second at most; nothing takes six times that.
ORDINARY = ("- a\n" * lists.LONGEST)[: lists.LONGEST]
MOST_TIMES = 6
# Where a text may stand in another.
PLACES = (
    "{}",
    "- {}",
    "> {}",
    "# {}",
    "**{}**",
    "`{}`",
    "```\n{}\n```",
    "[{}](https://a.invalid)",
    "[press]({})",
    "[press](<{}>)",
    '[press](https://a.invalid "{}")',
    "<{}>",
    "| a | {} |\n|---|---|\n| {} | b |",
    "[a]: {}\n\n[a]",
    "```{}\nx\n```",
)


def test_the_oracle_finds_what_lives():
    """It is not quiet because it sees nothing."""
    for html in (
        "<script>x</script>",
        "<p onclick=x>x</p>",
        '<a href="java\tscript:x">x</a>',
        '<a href="\x01 javascript:x">x</a>',
        '<a href="xss:x">x</a>',
        "<img src=x>",
        "<p><!-- x --></p>",
        '<p class="x">x</p>',
    ):
        assert oracle.alive_in_text(html), html
    for page in (
        "<x-canary>",
        '<input value="" onx-canary="x">',
        '<a href="javascript:x">',
        '<link href="//canary.invalid/x">',
        "<script>x</script>",
        '<form action="https://canary.invalid">',
        '<img src="https://canary.invalid/x.png">',
        "<meta http-equiv=refresh content=0>",
    ):
        assert oracle.alive_in_page(page), page
    assert not oracle.alive_in_text('<p><a href="https://a.invalid" rel="x">x</a></p>')
    assert not oracle.alive_in_page('<a href="https://a.invalid">x</a><script src="/static/x.js"></script>')


@pytest.mark.parametrize(
    ("name", "places"),
    [("markup", PLACES), ("markdown", PLACES), ("addresses", PLACES[7:12]), ("injection", PLACES[:1])],
    ids=["markup", "markdown", "addresses", "injection"],
)
def test_no_text_of_a_list_becomes_more_than_text(name, places):
    """All texts of a list in one place make one document, so that a tree is built a few times only."""
    for place in places:
        parts = [text.render(place.replace("{}", line)) for line in lists.read(name)]
        for start in range(0, len(parts), 40):
            alive = oracle.alive_in_text("\n".join(parts[start : start + 40]))
            assert not alive, (place, alive)


@pytest.mark.parametrize("name", ["markup", "markdown"])
def test_what_is_left_of_a_text_that_is_cut_is_safe_too(name):
    for line in lists.read(name)[::5]:
        html = "".join(text.render(line[:end]) for end in range(1, min(len(line), 60), 4))
        assert not oracle.alive_in_text(html), line


def test_extracts_titles_and_previews_are_words_without_markup():
    for line in (*lists.read("markup"), *lists.read("markdown")):
        html = text.render(line)
        assert not oracle.alive_in_page(text.escape(text.plain(html)))
        assert not oracle.alive_in_page(text.escape(text.extract(html, 40)))
        pieces = extracts.extract(text.plain(html), frozenset({"canary"}))
        assert not oracle.alive_in_page("".join(text.escape(piece.text) for piece in pieces))


def test_every_text_that_has_no_end_ends_soon():
    """In time of this thread, beside that of an ordinary text: the machine and its other work do not count.

    The worst at the greatest length, the others at a twentieth of it; ``ENDLESS=20000`` takes all whole.
    """
    length = int(os.environ.get("ENDLESS", lists.LONGEST // 20))
    slow = []
    most = MOST_TIMES * max(_taken(ORDINARY)[1] for _ in range(2))
    for line in (*lists.endless(length), *lists.worst()):
        html, taken = _taken(line)
        if taken > most:
            slow.append((line[:12], len(line), f"{taken:.2f} of {most:.2f}"))
        assert len(html) < 60 * lists.LONGEST
    assert not slow


def _taken(line):
    started = time.thread_time()
    return text.render(line), time.thread_time() - started


def test_a_table_as_wide_as_a_page_is_a_table_and_a_wider_one_is_text():
    def table(columns):
        return "|".join("a" * columns) + "\n" + "|".join("-" * columns) + "\n" + "|".join("b" * columns)

    assert text.render(table(text.MOST_COLUMNS)).count("<td>") == text.MOST_COLUMNS
    assert "<table" not in text.render(table(text.MOST_COLUMNS + 1))
