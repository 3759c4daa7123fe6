"""Health numbers, social insurance numbers and telephones: what is written with digits."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from community.core.identifiers import cues
from community.core.identifiers.checks import bc_phn, luhn, ohip
from community.core.identifiers.finding import Found
from community.core.identifiers.lines import GROUP, NUMBERED, Digits, Line
from community.core.identifiers.normal import Plain
from community.core.identifiers.ramq import ramq_numbers
from community.core.identifiers.words import CANADIAN_AREAS, FREE_CODES, HELP_NUMBERS

_RUN = re.compile(r"\d+(?:[ \n.,:;'=+~\-_/*|()\[\]{}]{1,3}\d+)*")
_ADDRESS = re.compile(r"(?i)\b(?:https?://|www\.|10\.\d{4,9}/)\S{1,300}")
_ISBN = re.compile(r"(?i)\bisbn[\s:-]{0,3}[\dX][\dX -]{8,16}")
_VERSION = re.compile(r"[ \-]{0,3}[A-Z]{1,2}(?![A-Za-z0-9])")
_TWO_LETTERS = re.compile(r"[ \-][A-Z]{2}(?![A-Za-z0-9])")
_COUNTED = re.compile(
    r"\s?(?:\$|€|%|mg\b|ml\b|km\b|(?i:dollars?|people|persons?|personnes?|habitants?"
    r"|residents?|doses?|cases?|cas\b"
    r"|unit[ée]?s|comprim[ée]s|tablets?|tests?|bandelettes|strips|seringues|syringes|appels|calls|euros|n[gm]ol?"
    r"|visits?|visites?|kits?|trousses?|patients?|deaths?|d[ée]c[èe]s|million|ordonnances?|prescriptions?))"
)
_DATE_LIKE = re.compile(
    r"(?:19|20)\d\d(?:\D{1,2}(?:0?[1-9]|1[0-2])\D{1,2}(?:0?[1-9]|[12]\d|3[01])|\D{1,3}(?:19|20)\d\d)"
)
_EXTENSION = re.compile(r"(?i)[ ,]{0,2}(?:ext\.?|poste|x|extension)[ .]{0,2}\d{1,6}")
_HEALTH_LENGTHS = frozenset({8, 9, 10, 12})  # of the other provinces and territories
_SHORTEST, _LONGEST = 7, 13  # digits
_AFTER = frozenset({"sin", "ohip", "bc_phn"})


def recognize(read: Plain) -> Iterator[Found]:
    """Every number of a known form; those with a check rule also without any word beside them."""
    taken: list[Found] = list(ramq_numbers(read.text))
    ends = [one.end for one in taken]
    yield from taken
    outside, before = _outside(read.text), cues.Before(read.text)
    at = 0
    for run in _RUN.finditer(read.text):
        while at < len(taken) and ends[at] <= run.start():
            at += 1
        if run.end() - run.start() < _SHORTEST or (at < len(taken) and taken[at].start < run.end()):
            continue
        yield from _in_run(Line(read, run, outside, before))


def _outside(text: str) -> bytearray:
    """Which characters belong to an address of the web or to the number of a book."""
    marked = bytearray(len(text) + 1)
    for pattern in (_ADDRESS, _ISBN):
        for match in pattern.finditer(text):
            marked[match.start() : match.end()] = b"\x01" * (match.end() - match.start())
    return marked


def _in_run(line: Line) -> Iterator[Found]:
    at = 0
    while at < len(line.sizes):
        kind, past, start, end = "", at + 1, 0, 0
        if not line.amid_single_digits(at):
            kind, past, start, end = _from(line, at) or ("", at + 1, 0, 0)
        if kind:
            yield Found(start, end, kind)
        at = past


def _from(line: Line, first: int) -> tuple[str, int, int, int] | None:
    """What begins at this group, longest first: its kind ("" where it is known to be harmless), its end."""
    for past in reversed(_windows(line, first)):
        some = line.some(first, past)
        kind = _kind(line, some, first, past)
        if kind is not None:
            return kind, past, *_bounds(line.text, some, kind)
    return None


def _windows(line: Line, first: int) -> list[int]:
    """Past which groups something may end that begins with this one, shortest first.

    Near a word for a number anything of its length may; else so many digits as few numbers have, what ends
    with the row, which a word may follow, and a number of ours.
    """
    begins, last = line.offsets[first], len(line.sizes)
    if line.announced(first):
        return [past for n in range(_SHORTEST, _LONGEST + 1) if (past := line.past.get(begins + n))]
    found = [
        past
        for total in _lengths(line.read.public_numbers)
        if (past := line.past.get(begins + total)) and past < last and _may_be(line, first, past, total)
    ]
    left = line.offsets[last] - begins
    return [*found, last] if _SHORTEST <= left <= _LONGEST else found


@lru_cache(maxsize=8)
def _lengths(numbers: frozenset[str]) -> list[int]:
    """How many digits these have, the country's 1 or not, and what needs no word beside it."""
    public = {n for one in numbers for n in (len(one), len(one) + 1) if _SHORTEST <= n <= _LONGEST}
    return sorted({*_WITHOUT_WORDS, *public})


