"""Large files, a piece at a time: JSON whose list is longer than memory, and lines. Pure."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator
from typing import IO, Any, NoReturn

from community.directory.hsds.rows import Broken

PIECE = 1 << 18  # characters read at once
LARGEST = 1 << 24  # characters of one object (16 million)
_SPACE = " \t\r\n"
_LONGEST_NUMBER = 400  # digits: more than any database holds
_OUTSIDE = re.compile(r'["\[\]{}]')  # what matters outside of texts, and within them
_INSIDE = re.compile(r'["\\]')


def _no_number(word: str) -> NoReturn:
    raise ValueError(f"{word} is no number")


def _whole(digits: str) -> int | float:
    """A whole number; one that nothing could hold is infinite, and refused where it stands."""
    return int(digits) if len(digits) <= _LONGEST_NUMBER else float("inf")


class Unheld(Broken):
    """One value cannot be held; what comes after it can be read."""


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """An object; of a name that stands twice in it each reader would keep another value."""
    found = dict(pairs)
    if len(found) < len(pairs):
        twice, _ = Counter(name for name, _ in pairs).most_common(1)[0]
        raise Unheld(f"{twice[:80]!r} stands twice in one object")
    return found


_decoder = json.JSONDecoder(parse_constant=_no_number, parse_int=_whole, object_pairs_hook=_object)


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
        """The next whole value. :raises Broken: there is none. :raises Unheld: it may be passed over."""
        self.peek()
        while True:
            try:
                value, end = _decoder.raw_decode(self._text, self._at)
            except RecursionError:
                raise Unheld("is nested too deep") from None
            except ValueError as problem:
                value, end = _words(problem), -1
            # A number or a word at the very end may go on in the next piece.
            if end >= 0 and (end < len(self._text) or self._done):
                self._at = end
                return value
            if len(self._text) - self._at > LARGEST:
                raise Unheld(f"is longer than {LARGEST} characters")
            if not self._more() and end < 0:
                raise Broken(f"this is not JSON: {value}")

    def pass_over(self) -> None:
        """Leave out the next value, a list or an object of any length. :raises Broken: it has no end."""
        if self.peek() not in {"[", "{"}:
            raise Broken(f"one value is longer than {LARGEST} characters")
        depth, within = 0, False
        while True:
            found = (_INSIDE if within else _OUTSIDE).search(self._text, self._at)
            if found is None:
                self._at = len(self._text)
                self._needs_more()
                continue
            self._at = found.end()
            if found[0] == "\\":
                self._pass_one()
            elif found[0] == '"':
                within = not within
            else:
                depth += 1 if found[0] in "[{" else -1
            if depth == 0:
                return

    def _pass_one(self) -> None:
        if self._at == len(self._text):
            self._needs_more()
        self._at += 1

    def _needs_more(self) -> None:
        if not self._more():
            raise Broken("the file ends in the middle of an object")


def items(text: Text) -> Iterator[Any]:
    """The values of a list, one at a time; in place of one that cannot be held, why (:class:`Unheld`).

    :raises Broken: it ends in the middle.
    """
    text.skip("[")
    if text.peek() == "]":
        text.skip("]")
        return
    while True:
        yield _held(text)
        if text.peek() == "]":
            text.skip("]")
            return
        text.skip(",")


def _held(text: Text) -> Any:
    try:
        return text.value()
    except Unheld as problem:
        text.pass_over()
        return problem


def lines(file: IO[str]) -> Iterator[tuple[int, str | Unheld]]:
    """The lines that are not empty, with their number; in place of one that cannot be held, why."""
    number = 0
    while line := file.readline(LARGEST + 1):
        number += 1
        if len(line) > LARGEST:
            while line and not line.endswith("\n"):
                line = file.readline(PIECE)
            yield number, Unheld(f"is longer than {LARGEST} characters")
        elif line.strip():
            yield number, line
