"""Markdown to HTML that cannot do anything: an oracle reads the output as a browser would."""

from __future__ import annotations

import threading
import time
from urllib.parse import urlsplit

import html5lib
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from community.core import text

ATTACKS = [
    "<script>alert(1)</script>",
    "[x](javascript:alert(1))",
    "[x](JaVaScRiPt:alert(1))",
    "[x](data:text/html,<script>alert(1)</script>)",
    "[x](vbscript:msgbox)",
    "<img src=x onerror=alert(1)>",
    "![x](https://canary.invalid/pixel.png)",
    '[x](https://a.invalid "onmouseover=alert(1)")',
    "<a href='javascript:alert(1)'>x</a>",
    "<xss:alert(1)>",
    "<irc://a.invalid>",
    "&#106;avascript:alert(1)",
    "[x](java\nscript:alert(1))",
    "`<svg onload=alert(1)>`",
    "```html\n<iframe src=//canary.invalid>\n```",
    "<style>*{display:none}</style>",
    "<math><mi//xlink:href='data:x,<script>alert(1)</script>'>",
    "\x00<scr\x00ipt>alert(1)</scr\x00ipt>",
]
PATHOLOGICAL = {
    "brackets": "[" * 20_000,
    "emphasis": "*a_ " * 5_000,
    "quotes": ">" * 20_000,
    "lists": "".join("  " * depth + "- a\n" for depth in range(140)),
    "backticks": "`a" * 10_000,
    "links": "[a](" * 5_000,
    "tables": "|a" * 10_000,
    "entities": "&amp" * 5_000,
    "html": "<a " * 6_000,
    "nested quotes and lists": "> - " * 5_000,
}


def violations(html: str) -> list[str]:
    """What an HTML5 reader finds beyond the allow-list."""
    found = []
    for node in html5lib.parse(html, treebuilder="etree", namespaceHTMLElements=False).iter():
        tag = str(node.tag)  # a comment's tag is a function, which no list holds
        if tag not in text.TAGS | {"html", "head", "body"}:
            found.append(tag)
        for name, value in node.attrib.items():
            if name not in text.ATTRIBUTES.get(tag, []):
                found.append(f"{tag}@{name}")
            if name == "href" and urlsplit(value.strip()).scheme.lower() not in text.SCHEMES | {""}:
                found.append(value)
    return found


@pytest.mark.parametrize("attack", ATTACKS)
def test_nothing_written_becomes_more_than_text(attack):
    assert violations(text.render(attack)) == []
    assert "canary" not in text.render(attack) or "<img" not in text.render(attack)


@settings(max_examples=200, deadline=None)
@given(st.text(alphabet=st.sampled_from(list("<>[]()!*_`~#-|&;:/\\\"'= \n\tabjsx\x01\u2028")), max_size=200))
def test_random_markup_stays_within_the_allow_list(markdown):
    assert violations(text.render(markdown)) == []


@pytest.mark.parametrize("name", PATHOLOGICAL)
def test_hostile_texts_of_the_longest_length_end(name):
    started = time.perf_counter()
    assert violations(text.render(PATHOLOGICAL[name][: text.MAX_BODY])) == []
    assert time.perf_counter() - started < 20  # a hang, not a speed: speed is measured elsewhere


def test_headings_start_below_those_of_the_page():
    assert "<h3>One</h3>" in text.render("# One")
    assert "<h6>Six</h6>" in text.render("###### Six")


def test_outside_links_tell_nobody_where_they_came_from():
    assert 'rel="nofollow ugc noopener noreferrer"' in text.render("[a](https://a.invalid)")
    assert 'rel="nofollow ugc noopener noreferrer"' in text.render("[a](//a.invalid)")
    assert "rel=" not in text.render("[a](/en/topics/a)")
    assert "rel=" not in text.render("[a](/en/about/charter)")


def test_each_thread_cleans_its_own_text():
    texts = [f"**{n}** " * 50 for n in range(40)]
    alone = [text.render(one) for one in texts]
    together: list[str] = [""] * len(texts)

    def work(place: int) -> None:
        together[place] = text.render(texts[place])

    threads = [threading.Thread(target=work, args=(n,)) for n in range(len(texts))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert together == alone


def test_extracts_are_words_cut_at_a_word():
    html = text.render("Une **première** phrase &amp; la suite.\n\n- deux")
    assert text.plain(html) == "Une première phrase & la suite. deux"
    assert text.extract(html, 15) == "Une première…"


def test_an_extract_says_ones_own_words_before_those_one_quotes():
    html = text.render("> > deep\n>\n> quoted\n\nmy own words")
    assert text.extract(html) == "my own words"
    assert text.extract(text.render("> quoted")) == "quoted"


@pytest.mark.parametrize(
    "written",
    [
        "",
        " \n",
        "&nbsp; " * 900,
        "\u200b" * 900,
        "> " * 900,
        "#",
        "- ",
        "---",
        "[](https://a.invalid)",
        "[a]: /b",
    ],
)
def test_a_text_without_a_word_or_a_sign_says_nothing(written):
    assert text.says_nothing(written)


@pytest.mark.parametrize(
    "written", ["?", "😀", "❤️", "١", "。", "`x`", "> a", "<!-- a -->", "…" * 900, "a" * 900]
)
def test_one_sign_is_enough_to_say_something(written):
    assert not text.says_nothing(written)


def test_words_that_stand_out_keep_their_comma():
    made = text.render("**A person**, or *her* own; see [the page](https://a.invalid).\n\n- one\n- two")
    assert text.plain(made) == "A person, or her own; see the page. one two"
