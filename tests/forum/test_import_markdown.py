"""HTML, comments and plain text become Markdown that shows the same words."""

from __future__ import annotations

import html
import re
import time
import unicodedata
from collections import Counter
from pathlib import Path

import pytest
from bs4 import BeautifulSoup
from hypothesis import given, settings
from hypothesis import strategies as st

from community.core.text import render
from community.forum.importing.comments import from_comment
from community.forum.importing.markdown import MOST_HTML, from_html, from_plain
from tests.reference import reference_data as reference_data
from tests.reference import rows_of

SITE = "https://history.meta.example.com"


def shown(markdown: str) -> str:
    return render(markdown).strip()


def words(page: str) -> str:
    """The characters a reader sees, without spaces; raised figures count as figures."""
    text = BeautifulSoup(page, "html.parser").get_text()
    return re.sub(r"\s+", "", unicodedata.normalize("NFKC", text)).replace("−", "-")


@pytest.mark.parametrize(
    ("given_html", "expected"),
    [
        ("<p>One</p>\n\n<p>two<br>three</p>", "One\n\ntwo\\\nthree"),
        ("<h2>Why?</h2><p>1. not a list</p>", "## Why?\n\n1\\. not a list"),
        ("<p>a <b>bold</b> and <i>slanted</i></p>", "a **bold** and *slanted*"),
        ("<p><strong>Note:</strong>glued</p>", "Note:glued"),
        ("<p>x<b> spaced </b>y</p>", "x **spaced** y"),
        ("<ul><li>a</li><li>b<ul><li>c</li></ul></li></ul>", "- a\n- b\n  - c"),
        ("<ul><li>a</li></ul><ul><li>b</li></ul>", "- a\n\n* b"),
        ('<ol start="3"><li>c</li><li>d</li></ol>', "3. c\n4. d"),
        ("<blockquote><p>said</p><p>more</p></blockquote>", "> said\n>\n> more"),
        ('<pre class="lang-py"><code>a = `1`\n</code></pre>', "```py\na = `1`\n```"),
        ("<p>use <code>`x`</code></p>", "use `` `x` ``"),
        ("<p>10 m<sup>2</sup>, 2<sup>nd</sup>, H<sub>2</sub>O</p>", "10 m², 2nd, H₂O"),
        ("<p>a<!-- hidden --><script>bad()</script>b</p>", "ab"),
        (
            "<table><tr><th>A</th><th>B</th></tr><tr><td>1|2</td></tr></table>",
            "| A | B |\n| --- | --- |\n| 1\\|2 |  |",
        ),
        ("<p>*no* _sign_ snake_case &amp;amp; &lt;b&gt;</p>", "\\*no\\* \\_sign\\_ snake_case \\&amp; \\<b>"),
        ("", ""),
    ],
)
def test_what_html_says_is_said_in_markdown(given_html: str, expected: str) -> None:
    assert from_html(given_html) == expected


@pytest.mark.parametrize(
    ("given_html", "expected"),
    [
        ('<a href="https://x.org/a_(b)">t</a>', "[t](https://x.org/a_%28b%29)"),
        ('<a href="https://x.org/">https://x.org/</a>', "<https://x.org/>"),
        ('<a href="/questions/3">t</a>', f"[t]({SITE}/questions/3)"),
        ('<a href="//cdn.org/a">t</a>', "[t](https://cdn.org/a)"),
        ('<a href="www.x.org/a">t</a>', "[t](https://www.x.org/a)"),
        ('<a href="#top">t</a>', "t"),
        ('<a href="ftp://x.org/a">t</a>', "t"),
        ('<a href="javascript:alert(1)">t</a>', "t"),
        ('<a href="java\nscript:alert(1)">t</a>', "t"),
        ('<a href="data:text/html,x">t</a>', "t"),
        ('<a href="http://[bad">t</a>', "t"),
        ('<a href="mailto:a@x.org">t</a>', "[t](mailto:a@x.org)"),
        ('<a href="https://x.org/a"><img src="i.png"></a>', "<https://x.org/a>"),
        ('<a href="https://x.org/a"><img alt="a [map]"></a>', "[a \\[map\\]](https://x.org/a)"),
        ('<img src="i.png" alt="enter image description here">', ""),
        ('<img src="i.png" alt="A chart">', "A chart"),
        ("<a>t</a>", "t"),
    ],
)
def test_links_lead_somewhere_or_become_their_label(given_html: str, expected: str) -> None:
    assert from_html(given_html, SITE) == expected


def test_without_a_known_source_a_relative_link_is_its_label() -> None:
    assert from_html('<p>see <a href="/q/3">there</a></p>') == "see there"


@pytest.mark.parametrize(
    ("comment", "expected"),
    [
        ("@Ann: *yes*, `a_b`", "@Ann: *yes*, `a_b`"),
        ("[a](http://x.org/a_(b)) and [old](/q/3)", f"[a](http://x.org/a_%28b%29) and [old]({SITE}/q/3)"),
        ("see http://x.org/a_b, or [tag:usa]", "see <http://x.org/a_b>, or \\[usa\\]"),
        ("# no heading\n- no list\n\n1. one", "\\# no heading\\\n\\- no list\n\n1\\. one"),
        ("[x](javascript:alert(1))", "x"),
        ("a <yawn> b", "a \\<yawn> b"),
    ],
)
def test_a_comment_keeps_its_small_markdown_and_nothing_else(comment: str, expected: str) -> None:
    assert from_comment(comment, SITE) == expected


