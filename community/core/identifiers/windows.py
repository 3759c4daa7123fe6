"""How many digits from one group on can be a number, and in which groups numbers are written."""

from __future__ import annotations

from functools import lru_cache

from community.core.identifiers.checks import bc_phn, luhn, ohip
from community.core.identifiers.lines import Line
from community.core.identifiers.words import CANADIAN_AREAS, FREE_CODES, HELP_NUMBERS

SHORTEST, _LONGEST = 7, 13  # digits
CANONICAL = {9: ((9,), (3, 3, 3)), 10: ((10,), (4, 3, 3))}
REGULAR = {
    9: ((4, 5), (5, 4), (2, 2, 2, 3), (3, 2, 2, 2), (2, 2, 2, 2, 1)),
    10: ((5, 5), (2, 2, 2, 2, 2), (4, 6), (6, 4), (4, 4, 2), (2, 4, 4)),
}
_OF_SIN = 9
_WITHOUT_WORDS = (_OF_SIN, _OF_SIN + 1, _OF_SIN + 2)  # lengths of what is known by its digits or its groups
_FORMS_OF_TEN = frozenset((*CANONICAL[10], *REGULAR[10], (3, 3, 4), (1,) * 10))
_WRITTEN_IN_TEN = frozenset((*CANONICAL[10], (3, 3, 4)))
_FORMS_OF_SIN = frozenset((*CANONICAL[_OF_SIN], *REGULAR[_OF_SIN], (1,) * _OF_SIN))


def windows(line: Line, first: int) -> list[int]:
    """Past which groups something may end that begins with this one, shortest first.

    Near a word for a number anything of its length may; else so many digits as few numbers have, what ends
    with the row, which a word may follow, and a number of ours.
    """
    begins, last = line.offsets[first], len(line.sizes)
    if line.announced(first):
        return [past for n in range(SHORTEST, _LONGEST + 1) if (past := line.past.get(begins + n))]
    digits, found = line.joined[begins : begins + _LONGEST], []
    if not line.strewn[first] or digits[:4] in _beginnings(line.read.public_numbers):
        found = [
            past
            for total in _lengths(line.read.public_numbers)
            if (past := line.past.get(begins + total))
            and past < last
            and _may_be(line, first, past, digits[:total])
        ]
    left = line.offsets[last] - begins
    return [*found, last] if SHORTEST <= left <= _LONGEST else found


@lru_cache(maxsize=8)
def _lengths(numbers: frozenset[str]) -> list[int]:
    """How many digits these have, the country's 1 or not, and what needs no word beside it."""
    public = {n for one in numbers for n in (len(one), len(one) + 1) if SHORTEST <= n <= _LONGEST}
    return sorted({*_WITHOUT_WORDS, *public})


@lru_cache(maxsize=8)
def _beginnings(numbers: frozenset[str]) -> frozenset[str]:
    """The first four digits of what everybody may know, the country's 1 before them or not."""
    public = {*numbers, *HELP_NUMBERS, *FREE_CODES}
    return frozenset(one[:4] for number in public for one in (number, f"1{number}"))


def _may_be(line: Line, first: int, past: int, digits: str) -> bool:
    """Whether these digits in such groups can be anything without a word beside them."""
    total = len(digits)
    if digits in line.read.public_numbers or (digits[0] == "1" and total == _OF_SIN + 2):
        return True
    if total == _OF_SIN:
        return tuple(line.sizes[first:past]) in _FORMS_OF_SIN and luhn(digits)
    return total == _OF_SIN + 1 and _ten_may_be(line, first, past, digits)


def _ten_may_be(line: Line, first: int, past: int, digits: str) -> bool:
    """Of ten digits in the groups of no number in particular, the digits must be those of one."""
    sizes = tuple(line.sizes[first:past])
    if digits in HELP_NUMBERS or digits[:3] in FREE_CODES or sizes in _WRITTEN_IN_TEN:
        return True
    if sizes not in _FORMS_OF_TEN:
        return False
    if digits[:3] in CANADIAN_AREAS and digits[3] not in "01":
        return True
    return not _goes_on(line, first, past) and bool(valid(digits))


def _goes_on(line: Line, first: int, past: int) -> bool:
    """Whether the groups are some of a longer row of such groups."""
    gaps = line.gaps[first + 1 : past]
    apart = gaps[0]
    if gaps.count(apart) < len(gaps):  # single digits with this and that between them are none either
        return line.sizes[first:past].count(1) == past - first
    return apart != ", " and apart in (line.between(first - 1, first), line.between(past - 1, past))


def valid(digits: str) -> str:
    """The kind of ten digits whose check is right."""
    if bc_phn(digits):
        return "bc_phn"
    return "ohip" if ohip(digits) else ""
