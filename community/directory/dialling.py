"""Telephone numbers that stand in words: whether a text leads to one that it did not lead to before. Pure."""

from __future__ import annotations

import re

# Ten digits as people write them, with or without the 1 before, or the seven of a local number.
_NUMBER = re.compile(
    r"(?<!\d)(?:\+?1[ .\-/\u00a0]{0,2})?(?:\(?\d{3}\)?[ .\-/\u00a0]{0,2}\d{3}|\d{3})[ .\-/\u00a0]?\d{4}(?!\d)"
)


def numbers_in(words: str) -> frozenset[str]:
    """The telephone numbers of a text, in digits alone, without the 1 before them."""
    found = ("".join(filter(str.isdecimal, one)) for one in _NUMBER.findall(words))
    return frozenset(digits[-10:] for digits in found)


def dialled_anew(before: str, after: str) -> bool:
    """Whether somebody who reads this now may call a number that was not there, in whatever writing."""
    known = numbers_in(before)
    return any(not any(_same(one, other) for other in known) for one in numbers_in(after))


def _same(one: str, other: str) -> bool:
    return one.endswith(other) or other.endswith(one)