def _may_be(line: Line, first: int, past: int, total: int) -> bool:
    """Whether so many digits in such groups can be anything without a word beside them."""
    digits = line.joined[line.offsets[first] : line.offsets[past]]
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
    return not _goes_on(line, first, past) and bool(_valid(digits))


def _goes_on(line: Line, first: int, past: int) -> bool:
    """Whether the groups are some of a longer row of such groups."""
    gaps = line.gaps[first + 1 : past]
    apart = gaps[0]
    if gaps.count(apart) < len(gaps):  # single digits with this and that between them are none either
        return line.sizes[first:past].count(1) == past - first
    return apart != ", " and apart in (line.between(first - 1, first), line.between(past - 1, past))


def _bounds(text: str, some: Digits, kind: str) -> tuple[int, int]:
    """With what belongs to the number: the version of a card, the extension of a telephone."""
    if kind == "ohip" and (version := _VERSION.match(text, some.end)):
        return some.start, version.end()
    if kind == "phone":
        start = some.start
        while start and text[start - 1] in "(+":
            start -= 1
        more = _EXTENSION.match(text, some.end)
        return start, more.end() if more else some.end
    return some.start, some.end


def _kind(line: Line, some: Digits, first: int, past: int) -> str | None:
    text = line.text
    if _is_public(line.read, some):
        return ""
    cue = line.cue_of(some)
    after = line.after if not cue and past == len(line.sizes) else ""
    phone = _is_phone(some, cue or after, text)
    if phone and cue not in NUMBERED:
        return "phone"
    if cue == "measure" and some.sizes not in _UNLIKE_FIGURES:
        return None
    if cue in {"other", "numbered"} and not _by_check(some, text, strict=True):
        return None
    if cue in NUMBERED and (announced := _announced(some, cue, text)):
        return announced
    if phone:
        return "phone"
    if line.outside[some.start] or _is_part(line, some, first, past):
        return None
    return _by_check(some, text) or (_announced(some, after, text) if after in _AFTER else None)


def _is_public(read: Plain, some: Digits) -> bool:
    digits = some.digits
    if len(digits) == 11 and digits[0] == "1":
        digits = digits[1:]
    if len(digits) == 10 and digits[:3] in FREE_CODES:
        return some.sizes[-2:] == (3, 4) or len(some.digits) == 11 or digits in HELP_NUMBERS
    return digits in HELP_NUMBERS or digits in read.public_numbers


def _is_phone(some: Digits, cue: str, text: str) -> bool:
    digits, sizes = some.digits, some.sizes
    if len(digits) == 11 and digits[0] == "1":
        digits, sizes = digits[1:], sizes[1:] if sizes[0] == 1 else (10,)
    if len(digits) == 7:
        return cue == "phone" and digits[0] in "23456789" and sizes in {(3, 4), (7,)}
    if len(digits) != 10 or digits[0] in "01" or digits[3] in "01":
        return False
    if cue == "phone":
        return True
    known = digits[:3] in CANADIAN_AREAS
    if sizes == (3, 3, 4):
        return known or all(len(one) <= 2 for one in some.separators)
    if len(set(sizes)) == 1 and sizes[0] in (1, 2, 5, 10) and len(set(some.separators)) < 2:
        if text[some.start - 1 : some.start].isalnum() or text[some.end : some.end + 1].isalnum():
            return False
        return known and not _valid(digits) and not _monotone(some, text)
    return False


def _valid(digits: str) -> str:
    """The kind of ten digits whose check is right."""
    if bc_phn(digits):
        return "bc_phn"
    return "ohip" if ohip(digits) else ""


