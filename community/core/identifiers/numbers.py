"""Health numbers, social insurance numbers and telephones: what is written with digits."""

from __future__ import annotations

import re
from collections.abc import Iterator

from community.core.identifiers import cues
from community.core.identifiers.checks import luhn, ohip
from community.core.identifiers.finding import Found
from community.core.identifiers.lines import GROUP, NUMBERED, Digits, Line
from community.core.identifiers.normal import Plain
from community.core.identifiers.ramq import ramq_numbers
from community.core.identifiers.windows import CANONICAL, REGULAR, SHORTEST, valid, windows
from community.core.identifiers.words import CANADIAN_AREAS, FREE_CODES, HELP_NUMBERS

_RUN = re.compile(r'\d+(?:(?:[ \n.,:;\'=+~^\\\-_/*|()\[\]{}]{1,3}|["“”])\d+)*')
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
        if run.end() - run.start() < SHORTEST or (at < len(taken) and taken[at].start < run.end()):
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
    for past in reversed(windows(line, first)):
        some = line.some(first, past)
        kind = _kind(line, some, first, past)
        if kind is not None:
            return kind, past, *_bounds(line.text, some, kind)
    return None


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
        digits, sizes = digits[1:], _without_country(sizes)
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
        may_be_health = len(some.digits) == 10 and bool(valid(digits))
        return known and not may_be_health and not _monotone(some, text)
    return False


def _without_country(sizes: tuple[int, ...]) -> tuple[int, ...]:
    """The groups of eleven digits without the country's 1; pairs or the like count as one group."""
    if sizes[0] == 1:
        return sizes[1:]
    regular = len({*sizes[:-1]}) == 1 and sizes[-1] <= sizes[0]
    return (10,) if regular else (sizes[0] - 1, *sizes[1:])


def _announced(some: Digits, cue: str, text: str) -> str | None:
    """What a word beside a number says it is, whatever its check says: a slip of the pen identifies too."""
    n = len(some.digits)
    if _DATE_LIKE.match(text, some.start) or _COUNTED.match(text, some.end):
        return None
    if cue == "sin":
        return "sin" if n == 9 else None
    if n == 10:
        kind = valid(some.digits)
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


def _by_check(some: Digits, text: str, *, strict: bool = False) -> str | None:
    """What the check says of nine or ten digits without a word beside them."""
    n = len(some.digits)
    if n not in CANONICAL or _COUNTED.match(text, some.end) or _DATE_LIKE.match(text, some.start):
        return None
    if not _has_form(some, text, strict=strict):
        return None
    if n == 9:
        return "sin" if luhn(some.digits) and some.digits != "000000000" else None
    kind = valid(some.digits)
    if kind == "bc_phn" and ohip(some.digits) and _VERSION.match(text, some.end):
        return "ohip"
    if not kind and some.sizes == (4, 3, 3) and some.digits[0] != "0" and _version_of_card(text, some.end):
        return "ohip"
    return kind or None


def _has_form(some: Digits, text: str, *, strict: bool) -> bool:
    """Whether the groups are those in which such numbers are written, openly or to be overlooked."""
    n = len(some.digits)
    if strict or some.sizes in CANONICAL[n]:
        in_a_row = any(_OF_A_LIST.search(one) for one in some.separators)
        return some.sizes == CANONICAL[n][1] and not in_a_row if strict else not in_a_row
    if set(some.sizes) == {1}:
        return True
    listed = _monotone(some, text) or any("," in one for one in some.separators) or _is_of_a_year(some, text)
    return some.sizes in REGULAR[n] and not listed


def _is_of_a_year(some: Digits, text: str) -> bool:
    """Whether it is a year and the figure of that year: "2020 12456"."""
    if len(some.sizes) != 2:
        return False
    year = text[some.start : some.start + 4] if some.sizes[0] == 4 else text[some.end - 4 : some.end]
    return 4 in some.sizes and year[:2] in {"19", "20"}


def _version_of_card(text: str, end: int) -> bool:
    return bool(_TWO_LETTERS.match(text, end))


def _monotone(some: Digits, text: str) -> bool:
    """Whether the groups rise or fall like steps of a dose."""
    groups = [int(one) for one in GROUP.findall(text[some.start : some.end])]
    pairs = list(zip(groups, groups[1:], strict=False))
    return len(groups) > 2 and (all(a <= b for a, b in pairs) or all(a >= b for a, b in pairs))
