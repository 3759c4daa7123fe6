"""What stands inside a paragraph of HTML, as Markdown: text, marks, links, pictures as their words. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from bs4.element import NavigableString, PageElement, PreformattedString, Tag

from community.forum.importing.addresses import address
from community.forum.importing.escaping import code_span, escape, escape_label, raised
from community.forum.importing.inline import Mark, Piece, join

MOST_DEPTH = 40  # elements within elements; what lies deeper keeps its words only


def _names(listed: str) -> frozenset[str]:
    return frozenset(listed.split())


_CONTAINERS = _names(
    "p div section article main header footer nav aside figure figcaption center address form fieldset "
    "details summary dl dt dd body html [document]"
)
HEADINGS = frozenset(f"h{level}" for level in range(1, 7))
BLOCKS = _CONTAINERS | HEADINGS | _names("ul ol li blockquote pre hr table")
DROPPED = _names(
    "script style head title template iframe object embed noscript svg math audio video canvas "
    "textarea select option"
)
_STRONG = frozenset({"b", "strong"})
_EMPHASIS = frozenset({"i", "em", "cite", "dfn", "var"})
_STRUCK = frozenset({"s", "strike", "del"})
_CODE = frozenset({"code", "kbd", "samp", "tt"})
_NO_ALT = frozenset({"", "enter image description here", "alt text", "image"})


@dataclass(frozen=True)
class Place:
    """Where the walk is: how deep, in how many quotes and lists, in which marks."""

    site: str
    depth: int = 0
    nested: int = 0
    marks: frozenset[str] = frozenset()
    in_link: bool = False
    in_cell: bool = False

    def below(self, **changes: object) -> Place:
        """One element deeper."""
        values = {**self.__dict__, "depth": self.depth + 1, **changes}
        return Place(**values)


def inline_of(node: Tag, place: Place) -> Iterator[Piece]:
    """What stands inside an element, in order."""
    for child in node.children:
        yield from inline_node(child, place)


def inline_node(node: PageElement, place: Place) -> Iterator[Piece]:
    """The text and the marks of one inline node."""
    if isinstance(node, PreformattedString):
        return  # a comment, a declaration
    if isinstance(node, NavigableString):
        yield _text(str(node), place)
    elif isinstance(node, Tag) and node.name not in DROPPED:
        if place.depth >= MOST_DEPTH:
            yield _text(node.get_text(" "), place)
        else:
            yield from _element(node, place.below())


def _text(words: str, place: Place) -> Piece:
    spaced = re.sub(r"[ \t\r\n\f]+", " ", words)
    escaped = escape_label(spaced) if place.in_link else escape(spaced)
    return escaped.replace("|", "\\|") if place.in_cell else escaped


def _element(node: Tag, place: Place) -> Iterator[Piece]:
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
        yield from [_text(raised("".join(words), node.name), place)] if alone else inline_of(node, place)
    else:
        yield from _marked(node, place)


def _alternative(node: Tag) -> str:
    words = str(node.get("alt", "")).strip()
    return "" if words.lower() in _NO_ALT else words


def _link(node: Tag, place: Place) -> Iterator[Piece]:
    target = address(str(node.get("href", "")), place.site)
    if target is None:
        yield from inline_of(node, place)
        return
    label = join(inline_of(node, place.below(in_link=True, marks=frozenset())))
    words = " ".join(label.split())
    if not words and node.find("img") is None:
        return  # nobody saw this link where it comes from either
    if not words or node.get_text().strip() == str(node.get("href", "")).strip():
        yield f"<{target}>"
        return
    before, after = label[: len(label) - len(label.lstrip())], label[len(label.rstrip()) :]
    yield f"{before}[{words}]({target}){after}"


def _marked(node: Tag, place: Place) -> Iterator[Piece]:
    sign = "**" if node.name in _STRONG else "*" if node.name in _EMPHASIS else ""
    sign = "~~" if node.name in _STRUCK else sign
    # A block within inline text (deep nesting, a heading's paragraph) at least keeps its words apart.
    apart = " " if node.name in BLOCKS else ""
    if not sign or sign in place.marks:
        yield apart
        yield from inline_of(node, place)
        yield apart
        return
    yield Mark(sign, opens=True)
    yield from inline_of(node, place.below(marks=place.marks | {sign}))
    yield Mark(sign, opens=False)
