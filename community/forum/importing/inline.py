"""Putting the pieces of a paragraph together so that its emphasis is really read as such. Pure.

CommonMark opens emphasis only where the sign leans on the word that follows it, and closes it only
where it leans on the word before (0.31, section 6.2, "left-flanking" and "right-flanking" runs).
HTML knows no such rule: a pair that would be shown as asterisks is left out, its words stay.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass

from markdown_it import MarkdownIt

_reader = MarkdownIt("commonmark").enable("strikethrough")
_BLANK_LINE = re.compile(r"\n\s*\n")


@dataclass(frozen=True)
class Mark:
    """The start or the end of bold, italic or struck text."""

    sign: str
    opens: bool


Piece = str | Mark


def join(pieces: Iterable[Piece]) -> str:
    """The Markdown of one paragraph; lines end where the pieces held a line end."""
    listed = _with_spaces_outside([piece for piece in pieces if piece != ""])
    dropped = _dropped(listed)
    written = _written(listed, dropped)
    if len(_pairs(listed)) * 2 - len(dropped) <= 2:
        return written
    # Signs that touch ("***a**b**c***") can be read in several ways; the words matter more.
    bare = _glued(piece for piece in listed if isinstance(piece, str))
    return written if _words_read_in(written) == _words_read_in(bare) else bare


def _written(pieces: list[Piece], dropped: set[int]) -> str:
    kept = (piece for place, piece in enumerate(pieces) if place not in dropped)
    return _glued(piece.sign if isinstance(piece, Mark) else piece for piece in kept)


def _glued(parts: Iterable[str]) -> str:
    """One text; a space keeps the backticks of two pieces of code apart."""
    found: list[str] = []
    for part in parts:
        if found and found[-1].endswith("`") and part.startswith("`"):
            found.append(" ")
        found.append(part)
    return "".join(found)


def _words_read_in(markdown: str) -> str:
    (line,) = _reader.parseInline(markdown)
    return "".join(token.content for token in line.children or ())


def _with_spaces_outside(pieces: list[Piece]) -> list[Piece]:
    """Move spaces from just inside a pair of marks to just outside."""
    found: list[Piece] = []
    for piece in pieces:
        after_opening = bool(found) and isinstance(found[-1], Mark) and found[-1].opens
        if isinstance(piece, str) and after_opening:
            _insert_space(found, piece)
        elif isinstance(piece, Mark) and not piece.opens:
            _close(found, piece)
        else:
            found.append(piece)
    return found


def _insert_space(found: list[Piece], piece: str) -> None:
    bare = piece.lstrip()
    space = piece[: len(piece) - len(bare)]
    if space:
        place = len(found)
        while place and isinstance(found[place - 1], Mark) and _opens(found[place - 1]):
            place -= 1
        found.insert(place, space)
    if bare:
        found.append(bare)


def _opens(piece: Piece) -> bool:
    return isinstance(piece, Mark) and piece.opens


def _close(found: list[Piece], mark: Mark) -> None:
    last = len(found) - 1
    while last >= 0 and isinstance(found[last], Mark) and not _opens(found[last]):
        last -= 1
    before = found[last] if last >= 0 else ""
    if isinstance(before, str) and before != before.rstrip():
        bare = before.rstrip()
        closing = found[last + 1 :]
        found[last:] = [*([bare] if bare else []), *closing, mark, before[len(bare) :]]
    else:
        found.append(mark)


def _dropped(pieces: list[Piece]) -> set[int]:
    """The places of marks that would not be read as such, with their partners."""
    pairs = _pairs(pieces)
    # "**a***b*": signs that meet would be read as one run.
    dropped = {place for pair in pairs if _follows_a_closing(pieces, pair[0]) for place in pair}
    changed = True
    while changed:  # leaving one pair out may change the neighbours of another
        changed = False
        for start, end in pairs:
            if start not in dropped and not _reads(pieces, start, end, dropped):
                dropped |= {start, end}
                changed = True
    return dropped


def _pairs(pieces: list[Piece]) -> list[tuple[int, int]]:
    open_at: list[int] = []
    found = []
    for place, piece in enumerate(pieces):
        if isinstance(piece, Mark):
            if piece.opens:
                open_at.append(place)
            elif open_at:
                found.append((open_at.pop(), place))
    return found


def _follows_a_closing(pieces: list[Piece], start: int) -> bool:
    before = start - 1
    while before >= 0 and _opens(pieces[before]):
        before -= 1
    return before >= 0 and isinstance(pieces[before], Mark)


def _reads(pieces: list[Piece], start: int, end: int, dropped: set[int]) -> bool:
    inside = any(isinstance(piece, str) and piece.strip() for piece in pieces[start + 1 : end])
    if not inside or _BLANK_LINE.search("".join(p for p in pieces[start:end] if isinstance(p, str))):
        return False
    return _leans(_beside(pieces, start, -1, dropped), _beside(pieces, start, 1, dropped)) and _leans(
        _beside(pieces, end, 1, dropped), _beside(pieces, end, -1, dropped)
    )


def _beside(pieces: list[Piece], place: int, step: int, dropped: set[int]) -> str:
    """The character next to a run of marks, on one side; a space at the end of the text."""
    place += step
    while 0 <= place < len(pieces):
        piece = pieces[place]
        if isinstance(piece, str) and piece:
            return piece[0] if step > 0 else piece[-1]
        place += step
    return " "


def _leans(outside: str, inside: str) -> bool:
    if inside.isspace():
        return False
    return not _punctuation(inside) or outside.isspace() or _punctuation(outside)


def _punctuation(character: str) -> bool:
    return unicodedata.category(character)[0] in "PS"
