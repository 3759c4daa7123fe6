"""Numbers as one says them: digits and tens in words, and the words for what stands between the groups."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple


class Words(NamedTuple):
    """The words of a language for 0 to 9, for 10 to 19, and for the tens from 20 on."""

    ones: list[str]
    teens: list[str]
    tens: list[str]


def _words(*groups: str) -> Words:
    return Words(*(group.split(" ") for group in groups))


_EN = _words(
    "zero one two three four five six seven eight nine",
    "ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen",
    "twenty thirty forty fifty sixty seventy eighty ninety",
)
_FR = _words(
    "zéro un deux trois quatre cinq six sept huit neuf",
    "dix onze douze treize quatorze quinze seize dix-sept dix-huit dix-neuf",
    "vingt trente quarante cinquante soixante",
)


def _values() -> dict[str, str]:
    """What each word or group of words says, in digits."""
    said = {"oh": "0", "zero": "0", "quatre-vingt": "80"}
    for words in (_EN, _FR):
        said |= {word: str(n) for n, word in enumerate(words.ones + words.teens)}
        for n, tens in enumerate(words.tens, 2):
            said |= {tens: f"{n}0"} | {f"{tens}-{one}": f"{n}{k}" for k, one in _counted(words)}
    said |= {f"quatre-vingt-{one}": f"8{k}" for k, one in _counted(_FR)}
    for tens, n in (("soixante", 7), ("quatre-vingt", 9)):
        said |= {f"{tens}-{word}": f"{n}{k}" for k, word in enumerate(_FR.teens)}
    feminine = {f"{word}e": digits for word, digits in said.items() if re.search(r"\bun$", word)}
    return said | feminine


def _counted(words: Words) -> list[tuple[int, str]]:
    return list(enumerate(words.ones))[1:]


def _any(words: list[str]) -> str:
    """A pattern for one of these, the longer of two that begin alike first; blanks for hyphens."""
    return "|".join(sorted(words, reverse=True)).replace("-", "[ -]")


_VALUES = _values()
_ONE = rf"(?:oh|une?|{_any(list({*_EN.ones, *_FR.ones}))})"
# After tens, what that language says there and nothing else: "twenty oh" are two numbers.
_EN_UP = rf"(?:{_any(_EN.ones[1:])})"
_FR_UP = rf"(?:une?|{_any(_FR.ones[2:])})"
_FR_TEEN = rf"(?:{_any(_FR.teens)})"
_WORD = (
    rf"(?:quatre[ -]vingts?(?:[ -](?:{_FR_TEEN}|{_FR_UP})\b)?"
    rf"|soixante(?:[ -](?:et[ -])?(?:{_FR_TEEN}|{_FR_UP})\b)?"
    rf"|(?:{_any(_FR.tens[:-1])})(?:[ -](?:et[ -])?{_FR_UP}\b)?"
    rf"|(?:{_any(_EN.tens)})(?:[ -]{_EN_UP}\b)?"
    rf"|{_FR_TEEN}|{_any(_EN.teens)}|{_ONE})"
)
# What is said for a sign, and what only leads on: a list of doses has these as well.
_SIGN = r"(?:dash|hyphen|tiret|trait d'union|slash|barre(?: oblique)?|dot|point|period|space|espace)"
_LEADS = r"(?:(?:then|puis|suivi de|followed by)(?: (?:les chiffres|the (?:digits|numbers)))?|comma|virgule)"
_JOINS = re.compile(
    rf"(?:(?<=\d)|\b(?:[a-z]{{4}}|{_WORD})(?=[ ,\n]))"
    rf"(?P<join>[ ,\n]{{1,2}}(?:(?P<sign>{_SIGN})|{_LEADS})[ ,\n]{{1,2}})(?=\d|{_WORD}\b)"
)
_ANY_JOIN = re.compile(
    r"\s(?:dash|hyphen|tiret|trait d|slash|barre|dot|point|period|space|espace|then|puis|suivi de"
    r"|followed by|comma|virgule)[\s,]"
)
_APART = r"[\s,.;/-]{1,3}"
# Words, and short groups of digits among them.
_HEAD = r"(?=\d|o[hn]|z[eé]|t[wher]|f[oi]|s[ieo]|e[il]|n[ie]|un|d[eoi]|qu|ci|hu|vi)"  # looked at first
_RUN = re.compile(rf"\b{_HEAD}(?:{_WORD}|\d{{1,4}}(?=\W))(?:{_APART}(?:{_WORD}\b|\d{{1,4}}(?!\w)))+\b")
_PART = re.compile(rf"\b(?:{_WORD}\b|\d{{1,4}})")
_ONES = re.compile(_any(list({"oh", *_EN.ones, *_FR.ones})))
_GLUED = re.compile(rf"\b{_HEAD}(?:{_ONES.pattern}){{7,32}}")
_LEAST_SAID = 4
_LEAST_MIXED = 8  # of words and digits together
_LEAST_DIGITS = 9  # where two words or more stand among longer groups


class Change(NamedTuple):
    """What is read in place of some characters."""

    start: int
    end: int
    read: str


def joins(text: str) -> Iterator[Change]:
    """In small letters: a sign for the word that says it, between the groups of a number."""
    if _ANY_JOIN.search(text):
        for match in _JOINS.finditer(text):
            yield Change(*match.span("join"), "-" if match["sign"] else ", ")


def glued(text: str) -> Iterator[Change]:
    """In small letters: digits for their words written in one, in rows that nothing else is written like."""
    for row in _GLUED.finditer(text):
        yield Change(*row.span(), "".join(_VALUES[one] for one in _ONES.findall(row.group())))


def digits(text: str) -> Iterator[Change]:
    """In small letters: digits in place of words, in rows long enough to be a number."""
    for run in _RUN.finditer(text):
        if run.group().upper() == run.group():  # digits alone
            continue
        parts = list(_PART.finditer(text, run.start(), run.end()))
        read = [_read(part.group()) for part in parts]
        said = sum(not part.group().isdigit() for part in parts)
        if not said or not _is_number(said, read):
            continue
        for place, part in enumerate(parts):
            last = place + 1 == len(parts)
            apart = last or len(read[place]) > 1 or len(read[place + 1]) > 1
            yield Change(part.start(), part.end() if apart else parts[place + 1].start(), read[place])


def _is_number(said: int, read: list[str]) -> bool:
    return (
        said >= _LEAST_SAID
        or len(read) >= _LEAST_MIXED
        or (said > 1 and sum(map(len, read)) >= _LEAST_DIGITS)
    )


def _read(part: str) -> str:
    """The digits of one word, or of words that say one number of two digits."""
    if part.isdigit():
        return part
    return _VALUES[re.sub(r"[ -](?:et[ -])?", "-", part.replace("vingts", "vingt"))]
