"""Texts over the limit of a post, cut into several at the ends of paragraphs. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator

from community.core.text import MAX_BODY

_FENCE = re.compile(r"(`{3,120})[a-z0-9-]{0,20}(?:\n|$)")  # as escaping.fence writes them
_PARAGRAPH_END = re.compile(r"\n\n(?=\S)")  # an indented line goes on with the list before it
_SENTENCE_END = re.compile(r"(?<=[.!?…])\s+")
_MARK = "({place}/{all})\n\n"
_ROOM_FOR_MARK = len("(1000/1000)\n\n")


def split(markdown: str, most: int = MAX_BODY) -> list[str]:
    """The text whole, or parts that each begin with "(1/3)" and have at most ``most`` characters.

    Cut at the end of a paragraph where one is near; else of a line, a sentence, a word; at any
    character as the last resort. A block of code that is cut is closed and opened again.
    """
    if len(markdown) <= most:
        return [markdown]
    parts = _packed(markdown, most - _ROOM_FOR_MARK)
    return [_MARK.format(place=n, all=len(parts)) + part for n, part in enumerate(parts, 1)]


def _packed(markdown: str, room: int) -> list[str]:
    parts = [""]
    for block in _blocks(markdown, room):
        joined = f"{parts[-1]}\n\n{block}" if parts[-1] else block
        if len(joined) <= room:
            parts[-1] = joined
        else:
            parts.append(block)
    return [part for part in parts if part.strip()]


def _blocks(markdown: str, room: int) -> Iterator[str]:
    """Paragraphs, lists, blocks of code: none longer than ``room``."""
    for block in _whole_blocks(markdown):
        if len(block) <= room:
            yield block
        elif _FENCE.match(block):
            yield from _code(block, room)
        else:
            yield from map(_ended, _cut(block, room))


def _whole_blocks(markdown: str) -> Iterator[str]:
    waiting: list[str] = []
    fence = ""
    for piece in _PARAGRAPH_END.split(markdown):
        waiting.append(piece)
        for line in piece.split("\n"):
            mark = _FENCE.match(line)
            if fence and line == fence:
                fence = ""
            elif mark and not fence:
                fence = mark[1]
        if not fence:
            yield "\n\n".join(waiting)
            waiting = []
    if waiting:
        yield "\n\n".join(waiting)


def _code(block: str, room: int) -> Iterator[str]:
    first, _, rest = block.partition("\n")
    mark = first.rstrip("abcdefghijklmnopqrstuvwxyz0123456789-")
    for piece in _cut(rest.removesuffix(mark), room - len(first) - len(mark) - 2):
        yield f"{first}\n{piece.rstrip()}\n{mark}"


def _cut(text: str, room: int) -> Iterator[str]:
    start = 0
    while len(text) - start > room:
        end = start + _place(text[start : start + room], room)
        yield text[start:end]
        start = end
    yield text[start:]


def _ended(text: str) -> str:
    """Without the line break that joined it to what follows."""
    bare = text.strip("\n").rstrip()
    breaks = len(bare) - len(bare.rstrip("\\"))
    return bare[:-1] if breaks % 2 else bare


def _place(text: str, room: int) -> int:
    """Where to cut: after the last line, sentence or word that fits and is not far too early."""
    for end in (text.rfind("\n") + 1, _sentence(text), text.rfind(" ") + 1):
        if end > room // 2:
            return end
    # Not between a backslash and the sign it escapes.
    return room - 1 if text.endswith("\\") else room


def _sentence(text: str) -> int:
    ends = [match.end() for match in _SENTENCE_END.finditer(text)]
    return ends[-1] if ends else 0
