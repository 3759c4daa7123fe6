"""What a recognizer gives, and what a finding says of itself without repeating what was found."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

WARN, BLOCK = "warn", "block"
LEVELS = ("none", WARN, BLOCK)
KINDS = {
    "ramq": BLOCK,
    "ohip": BLOCK,
    "bc_phn": BLOCK,
    "sin": BLOCK,
    "health_number": BLOCK,
    "record_number": BLOCK,
    "postal_code": WARN,
    "address": WARN,
    "phone": WARN,
    "email": WARN,
    "birth_date": WARN,
    "name": WARN,
    "rare_combination": WARN,
}


class Found(NamedTuple):
    """A place in the text as it is read, and what stands there."""

    start: int
    end: int
    kind: str


def apart(found: Iterable[Found]) -> Iterator[Found]:
    """Those that begin where none before them stands, of places in the order in which they are to win."""
    last_end = -1
    for one in found:
        if one.start >= last_end:
            yield one
            last_end = one.end


@dataclass(frozen=True)
class Finding:
    """A place in the text as it was written. ``words`` stays out of what is printed of it."""

    kind: str
    start: int
    end: int
    level: str
    words: str = field(repr=False)

    @property
    def masked(self) -> str:
        """Enough to find the place again, not enough to know what stood there."""
        return _masked(self.words, each_word=self.level == WARN)

    @property
    def token(self) -> str:
        """Says "this one" in a form, without the words: the same words give the same token."""
        same = "".join(self.words.split()).casefold().encode("utf-8", "replace")
        return f"{self.kind}-{hashlib.sha256(same).hexdigest()[:20]}"


_DOT = "•"
_LONGEST = 60


def _masked(words: str, *, each_word: bool) -> str:
    """The first letter stays, or the first of each word; every other letter and digit is a dot."""
    shown: list[str] = []
    first = True
    for character in " ".join(words.split())[:_LONGEST]:
        if not character.isalnum():
            shown.append(character if character in " -.,/@()'’" else "")
            first = first or (each_word and character == " ")
            continue
        shown.append(character if first else _DOT)
        first = False
    return "".join(shown)
