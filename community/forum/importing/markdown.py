"""HTML, comments and plain text from elsewhere, turned into Markdown. Pure and bounded.

The tree that BeautifulSoup builds is walked once. What is text stays text: every character that
Markdown would read as a sign is escaped, so that the words a reader sees are those that were
written. Pictures become their alternative text, odd addresses become their label, nesting is
capped. The result still passes ``core.text.render``, which alone decides what is safe to show.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from bs4 import BeautifulSoup
from bs4.element import PageElement, Tag

from community.forum.importing.escaping import escape, escape_line_start, fence, tidy
from community.forum.importing.inline import join
from community.forum.importing.phrases import (
    BLOCKS,
    DROPPED,
    HEADINGS,
    MOST_DEPTH,
    Place,
    inline_node,
    inline_of,
)

MOST_HTML = 300_000  # characters; longer ones are refused before they are parsed
_MOST_NESTED = 5  # quotes and lists within one another
_DECLARATION = re.compile(r"<(?=[!?])")
_LANGUAGE = re.compile(r"(?:lang|language)-([a-z0-9-]{1,20})")


def from_html(html: str, site: str = "") -> str:
    """Markdown of an HTML text.

    :param site: the address that relative links are read against; without it they become text.
    :raises ValueError: longer than ``MOST_HTML`` characters.
    """
    if len(html) > MOST_HTML:
        raise ValueError("the text is too long to be read")
    tree = BeautifulSoup(_without_declarations(tidy(html)), "html.parser")
    return "\n\n".join(_blocks(tree, Place(site)))


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


def _blocks(node: Tag, place: Place) -> list[str]:
    """The paragraphs, lists, quotes … of an element, in order."""
    return _blocks_of(node.children, place)


def _blocks_of(children: Iterable[PageElement], place: Place) -> list[str]:
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


def _holds_blocks(node: Tag, place: Place) -> bool:
    if place.depth >= MOST_DEPTH:
        return False
    return node.name in BLOCKS or (node.name not in DROPPED and node.find(_is_block) is not None)


def _is_block(node: Tag) -> bool:
    return node.name in BLOCKS


def _block(node: Tag, place: Place, *, again: bool) -> list[str]:
    if node.name in HEADINGS:
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


def _paragraph(run: Iterable[PageElement], place: Place) -> list[str]:
    """One paragraph of inline nodes, or several where line breaks stand two in a row."""
    pieces = [piece for node in run for piece in inline_node(node, place.below())]
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


def _heading(node: Tag, place: Place) -> list[str]:
    words = " ".join(join(inline_of(node, place)).split())
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


def _list(node: Tag, place: Place, *, again: bool) -> list[str]:
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


def _table(node: Tag, place: Place) -> list[str]:
    rows = [row for row in node.find_all("tr") if row.find_parent("table") is node]
    cells = [_cells(row, place.below(in_cell=True)) for row in rows[:200]]
    cells = [row for row in cells if any(row)]
    if not cells:
        return _blocks_of_text(node)
    width = max(len(row) for row in cells)
    head, *body = [[*row, *[""] * (width - len(row))] for row in cells]
    lines = [head, ["---"] * width, *body]
    return ["\n".join(f"| {' | '.join(line)} |" for line in lines)]


def _cells(row: Tag, place: Place) -> list[str]:
    found = row.find_all(["td", "th"], recursive=False)
    return [" ".join(join(inline_of(cell, place)).split()) for cell in found[:30]]


def _blocks_of_text(node: Tag) -> list[str]:
    words = " ".join(escape(node.get_text(" ")).split())
    return [escape_line_start(words)] if words else []
