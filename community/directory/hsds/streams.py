"""Large files, a piece at a time: JSON whose list is longer than memory, and lines. Pure."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import IO, Any, NoReturn

from community.directory.hsds.rows import Broken

PIECE = 1 << 18  # characters read at once
LARGEST = 1 << 24  # characters of one object (16 million)
_SPACE = " \t\r\n"


def _no_number(word: str) -> NoReturn:
    raise ValueError(f"{word} is no number")


_decoder = json.JSONDecoder(parse_constant=_no_number)


def parsed(text: str) -> Any:
    """One value. :raises Broken: it is none."""
    try:
        return _decoder.decode(text)
    except (ValueError, RecursionError) as problem:
        raise Broken(f"this is not JSON: {_words(problem)}") from None


def _words(problem: Exception) -> str:
    return "nested too deep" if isinstance(problem, RecursionError) else str(problem)[:200]


class Text:
    """Text that is read on as it is needed; what was passed is let go of."""

    def __init__(self, file: IO[str]) -> None:
        self._file = file
        self._text = ""
        self._at = 0
        self._done = False

    def _more(self) -> bool:
        if self._done:
            return False
        piece = self._file.read(max(PIECE, len(self._text) - self._at))
        self._text, self._at = self._text[self._at :] + piece, 0
        self._done = not piece
        return bool(piece)

    def peek(self) -> str:
        """The next character that is no space; "" at the end."""
        while True:
            while self._at < len(self._text) and self._text[self._at] in _SPACE:
                self._at += 1
            if self._at < len(self._text):
                return self._text[self._at]
            if not self._more():
                return ""

    def skip(self, wanted: str) -> None:
        """Pass one character. :raises Broken: another stands there."""
        found = self.peek()
        if found != wanted:
            raise Broken(f"expected {wanted} and found {found or 'the end of the file'}")
        self._at += 1

    def value(self) -> Any:
        """The next whole value. :raises Broken: there is none, or it is too large."""
        self.peek()
        while True:
            try:
                value, end = _decoder.raw_decode(self._text, self._at)
            except RecursionError:
                raise Broken("nested too deep") from None
            except ValueError as problem:
                value, end = _words(problem), -1
            # A number or a word at the very end may go on in the next piece.
            if end >= 0 and (end < len(self._text) or self._done):
                self._at = end
                return value
            if len(self._text) - self._at > LARGEST:
                raise Broken(f"one object is longer than {LARGEST} characters")
            if not self._more() and end < 0:
                raise Broken(f"this is not JSON: {value}")


def items(text: Text) -> Iterator[Any]:
    """The values of a list, one at a time. :raises Broken: it ends in the middle."""
    text.skip("[")
    if text.peek() == "]":
        text.skip("]")
        return
    while True:
        yield text.value()
        if text.peek() == "]":
            text.skip("]")
            return
        text.skip(",")


def lines(file: IO[str]) -> Iterator[tuple[int, str]]:
    """The lines that are not empty, with their number. :raises Broken: one is too long."""
    number = 0
    while line := file.readline(LARGEST + 1):
        number += 1
        if len(line) > LARGEST:
            raise Broken(f"line {number} is longer than {LARGEST} characters")
        if line.strip():
            yield number, line
