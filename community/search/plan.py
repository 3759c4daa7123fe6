"""What to look for: each word of a question, and everything that may stand for it. Pure.

Terms of the index are of three sorts: `=word` folded, `stem` stemmed and folded, and `^mot` as it
is written where folding changed it (only to show a spelling suggestion with its accents).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from community.search.spelling import can_be_corrected
from community.search.synonyms import synonyms_of
from community.search.words import fold, query_words, readable, stem, stems, tokens

STEM_WEIGHT = 0.85  # another form of the word, beside the word itself
CORRECTED_WEIGHT = 0.6
MOST_ALTERNATIVES = 160  # of all words of a question together

K1 = 1.2  # BM25: how fast a word said again stops to matter
B = 0.6  # … and how much a long text is held against it
USUAL_LENGTH = 120  # words; a constant, so that texts one may not see cannot change it
TITLE, CONTEXT, BODY = 2.5, 0.6, 1.0  # worth of a word by where it stands
RECENT_BONUS, RECENT_DAYS = 0.12, 365.0  # halves every year


@dataclass(frozen=True, slots=True)
class Form:
    """The terms under which one word is found."""

    exact: str
    stems: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Alternative:
    """Words that together satisfy a need, and what finding them is worth."""

    forms: tuple[Form, ...]
    weight: float


@dataclass(frozen=True, slots=True)
class Need:
    """One word of the question; its first alternative is the word itself."""

    word: str
    alternatives: tuple[Alternative, ...]


def index_terms(text: str, lang: str) -> Iterator[str]:
    """Every term of a text, in order and repeated as its words are."""
    for token in tokens(readable(text)):
        yield from _terms_of(token.word, lang)


@lru_cache(maxsize=8_000)
def _terms_of(word: str, lang: str) -> tuple[str, ...]:
    folded = fold(word)
    if not folded:
        return ()
    stemmed = (stem(word, lang),) if lang in {"fr", "en"} else stems(word)
    written = (f"^{word}",) if word != folded else ()
    return (f"={folded}", *stemmed, *written)


def form(word: str) -> Form:
    """How a word of a question is looked up: its language is not known."""
    return Form(f"={fold(word)}", tuple(sorted(stems(word))))


def needs_of(text: str) -> tuple[Need, ...]:
    """The needs of a question, in the order of its words; none for a text without words."""
    words = query_words(text)
    alternatives = [[Alternative((form(word),), 1.0)] for word in words]
    synonyms = synonyms_of(words)
    for synonym in synonyms[:MOST_ALTERNATIVES]:
        found = Alternative(tuple(form(word) for word in synonym.words), synonym.weight)
        for place in range(synonym.start, synonym.end):
            if found not in alternatives[place]:
                alternatives[place].append(found)
    return tuple(Need(word, tuple(found)) for word, found in zip(words, alternatives, strict=True))


def corrected(need: Need, words: Sequence[str]) -> Need:
    """The need with words it may be a misspelling of, the likeliest first, and with what they mean."""
    found = list(need.alternatives)
    for place, word in enumerate(words):
        weight = CORRECTED_WEIGHT * 0.8**place
        found.append(Alternative((form(word),), weight))
        found += [
            Alternative(tuple(form(part) for part in synonym.words), weight * synonym.weight)
            for synonym in synonyms_of((word,))
        ]
    return replace(need, alternatives=tuple(found))


def marks(needs: Iterable[Need]) -> frozenset[str]:
    """The terms to mark in an extract. Stems only of the words asked: those of synonyms mark too much."""
    found: set[str] = set()
    for need in needs:
        for alternative in need.alternatives:
            for one in alternative.forms:
                found.update((one.exact, *one.stems))
    return frozenset(found)


def least_answered(needs: int) -> float:
    """How much of a question a document must answer to be shown, unless none answers that much.

    A share of the rarity of its words: either of two words equally rare, a fifth of a long sentence.
    What answers more comes first by its score.
    """
    return {1: 1.0, 2: 0.4, 3: 0.3}.get(needs, 0.2)


def spelling_words(terms: Iterable[str]) -> set[str]:
    """Of the terms of a text, the words as they are written that can mend a spelling."""
    every = set(terms)
    accented = {term[1:] for term in every if term.startswith("^")}
    bare = {fold(word) for word in accented}
    plain = {term[1:] for term in every if term.startswith("=")} - bare
    return {word for word in accented | plain if can_be_corrected(word)}


def written_term(word: str) -> str:
    """The term of a word as it is written."""
    folded = fold(word)
    return f"^{word}" if word != folded else f"={folded}"
