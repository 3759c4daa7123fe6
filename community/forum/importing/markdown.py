"""HTML, comments and plain text from elsewhere, turned into Markdown. Pure and bounded.

The tree that BeautifulSoup builds is walked once. What is text stays text: every character that
Markdown would read as a sign is escaped, so that the words a reader sees are those that were
written. Pictures become their alternative text, odd addresses become their label, nesting is
capped. The result still passes ``core.text.render``, which alone decides what is safe to show.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from bs4 import BeautifulSoup
from bs4.element import NavigableString, PageElement, PreformattedString, Tag

from community.forum.importing.addresses import address
from community.forum.importing.escaping import (
    code_span,
    escape,
    escape_label,
    escape_line_start,
    fence,
    raised,
    tidy,
)
from community.forum.importing.inline import Mark, Piece, join

MOST_HTML = 300_000  # characters; longer ones are refused before they are parsed
_MOST_DEPTH = 40  # elements within elements; what lies deeper keeps its words only
_MOST_NESTED = 5  # quotes and lists within one another


def _names(listed: str) -> frozenset[str]:
    return frozenset(listed.split())


_CONTAINERS = _names(
    "p div section article main header footer nav aside figure figcaption center address form fieldset "
    "details summary dl dt dd body html [document]"
)
_HEADINGS = frozenset(f"h{level}" for level in range(1, 7))
_BLOCKS = _CONTAINERS | _HEADINGS | _names("ul ol li blockquote pre hr table")
_DROPPED = _names(
    "script style head title template iframe object embed noscript svg math audio video canvas "
    "textarea select option"
)
_STRONG = frozenset({"b", "strong"})
_EMPHASIS = frozenset({"i", "em", "cite", "dfn", "var"})
_STRUCK = frozenset({"s", "strike", "del"})
_CODE = frozenset({"code", "kbd", "samp", "tt"})
_NO_ALT = frozenset({"", "enter image description here", "alt text", "image"})
_DECLARATION = re.compile(r"<(?=[!?])")
_LANGUAGE = re.compile(r"(?:lang|language)-([a-z0-9-]{1,20})")


@dataclass(frozen=True)
class _Place:
    """Where the walk is: how deep, in how many quotes and lists, in which marks."""

    site: str
    depth: int = 0
    nested: int = 0
    marks: frozenset[str] = frozenset()
    in_link: bool = False
    in_cell: bool = False

    def below(self, **changes: object) -> _Place:
        """One element deeper."""
        values = {**self.__dict__, "depth": self.depth + 1, **changes}
        return _Place(**values)


def from_html(html: str, site: str = "") -> str:
    """Markdown of an HTML text.

    :param site: the address that relative links are read against; without it they become text.
    :raises ValueError: longer than ``MOST_HTML`` characters.
    """
    if len(html) > MOST_HTML:
        raise ValueError("the text is too long to be read")
    tree = BeautifulSoup(_without_declarations(tidy(html)), "html.parser")
    return "\n\n".join(_blocks(tree, _Place(site)))


def _without_declarations(html: str) -> str:
    """Without comments; a "<!" or "<?" that is left is text. The parser is slow on unclosed ones."""
    found, end = [], 0
    while (start := html.find("<!--", end)) >= 0 and (close := html.find("-->", start + 4)) >= 0:
        found.append(html[end:start])
        end = close + 3
    return _DECLARATION.sub("&lt;", "".join([*found, html[end:]]))


def from_plain(text: str) -> str:
    """Markdown that shows a plain text as it stands: its paragraphs, its line ends, its signs."""
    paragraphs = re.split(r"\n[ \t]*(?:\n[ \t]*)+", tidy(text).strip())
    return "\n\n".join(_lines(escape(paragraph).split("\n")) for paragraph in paragraphs if paragraph)


# Blocks


def _blocks(node: Tag, place: _Place) -> list[str]:
    """The paragraphs, lists, quotes … of an element, in order."""
    return _blocks_of(node.children, place)


def _blocks_of(children: Iterable[PageElement], place: _Place) -> list[str]:
    found: list[str] = []
    run: list[PageElement] = []
    previous = ""
    for child in children:
        if not isinstance(child, Tag) or not _holds_blocks(child, place):
            run.append(child)
            continue
        paragraph = _paragraph(run, place)
        found += paragraph
        run = []
        # Two lists of the same sort in a row would read as one: the second takes other marks.
        again = not paragraph and child.name == previous
        found += _block(child, place.below(), again=again)
        previous = "" if again else child.name
    return found + _paragraph(run, place)


def _holds_blocks(node: Tag, place: _Place) -> bool:
    if place.depth >= _MOST_DEPTH:
        return False
    return node.name in _BLOCKS or (node.name not in _DROPPED and node.find(_is_block) is not None)


def _is_block(node: Tag) -> bool:
    return node.name in _BLOCKS


def _block(node: Tag, place: _Place, *, again: bool) -> list[str]:
    if node.name in _HEADINGS:
        return _heading(node, place)
    if node.name == "pre":
        return _pre(node)
    if node.name == "hr":
        return ["___"]  # dashes after a list's dash would swallow the item
    if node.name == "table":
        return _table(node, place)
    if place.nested >= _MOST_NESTED:
        return _blocks(node, place)
    if node.name == "blockquote":
        return _quote(_blocks(node, place.below(nested=place.nested + 1)))
    if node.name in ("ul", "ol"):
        return _list(node, place.below(nested=place.nested + 1), again=again)
    return _blocks(node, place)


def _paragraph(run: Iterable[PageElement], place: _Place) -> list[str]:
    """One paragraph of inline nodes, or several where line breaks stand two in a row."""
    pieces = [piece for node in run for piece in _inline(node, place.below())]
    lines = [line.strip() for line in join(pieces).split("\n")]
    paragraphs: list[list[str]] = [[]]
    for line in lines:
        if line:
            paragraphs[-1].append(line)
        elif paragraphs[-1]:
            paragraphs.append([])
    return [_lines(paragraph) for paragraph in paragraphs if paragraph]


def _lines(lines: Iterable[str]) -> str:
    """Lines of one paragraph with a break after each, none of which starts a list or a heading."""
    kept = (escape_line_start(line.strip()) for line in lines)
    return "\\\n".join(line for line in kept if line)


def _heading(node: Tag, place: _Place) -> list[str]:
    words = " ".join(join(_inline_of(node, place)).split())
    closing = re.sub(r"(#+)$", r"\\\1", words)
    return [f"{'#' * int(node.name[1])} {closing}"] if words else []


def _pre(node: Tag) -> list[str]:
    words = node.get_text().strip("\n").rstrip()
    inner = node.find("code")
    classes = [*node.get_attribute_list("class"), *(inner.get_attribute_list("class") if inner else [])]
    named = (_LANGUAGE.fullmatch(str(name)) for name in classes if name)
    language = next((match[1] for match in named if match), "")
    return [fence(words, language)] if words.strip() else []


def _quote(blocks: list[str]) -> list[str]:
    lines = "\n\n".join(blocks).split("\n")
    return ["\n".join(f"> {line}".rstrip() for line in lines)] if blocks else []


def _list(node: Tag, place: _Place, *, again: bool) -> list[str]:
    first = str(node.get("start", "1"))
    number = int(first) if first.isdecimal() and len(first) < 8 else 1
    items = [blocks for child in node.children if (blocks := _blocks_of([child], place))]
    loose = any(not _is_list(block) for blocks in items for block in blocks[1:])
    marks = [_mark(node.name, number + count, again=again) for count in range(len(items))]
    written = [_indented(blocks, mark, loose=loose) for blocks, mark in zip(items, marks, strict=True)]
    return [("\n\n" if loose else "\n").join(written)] if items else []


def _mark(kind: str, number: int, *, again: bool) -> str:
    if kind == "ul":
        return "*" if again else "-"
    return f"{number})" if again else f"{number}."


def _is_list(block: str) -> bool:
    # Another number than 1 would not interrupt the paragraph before it.
    return re.match(r"(?:[-*]|1[.)]) ", block) is not None


def _indented(blocks: list[str], mark: str, *, loose: bool) -> str:
    text = ("\n\n" if loose else "\n").join(blocks)
    first, *rest = text.split("\n")
    indent = " " * (len(mark) + 1)
    return "\n".join([f"{mark} {first}", *(f"{indent}{line}".rstrip() for line in rest)])


def _table(node: Tag, place: _Place) -> list[str]:
    rows = [row for row in node.find_all("tr") if row.find_parent("table") is node]
    cells = [_cells(row, place.below(in_cell=True)) for row in rows[:200]]
    cells = [row for row in cells if any(row)]
    if not cells:
        return _blocks_of_text(node)
    width = max(len(row) for row in cells)
    head, *body = [[*row, *[""] * (width - len(row))] for row in cells]
    lines = [head, ["---"] * width, *body]
    return ["\n".join(f"| {' | '.join(line)} |" for line in lines)]


def _cells(row: Tag, place: _Place) -> list[str]:
    found = row.find_all(["td", "th"], recursive=False)
    return [" ".join(join(_inline_of(cell, place)).split()) for cell in found[:30]]


def _blocks_of_text(node: Tag) -> list[str]:
    words = " ".join(escape(node.get_text(" ")).split())
    return [escape_line_start(words)] if words else []


# Inside a paragraph


def _inline_of(node: Tag, place: _Place) -> Iterator[Piece]:
    for child in node.children:
        yield from _inline(child, place)


def _inline(node: PageElement, place: _Place) -> Iterator[Piece]:
    """The text and the marks of one inline node."""
    if isinstance(node, PreformattedString):
        return  # a comment, a declaration
    if isinstance(node, NavigableString):
        yield _text(str(node), place)
    elif isinstance(node, Tag) and node.name not in _DROPPED:
        if place.depth >= _MOST_DEPTH:
            yield _text(node.get_text(" "), place)
        else:
            yield from _element(node, place.below())


def _text(words: str, place: _Place) -> Piece:
    spaced = re.sub(r"[ \t\r\n\f]+", " ", words)
    escaped = escape_label(spaced) if place.in_link else escape(spaced)
    return escaped.replace("|", "\\|") if place.in_cell else escaped


def _element(node: Tag, place: _Place) -> Iterator[Piece]:
    if node.name == "br":
        yield " " if place.in_link or place.in_cell else "\n"
    elif node.name == "img":
        yield _text(_alternative(node), place)
    elif node.name in _CODE:
        span = code_span(node.get_text())
        yield span.replace("|", "\\|") if place.in_cell else span
    elif node.name == "a" and not place.in_link:
        yield from _link(node, place)
    elif node.name in ("sup", "sub"):
        words = [str(child) for child in node.children if isinstance(child, NavigableString)]
        alone = len(words) == len(node.contents)
        yield from [_text(raised("".join(words), node.name), place)] if alone else _inline_of(node, place)
    else:
        yield from _marked(node, place)


def _alternative(node: Tag) -> str:
    words = str(node.get("alt", "")).strip()
    return "" if words.lower() in _NO_ALT else words


def _link(node: Tag, place: _Place) -> Iterator[Piece]:
    target = address(str(node.get("href", "")), place.site)
    if target is None:
        yield from _inline_of(node, place)
        return
    label = join(_inline_of(node, place.below(in_link=True, marks=frozenset())))
    words = " ".join(label.split())
    if not words and node.find("img") is None:
        return  # nobody saw this link where it comes from either
    if not words or node.get_text().strip() == str(node.get("href", "")).strip():
        yield f"<{target}>"
        return
    before, after = label[: len(label) - len(label.lstrip())], label[len(label.rstrip()) :]
    yield f"{before}[{words}]({target}){after}"


def _marked(node: Tag, place: _Place) -> Iterator[Piece]:
    sign = "**" if node.name in _STRONG else "*" if node.name in _EMPHASIS else ""
    sign = "~~" if node.name in _STRUCK else sign
    # A block within inline text (deep nesting, a heading's paragraph) at least keeps its words apart.
    apart = " " if node.name in _BLOCKS else ""
    if not sign or sign in place.marks:
        yield apart
        yield from _inline_of(node, place)
        yield apart
        return
    yield Mark(sign, opens=True)
    yield from _inline_of(node, place.below(marks=place.marks | {sign}))
    yield Mark(sign, opens=False)
