"""The code that takes a testimony back: 128 random bits as words that can be read aloud. Pure.

Sixteen bits make a word of five letters, consonants and vowels in turn (D. Wilkerson, *A proposal for
proquints*, 2009), which nobody speaking French or English stumbles over. A ninth word is computed from
the eight, so that a slip of the pen is told from a code that opens nothing.
"""

from __future__ import annotations

import hashlib
import re

from community.core.folding import fold

BYTES = 16
WORDS = BYTES // 2 + 1
_CONSONANTS = "bdfghjklmnprstvz"
_VOWELS = "aiou"
_LETTERS = 5
_SHAPE = re.compile(rf"(?:[{_CONSONANTS}][{_VOWELS}]){{2}}[{_CONSONANTS}]")


def written(secret: bytes) -> str:
    """The code of these sixteen bytes: ``lusab-babad-…``, nine words."""
    whole = secret + _check(secret)
    words = [_word(int.from_bytes(whole[place : place + 2])) for place in range(0, len(whole), 2)]
    return "-".join(words)


def read(typed: str) -> bytes | None:
    """The secret that a code stands for, however it was typed; None where it is no code."""
    letters = "".join(letter for letter in fold(typed) if letter.isalpha())
    if len(letters) != WORDS * _LETTERS:
        return None
    words = [letters[place : place + _LETTERS] for place in range(0, len(letters), _LETTERS)]
    if not all(_SHAPE.fullmatch(word) for word in words):
        return None
    whole = b"".join(_number(word).to_bytes(2) for word in words)
    secret, check = whole[:BYTES], whole[BYTES:]
    return secret if check == _check(secret) else None


def _check(secret: bytes) -> bytes:
    return hashlib.sha256(b"testimony code\n" + secret).digest()[:2]


def _word(number: int) -> str:
    return (
        _CONSONANTS[number >> 12]
        + _VOWELS[number >> 10 & 3]
        + _CONSONANTS[number >> 6 & 15]
        + _VOWELS[number >> 4 & 3]
        + _CONSONANTS[number & 15]
    )


def _number(word: str) -> int:
    first, one, middle, two, last = tuple(word)
    return (
        _CONSONANTS.index(first) << 12
        | _VOWELS.index(one) << 10
        | _CONSONANTS.index(middle) << 6
        | _VOWELS.index(two) << 4
        | _CONSONANTS.index(last)
    )
