"""Markdown to safe HTML, once, when a text is written. Reading never renders.

markdown-it-py (CommonMark, raw HTML off, no automatic links) then bleach with an explicit
allow-list. bleach is used through one Cleaner a thread: a shared one mixes texts up.
"""

from __future__ import annotations

import html
import re
import threading

import bleach
from bleach.sanitizer import Cleaner
from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.rules_block import StateBlock
from markdown_it.rules_block.table import table
from markdown_it.token import Token

from community.core.tidy import shows

MAX_BODY = 20_000  # characters; imports split longer texts
RENDERER_VERSION = 1  # raise it when the same Markdown would give other HTML
_MOST_NESTED = 8  # quotes in lists in quotes …
MOST_COLUMNS = 40  # of a table: rows are filled up to its width, and a page of empty cells takes seconds

TAGS = frozenset(
    {"p", "br", "hr", "strong", "em", "s", "code", "pre", "blockquote", "a"}
    | {"ul", "ol", "li", "h3", "h4", "h5", "h6"}
    | {"table", "thead", "tbody", "tr", "th", "td"}
)
ATTRIBUTES = {"a": ["href", "title", "rel"], "ol": ["start"], "code": ["class"]}
SCHEMES = frozenset({"http", "https", "mailto", "tel"})
_REL = "nofollow ugc noopener noreferrer"
_LANGUAGE_CLASS = re.compile(r"language-[a-z0-9-]{1,20}")


def _parser() -> MarkdownIt:
    parser = MarkdownIt("commonmark", {"html": False, "linkify": False, "maxNesting": 20})
    parser.enable(["table", "strikethrough"])
    parser.block.ruler.at("table", _narrow_table, {"alt": ["paragraph", "reference"]})
    parser.disable("image")  # no picture is fetched from another host
    parser.add_render_rule("heading_open", _lower_heading)
    parser.add_render_rule("heading_close", _lower_heading)
    return parser


def _narrow_table(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    # Its second line says how wide a table is.
    if start + 1 < end:
        widths = state.src[state.bMarks[start + 1] : state.eMarks[start + 1]].strip(" \t|")
        if widths.count("|") >= MOST_COLUMNS:
            return False
    return table(state, start, end, silent)


def _lower_heading(
    renderer: RendererHTML, tokens: list[Token], index: int, options: object, env: object
) -> str:
    # A page has one h1 and its sections are h2: what people write starts at h3.
    level = min(int(tokens[index].tag[1]) + 2, 6)
    return f"<h{level}>" if tokens[index].nesting == 1 else f"</h{level}>\n"


_markdown = _parser()
_local = threading.local()


def _attribute(tag: str, name: str, value: str) -> bool:
    if tag == "code" and name == "class":
        return bool(_LANGUAGE_CLASS.fullmatch(value))
    return name in ATTRIBUTES.get(tag, ())


def _cleaner() -> Cleaner:
    if not hasattr(_local, "cleaner"):
        _local.cleaner = Cleaner(tags=TAGS, attributes=_attribute, protocols=SCHEMES, strip=True)
    cleaner: Cleaner = _local.cleaner
    return cleaner


_QUOTE_MARKS = re.compile(r"^[ \t]*(?:>[ \t]?)+", re.MULTILINE)
_OUTSIDE_LINK = re.compile(r'<a href="(?!/(?!/))')


def _shallow(text: str) -> str:
    """Keep at most eight quote marks at the start of a line: deeper ones only cost time."""
    return _QUOTE_MARKS.sub(_at_most, text)


def _at_most(marks: re.Match[str]) -> str:
    # Others stay as they are: a quote in a list is indented, and ">>>" may be code.
    return "> " * _MOST_NESTED if marks.group().count(">") > _MOST_NESTED else marks.group()


def render(markdown: str) -> str:
    """Safe HTML of a Markdown text of at most ``MAX_BODY`` characters.

    Headings start at h3, links carry ``rel`` against followers and referrers, nothing is fetched.
    """
    made = _markdown.render(_shallow(markdown.replace("\x00", "")))
    safe = _cleaner().clean(made)
    return _OUTSIDE_LINK.sub(f'<a rel="{_REL}" href="', safe)


_INLINE = re.compile(r"</?(?:strong|em|s|code|a)\b[^>]*>")  # a word, or a word and its comma, stay together
_TAG = re.compile(r"<[^>]+>")
_SPACE = re.compile(r"[ \t\r\n\f]+")  # French spaces that do not break stay


def plain(safe_html: str) -> str:
    """The words of rendered HTML, on one line: for search, extracts and titles."""
    spaced = _TAG.sub(" ", _INLINE.sub("", safe_html))
    return _SPACE.sub(" ", html.unescape(spaced)).strip()


_SMALL = 200  # characters
_ENTITY = re.compile(r"&#?\w{1,32};|[\W_]")
_LETTER = re.compile(r"[A-Za-zÀ-ÿ]")
_MAY_HIDE = re.compile(r"[\[&<`~]")  # what addresses, entities and fences of code begin with


def says_nothing(markdown: str) -> bool:
    """Whether a reader would see no word and no sign: empty lists, spaces, a link without words.

    Rendered to find out only where that is in doubt: a letter shows unless something may hide it, and a
    longer text with letters always shows some.
    """
    if not shows(markdown):
        return True
    if _LETTER.search(markdown) and not _MAY_HIDE.search(markdown):
        return False
    if len(markdown) >= _SMALL and _ENTITY.sub("", markdown):
        return False
    return not shows(plain(render(markdown)))


_QUOTED = re.compile(r"<blockquote>(?:(?!<blockquote>).)*?</blockquote>", re.DOTALL)


def _own(safe_html: str) -> str:
    """What is said, without what is quoted of others."""
    said = safe_html
    for _depth in range(_MOST_NESTED):
        said, found = _QUOTED.subn(" ", said)
        if not found:
            break
    return said


def extract(safe_html: str, length: int = 200) -> str:
    """The first words of rendered HTML, cut at a word; quoted ones only where there are no others."""
    words = plain(_own(safe_html)) or plain(safe_html)
    if len(words) <= length:
        return words
    return words[:length].rsplit(" ", 1)[0].rstrip(" ,;:.") + "…"


def escape(text: str) -> str:
    """Text as HTML text."""
    return bleach.clean(text, tags=set(), strip=False)
