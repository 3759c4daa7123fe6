"""What a misspelt word may have been meant to be. Pure: the engines bring the words they know.

Two words are near when what they sound like differs by one letter more, less, other or swapped
(or two missing from what is known). "Sound" is a rough key in which the usual ways to misspell
French and English words fall together: doubled letters, ph and f, mute h, en and an, silent ends.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import lru_cache
from itertools import combinations

from community.search.words import fold, is_stop_word, readable, tokens

SHORTEST, LONGEST = 4, 28
MOST_CORRECTIONS = 3

_SOUNDS = tuple(
    (re.compile(pattern), to)
    for pattern, to in (
        (r"[^a-z]", ""),
        (r"ph", "f"),
        (r"sch|sh|tch", "ch"),
        (r"eau|au", "o"),
        (r"oe|ae|ai|ei", "e"),
        (r"qu|q|ck|c(?![eiyh])", "k"),
        (r"c(?=[eiy])", "s"),
        (r"ch", "C"),
        (r"gu(?=[eiy])", "G"),
        (r"g(?=[eiy])", "j"),
        (r"h", ""),
        (r"[yî]", "i"),
        (r"z", "s"),
        (r"w", "v"),
        (r"[ae]m(?=[bp])|en(?![eaiou]|n)", "an"),
        (r"x", "ks"),
        (r"(.)\1+", r"\1"),
        (r"(?<=...)(?:e?nt|e?s|es|e|t|d|p)$", ""),
        (r"(?<=...)e$", ""),
    )
)


@lru_cache(maxsize=8_000)
def can_be_corrected(word: str) -> bool:
    """Whether a word is long and plain enough for its spelling to be judged."""
    return SHORTEST <= len(word) <= LONGEST and word.isalpha() and not is_stop_word(word)


@lru_cache(maxsize=8_000)
def sound(word: str) -> str:
    """What a word roughly sounds like."""
    key = fold(word)
    for pattern, to in _SOUNDS:
        key = pattern.sub(to, key)
    return key


def near_keys(word: str) -> frozenset[str]:
    """The keys a known word is kept under: its sound, and the same with any one letter left out."""
    key = sound(word)
    return frozenset({key, *_without(key, 1)} - {""})


def asked_keys(word: str) -> frozenset[str]:
    """The keys under which a misspelt word is sought: two letters may be too many in a long one."""
    key = sound(word)
    keys = {key, *_without(key, 1)}
    if len(key) >= 6:
        keys.update(_without(key, 2))
    return frozenset(keys - {""})


def _without(key: str, letters: int) -> set[str]:
    if len(key) - letters < 3:
        return set()
    return {"".join(kept) for kept in combinations(key, len(key) - letters)}


def distance(one: str, other: str) -> int:
    """Letters to add, drop, change or swap with their neighbour to turn one word into the other.

    Optimal string alignment (Damerau and Levenshtein, restricted).
    """
    before: list[int] = []
    row = list(range(len(other) + 1))
    for i, a in enumerate(one, start=1):
        before, last, row = row, before, [i]
        for j, b in enumerate(other, start=1):
            cost = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (a != b))
            if i > 1 and j > 1 and a == other[j - 2] and one[i - 2] == b:
                cost = min(cost, last[j - 2] + 1)
            row.append(cost)
    return row[-1]


def likeliest(word: str, known: Iterable[tuple[str, int]]) -> list[str]:
    """Of known words with how often each is seen, those that may be meant, the likeliest first."""
    asked = fold(word)
    most = max(1, len(asked) // 3)
    ranked = []
    for one, seen in known:
        apart = distance(asked, fold(one))
        if 0 < apart <= most:
            other_start = asked[:1] != fold(one)[:1]
            ranked.append((apart + 2 * distance(sound(asked), sound(one)) + other_start, -seen, one))
    ranked.sort()
    best = ranked[0][0] if ranked else 0
    return [one for cost, _, one in ranked if cost <= best + 2][:MOST_CORRECTIONS]


def shown_forms(counted: Iterable[tuple[str, int]]) -> list[tuple[str, int]]:
    """Of words with how often each is seen, one way to write each that is seen: with its accents."""
    best: dict[str, tuple[bool, int, str]] = {}
    for word, seen in counted:
        if seen:
            bare = fold(word)
            best[bare] = max(best.get(bare, (False, 0, "")), (word != bare, seen, word))
    return [(word, seen) for _, seen, word in best.values()]


def rewritten(text: str, meant: Mapping[str, str]) -> str:
    """The question with its misspelt words replaced, the rest as it was typed."""
    shown = readable(text)
    parts, end = [], 0
    for token in tokens(shown):
        word = meant.get(token.word)
        if word is not None and token.start >= end:
            start = (
                token.end - len(token.word)
                if shown[token.start : token.end].lower().endswith(token.word)
                else token.start
            )
            parts += [shown[end:start], word]
            end = token.end
    return " ".join("".join([*parts, shown[end:]]).split())
