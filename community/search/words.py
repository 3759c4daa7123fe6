"""From text to words that can be looked up, in French and English. Pure: no Flask, no database.

A word is indexed in two forms: folded (no accents, no case) and stemmed then folded. Stemming the
accented word keeps a family together (épuisé, épuisement); the folded form finds what was typed
without accents (deces). French and English stems share one space, so that words alike in both
languages (opioïde, opioid) find each other. Stems: the Snowball algorithms as Whoosh carries them.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import lru_cache
from typing import NamedTuple

from whoosh.lang import stemmer_for_language
from whoosh.lang.stopwords import stoplists

from community.core.folding import fold

__all__ = [
    "Token",
    "elide",
    "fold",
    "is_stop_word",
    "query_words",
    "readable",
    "stem",
    "stems",
    "tokens",
    "tokens_of",
]

LONGEST_WORD = 64
SHORTEST_STEM = 3  # less is no longer one family: "ms" is not "m"
LONGEST_QUERY = 4_000  # characters that are read of what somebody asks
MOST_WORDS = 32

_INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff\x00]")
_WORD = re.compile(r"\d+(?:[.,]\d+)+|[^\W_]+(?:['’‘ʼ`´][^\W_]+)*")
_APOSTROPHE = re.compile("[’‘ʼ`´]")
_APOSTROPHE_ANY = re.compile("['’‘ʼ`´]")
_ELIDED = re.compile(r"(?:[cdjlmnst]|qu|jusqu|lorsqu|puisqu|quoiqu|quelqu)'(?=.)")
_POSSESSIVE = re.compile(r"(?<=.)'s$")
_HYPHENS = frozenset("-‐‑‒–")
_FIGURES_HELD = re.compile(r"[-‐‑‒–](?:\d|(?<=\d.)\w)")  # where ``_joined`` may have one more word

# What the two lists of Whoosh lack, and what asks a question without saying about what.
_MORE_STOP_WORDS = (
    "les cet cette où quand comment quel quelle quels quelles pourquoi combien lequel laquelle donc si "
    "être avoir faire fait peut faut chez entre comme aussi pendant durant depuis afin alors lors selon "
    "could would may might please"
)
# Streets call fentanyl "down"; hepatitis C is not the one that any letter names.
_NOT_STOP_WORDS = frozenset({"down", "c"})
_STOP_WORDS = frozenset(
    fold(word)
    for word in (*stoplists["fr"], *stoplists["en"], *_MORE_STOP_WORDS.split())
    if word not in _NOT_STOP_WORDS
)
_STEMMERS = {lang: stemmer_for_language(lang) for lang in ("fr", "en")}


class Token(NamedTuple):
    """A word as it stands in a readable text: lower case, accents kept, elision taken off."""

    word: str
    start: int
    end: int


def readable(text: str) -> str:
    """The text with composed letters and without invisible characters; places of tokens refer to it."""
    return _INVISIBLE.sub("", unicodedata.normalize("NFC", text))


def elide(token: str) -> str:
    """Take l', d', qu', jusqu' … off the front and the English 's off the end."""
    if not _APOSTROPHE_ANY.search(token):
        return token
    bare = _POSSESSIVE.sub("", _APOSTROPHE.sub("'", token))
    while match := _ELIDED.match(bare):
        bare = bare[match.end() :]
    return bare


def tokens(text: str) -> Iterator[Token]:
    """Every word of a readable text in order. `C-24` gives c, 24 and c24."""
    run: list[Token] = []
    for match in _WORD.finditer(text):
        start, end = match.span()
        token = Token(_as_looked_up(match.group()), start, end)
        if run and (start != run[-1].end + 1 or text[start - 1] not in _HYPHENS):
            if len(run) > 1:
                yield from _joined(run)
            run = []
        run.append(token)
        yield token
    yield from _joined(run)


@lru_cache(maxsize=20_000)
def _as_looked_up(found: str) -> str:
    word = elide(found.lower())
    if "," in word or len(word) > LONGEST_WORD:
        word = word[:LONGEST_WORD].replace(",", ".")
    return word


def tokens_of(text: str, wanted: Callable[[str], object]) -> list[Token]:
    """The words of a readable text that are wanted, in order: of ``tokens`` those, for less where few are.

    :param wanted: told a word as it is looked up, once for each way of writing it.
    """
    if _FIGURES_HELD.search(text):
        return [token for token in tokens(text) if wanted(token.word)]
    every = _WORD.findall(text)
    kept = {found: word for found in set(every) if wanted(word := _as_looked_up(found))}
    return list(_placed(text, every, kept)) if kept else []


def _placed(text: str, every: Sequence[str], kept: Mapping[str, str]) -> Iterator[Token]:
    """Those of every word of the text that are kept. Between two of its words nothing looks like one."""
    end = 0
    for found in every:
        start = text.index(found, end)
        end = start + len(found)
        if found in kept:
            yield Token(kept[found], start, end)


def _joined(run: list[Token]) -> Iterator[Token]:
    """One more word for parts held by hyphens when one has a figure: 9-8-8 is looked up as 988."""
    if 1 < len(run) <= 4 and any(part.word[0].isdigit() for part in run):
        whole = "".join(part.word for part in run)[:LONGEST_WORD]
        yield Token(whole, run[0].start, run[-1].end)


@lru_cache(maxsize=50_000)
def stem(token: str, lang: str) -> str:
    """The stem of a lower-case word in French or English, then folded; only folded in any other."""
    stemmer = _STEMMERS.get(lang)
    if stemmer is None or not token.isalpha():
        return fold(token)
    try:
        found = fold(stemmer(token))
    except IndexError:  # the French algorithm of Whoosh 2.7.4 runs past the end of a few odd words
        return fold(token)
    return found if len(found) >= SHORTEST_STEM else fold(token)


def stems(token: str) -> frozenset[str]:
    """The stems of a word whose language is not known."""
    return frozenset((stem(token, "fr"), stem(token, "en")))


def is_stop_word(word: str) -> bool:
    """Whether the word says too little to be looked up (the, de, comment)."""
    return fold(word) in _STOP_WORDS


def query_words(text: str, limit: int = MOST_WORDS) -> tuple[str, ...]:
    """What is looked up for a text somebody typed: any text will do, the empty one gives nothing.

    Each word once, in order, at most `limit`; small words only when there is nothing else.
    """
    asked = readable(text[:LONGEST_QUERY])
    seen: dict[str, str] = {}
    for token in tokens(asked):
        seen.setdefault(fold(token.word), token.word)
    telling = [word for folded, word in seen.items() if folded not in _STOP_WORDS]
    return tuple((telling or list(seen.values()))[:limit])
