"""Whether a text sells, seeks to buy, or asks for somebody who sells. Pure, linear in the length of the text.

What it finds waits for a moderator. Talk of drugs, of prices, of dealers is what this community is for: a
finding needs an offer or a request, in the first person or of whoever reads. Patterns are read on folded
words (no accents, no capitals), each with gaps of bounded length.

``vocabulary`` holds the words of a sale, ``sentences`` what people write with them, ``bargain`` weighs the
signs of a line that none of the sentences knows.
"""

from __future__ import annotations

import re
from functools import cache

from community.core.folding import fold
from community.moderation.solicitation import sentences
from community.moderation.solicitation.bargain import looks_like_one, speaks_against
from community.moderation.solicitation.vocabulary import parts_of

__all__ = ["found_in"]

_REPEATED = re.compile(r"(.)\1{3,}")


# Compiled when the first message is looked at: a third of a second that no start has to wait for.
@cache
def _sentences() -> tuple[tuple[tuple[str, ...], re.Pattern[str]], ...]:
    """Each with the parts that it is made of."""
    said = sentences.OFFERS + sentences.REQUESTS + sentences.ADVERTISEMENTS + sentences.SUPPLIERS
    return tuple((parts_of(pattern), re.compile(pattern)) for pattern in said)


@cache
def _part(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern)


def _trades(words: str) -> bool:
    """Whether a sentence of a trade stands in a line. Most share their parts: each part is looked for once,
    and a sentence only where all of its parts are."""
    there: dict[str, bool] = {}

    def is_there(part: str) -> bool:
        if part not in there:
            there[part] = _part(part).search(words) is not None
        return there[part]

    return any(all(map(is_there, parts)) and whole.search(words) for parts, whole in _sentences())


@cache
def _care() -> re.Pattern[str]:
    return re.compile(sentences.CARE)


@cache
def _plain() -> re.Pattern[str]:
    return re.compile(sentences.PLAIN)


def found_in(text: str) -> bool:
    """Whether the text offers or asks for what may not be traded here."""
    for line in text.splitlines():
        words = _REPEATED.sub(r"\1\1\1", " ".join(fold(line).split()))
        if _plain().search(words) or looks_like_one(words):
            return True
        # Last what takes longest: a line of care is not read for a sale.
        if not _care().search(words) and not speaks_against(words) and _trades(words):
            return True
    return False