def test_a_plain_text_is_shown_as_it_stands() -> None:
    assert shown(from_plain("# 5 * 3 < 16\n- not a list\n\nnext_one_")) == (
        "<p># 5 * 3 &lt; 16<br>\n- not a list</p>\n<p>next_one_</p>"
    )


def test_nesting_is_capped_and_words_survive_it() -> None:
    deep = from_html("<ul><li>" * 60 + "here" + "</li></ul>" * 60)
    assert deep.strip("- ") == "here"
    assert len(deep) < 50
    assert words(shown(from_html("<blockquote>" * 300 + "here"))) == "here"


N = 15_000
HOSTILE = {
    "deep": "<div>" * N,
    "unclosed": "<p>x" * N,
    "lists": "<ul><li>x" * N,
    "bold": "<b>" * N + "x",
    "marks": "<b><i>x</i></b>" * N,
    "comments": "<!--" * N,
    "declarations": "<![CDATA[" * N,
    "table": "<table><tr>" + "<td>x" * N,
    "attributes": "<a " + 'x="y" ' * N + ">z",
    "backticks": "<code>`" * N,
    "breaks": "x<br>" * N,
    "stars": "*" * N * 5,
}


@pytest.mark.parametrize("kind", HOSTILE)
def test_hostile_html_takes_no_time(kind: str) -> None:
    began = time.process_time()
    from_html(HOSTILE[kind])
    assert time.process_time() - began < 5


def test_more_than_can_be_read_is_refused() -> None:
    with pytest.raises(ValueError, match="too long"):
        from_html("x" * (MOST_HTML + 1))


SIGNS = st.text(alphabet=' ab1.*_`[]()<>#-+=|~!\\&;:@/"\n$é', max_size=30)
ESCAPED = SIGNS.map(lambda text: html.escape(text, quote=False))
INLINE = st.recursive(
    ESCAPED,
    lambda inner: st.tuples(
        st.sampled_from(["b", "i", "s", "code", "span", "sup", "kbd"]), st.lists(inner, max_size=3)
    ).map(lambda made: f"<{made[0]}>{''.join(made[1])}</{made[0]}>"),
    max_leaves=8,
)
BLOCK = st.recursive(
    st.lists(INLINE, max_size=4).map(lambda made: f"<p>{''.join(made)}</p>")
    | ESCAPED.map(lambda text: f"<pre>{text}</pre>")
    | INLINE.map(lambda text: f"<h2>{text}</h2>"),
    lambda inner: st.tuples(st.sampled_from(["ul", "blockquote", "div"]), st.lists(inner, max_size=3)).map(
        lambda made: (
            f"<{made[0]}>"
            + "".join(f"<li>{one}</li>" if made[0] == "ul" else one for one in made[1])
            + f"</{made[0]}>"
        )
    ),
    max_leaves=6,
)


@settings(max_examples=200, deadline=None, derandomize=True)  # the same pages in each build
@given(st.lists(BLOCK, max_size=3).map("".join))
def test_no_word_is_lost_whatever_the_html(page: str) -> None:
    assert words(page) == words(shown(from_html(page)))


@settings(max_examples=200, deadline=None, derandomize=True)  # the same pages in each build
@given(SIGNS)
def test_no_sign_of_a_plain_text_is_read_as_markdown(text: str) -> None:
    assert words(html.escape(text)) == words(shown(from_plain(text)))


@pytest.mark.parametrize("page", ["<p><s> ~1</s></p>", "<p><s>1~ </s></p>", "<p>a <del> ~ ~</del>b</p>"])
def test_a_wave_beside_what_is_struck_out_begins_no_code(page: str) -> None:
    assert words(page) == words(shown(from_html(page)))


def _without_pictures(page: str) -> BeautifulSoup:
    tree = BeautifulSoup(page, "html.parser")
    for picture in tree.find_all("img"):
        (picture.parent if picture.parent and picture.parent.name == "a" else picture).decompose()
    return tree


SHAPES = {"b": "strong", "i": "em", "strike": "s", "del": "s", "kbd": "code"}
COMPARED = {"a", "li", "ul", "ol", "blockquote", "pre", "hr", "strong", "em", "s", "code"}


def _shape(tree: BeautifulSoup) -> Counter[str]:
    names = (SHAPES.get(node.name, node.name) for node in tree.find_all(True))
    return Counter(name for name in names if name in COMPARED)


def test_sixteen_hundred_real_posts_keep_their_words_and_nearly_all_of_their_shape(
    reference_data: Path,
) -> None:
    posts = rows_of(reference_data / "forum" / "history-meta-stackexchange" / "posts.jsonl")
    other_shape = 0
    for post in posts:
        before = _without_pictures(post["body_html"])
        after = BeautifulSoup(shown(from_html(str(before))), "html.parser")
        assert words(str(before)) == words(str(after)), post["id"]
        other_shape += _shape(before) != _shape(after)
    assert len(posts) == 1657
    assert other_shape <= 8
