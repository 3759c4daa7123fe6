"""The part of a text that answers a question, with what was found marked. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from community.search.words import Token, fold, readable, stem, stems, tokens_of

LENGTH = 240
_BEFORE = 60  # characters shown before the first marked word


@dataclass(frozen=True, slots=True)
class Piece:
    """Some text, marked or not. Plain text: templates escape it."""

    text: str
    marked: bool = False


def extract(text: str, terms: frozenset[str], lang: str = "", length: int = LENGTH) -> tuple[Piece, ...]:
    """About `length` characters around the place where most different terms stand."""
    shown = readable(text)
    found = _found(shown, terms, lang)
    start, end = _window(shown, found, length)
    inside = [token for token, _ in found if start <= token.start and token.end <= end]
    pieces = list(_pieces(shown, inside, start, end))
    if start > 0:
        pieces.insert(0, Piece("… "))
    if end < len(shown):
        pieces.append(Piece(" …"))
    return tuple(pieces)


def marked(text: str, terms: frozenset[str], lang: str = "") -> tuple[Piece, ...]:
    """The whole text (a title) with what was found marked."""
    shown = readable(text)
    return tuple(_pieces(shown, [token for token, _ in _found(shown, terms, lang)], 0, len(shown)))


def _found(shown: str, terms: frozenset[str], lang: str) -> list[tuple[Token, str]]:
    known = _known(terms, lang)
    return [(token, known[token.word]) for token in tokens_of(shown, known.__getitem__)]


class _Known(dict[str, str]):
    """The term that a word is marked for, "" for none; each word is looked at once."""

    def __init__(self, terms: frozenset[str], lang: str) -> None:
        super().__init__()
        self.terms, self.lang = terms, lang
        # No stem begins with another letter than its word: nearly every word of a text needs no further look.
        self.begin = frozenset(term.removeprefix("=")[:1] for term in terms)

    def __missing__(self, word: str) -> str:
        self[word] = term = self._term(word) if word[0] in self.begin or not word[0].isascii() else ""
        return term

    def _term(self, word: str) -> str:
        exact = f"={fold(word)}"
        if exact in self.terms:
            return exact
        own = {stem(word, self.lang)} if self.lang in {"fr", "en"} else stems(word)
        return min(own & self.terms, default="")


@lru_cache(maxsize=4)
def _known(terms: frozenset[str], lang: str) -> _Known:
    """For the question at hand, whose results are many texts."""
    return _Known(terms, lang)


def _window(shown: str, found: Sequence[tuple[Token, str]], length: int) -> tuple[int, int]:
    """Where to cut: at words, so that the window holds as many different terms as it can."""
    if len(shown) <= length:
        return 0, len(shown)
    best, most = 0, 0
    for place, (token, _) in enumerate(found):
        within = {term for other, term in found[place:] if other.end <= token.start + length - _BEFORE}
        if len(within) > most:
            best, most = token.start, len(within)
    start = _word_after(shown, max(0, min(best - _BEFORE, len(shown) - length)))
    end = _word_before(shown, start + length)
    return start, end


def _word_after(shown: str, place: int) -> int:
    if place == 0:
        return 0
    space = shown.find(" ", place, place + _BEFORE)
    return place if space < 0 else space + 1


def _word_before(shown: str, place: int) -> int:
    if place >= len(shown):
        return len(shown)
    space = shown.rfind(" ", place - _BEFORE, place + 1)
    return place if space < 0 else space


def _pieces(shown: str, found: Sequence[Token], start: int, end: int) -> Iterable[Piece]:
    place = start
    for token in found:
        if token.start < place:  # c24 stands where c and 24 do
            continue
        if token.start > place:
            yield Piece(shown[place : token.start])
        yield Piece(shown[token.start : token.end], marked=True)
        place = token.end
    if place < end:
        yield Piece(shown[place:end])