def _announced(some: Digits, cue: str, text: str) -> str | None:
    """What a word beside a number says it is, whatever its check says: a slip of the pen identifies too."""
    n = len(some.digits)
    if _DATE_LIKE.match(text, some.start) or _COUNTED.match(text, some.end):
        return None
    if cue == "sin":
        return "sin" if n == 9 else None
    if n == 10:
        kind = _valid(some.digits)
        if cue == "ohip" or (kind == "ohip" and cue != "bc_phn"):
            return "ohip"
        if cue == "bc_phn" or kind == "bc_phn":
            return "bc_phn"
    if some.sizes[0] < 3 and n in (7, 8, 9, 11) and set(some.sizes[1:]) == {3}:
        return None  # a figure with its thousands apart
    return "health_number" if n in _HEALTH_LENGTHS else None


def _is_part(line: Line, some: Digits, first: int, past: int) -> bool:
    """Whether the digits belong to something longer: a decimal, a word, thousands, a row of digits."""
    before, after = line.text[some.start - 1 : some.start], line.text[some.end : some.end + 1]
    if before.isalpha() or (after.isalpha() and not _VERSION.match(line.text, some.end)):
        return True
    different = set(some.separators)
    if len(different) > 1:
        return set(some.sizes) == {1} or len(different) > 2
    joined = {line.between(first - 1, first), line.between(past - 1, past)} - {""}
    if not different:
        return bool(joined & {".", ",", "/", "-"})
    return bool(joined & different - {", "})


_OF_A_LIST = re.compile(r"[,;|]|\n\s?[*+-]")  # between figures of three days
_UNLIKE_FIGURES = frozenset({(9,), (10,), (4, 3, 3)})
_CANONICAL = {9: ((9,), (3, 3, 3)), 10: ((10,), (4, 3, 3))}
_REGULAR = {
    9: ((4, 5), (5, 4), (2, 2, 2, 3), (3, 2, 2, 2), (2, 2, 2, 2, 1)),
    10: ((5, 5), (2, 2, 2, 2, 2), (4, 6), (6, 4), (4, 4, 2), (2, 4, 4)),
}
_OF_SIN = 9
_WITHOUT_WORDS = (_OF_SIN, _OF_SIN + 1, _OF_SIN + 2)  # lengths of what is known by its digits or its groups
_FORMS_OF_TEN = frozenset((*_CANONICAL[10], *_REGULAR[10], (3, 3, 4), (1,) * 10))
_WRITTEN_IN_TEN = frozenset((*_CANONICAL[10], (3, 3, 4)))
_FORMS_OF_SIN = frozenset((*_CANONICAL[_OF_SIN], *_REGULAR[_OF_SIN], (1,) * _OF_SIN))


def _by_check(some: Digits, text: str, *, strict: bool = False) -> str | None:
    """What the check says of nine or ten digits without a word beside them."""
    n = len(some.digits)
    if n not in _CANONICAL or _COUNTED.match(text, some.end) or _DATE_LIKE.match(text, some.start):
        return None
    if not _has_form(some, text, strict=strict):
        return None
    if n == 9:
        return "sin" if luhn(some.digits) and some.digits != "000000000" else None
    kind = _valid(some.digits)
    if kind == "bc_phn" and ohip(some.digits) and _VERSION.match(text, some.end):
        return "ohip"
    if not kind and some.sizes == (4, 3, 3) and some.digits[0] != "0" and _version_of_card(text, some.end):
        return "ohip"
    return kind or None


def _has_form(some: Digits, text: str, *, strict: bool) -> bool:
    """Whether the groups are those in which such numbers are written, openly or to be overlooked."""
    n = len(some.digits)
    if strict or some.sizes in _CANONICAL[n]:
        in_a_row = any(_OF_A_LIST.search(one) for one in some.separators)
        return some.sizes == _CANONICAL[n][1] and not in_a_row if strict else not in_a_row
    if set(some.sizes) == {1}:
        return True
    listed = _monotone(some, text) or any("," in one for one in some.separators)
    return some.sizes in _REGULAR[n] and not listed


def _version_of_card(text: str, end: int) -> bool:
    return bool(_TWO_LETTERS.match(text, end))


def _monotone(some: Digits, text: str) -> bool:
    """Whether the groups rise or fall like steps of a dose."""
    groups = [int(one) for one in GROUP.findall(text[some.start : some.end])]
    pairs = list(zip(groups, groups[1:], strict=False))
    return len(groups) > 2 and (all(a <= b for a, b in pairs) or all(a >= b for a, b in pairs))
