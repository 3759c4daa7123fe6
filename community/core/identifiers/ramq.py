"""Health insurance numbers of Québec: a form with a real date is enough, the check only adds to it."""

from __future__ import annotations

import re
from collections.abc import Iterator

from community.core.identifiers import cues
from community.core.identifiers.checks import ramq, ramq_form
from community.core.identifiers.finding import Found

_APART_BY = r"[\s.,:;'=+~\-_/*|()\[\]{}]"
_BETWEEN = _APART_BY + "{0,3}"
_RAMQ = re.compile(
    r"(?<![^\W_])(?P<letters>[A-Za-z]{4}|[A-Za-z]{2}[ .\-_]{1,3}[A-Za-z]{2}"
    rf"|[A-Za-z](?:{_APART_BY}{{1,3}}[A-Za-z]){{3}}){_BETWEEN}(?P<rest>\d"
    + r"".join(
        _BETWEEN + part for part in (r"\d", "[0156]", r"\d", "[0-3]", r"\d", "[0-9A-HJ-NP-Za-hj-np-z]", r"\d")
    )
    + r")(?![^\W_])"
)
# Four capitals before digits that are no surname.
_NOT_NAMES = frozenset(
    [
        "PMID",
        "ISBN",
        "ISSN",
        "CMAJ",
        "JAMA",
        "NEJM",
        "PLOS",
        "DATE",
        "YEAR",
        "ICES",
        "CIHR",
        "CCSA",
        "CAMH",
        "INSP",
        "RAMQ",
        "CIWA",
        "COWS",
        "NICE",
        "SOGC",
        "CDSA",
        "OHIP",
    ]
)
_DATE = re.compile(r"(?:19|20)\d\d[-/. ](?:0[1-9]|1[0-2])[-/. ]\d\d")
_APART = re.compile(r"[^0-9A-Za-z]")


def ramq_numbers(text: str) -> Iterator[Found]:
    """Numbers with the right check, and those of the same form in capitals or beside a word for them."""
    for match in _RAMQ.finditer(text):
        number = _APART.sub("", match.group())
        letters = number[:4]
        cue, _ = cues.nearest_before(text, match.start())
        cue = cue or cues.nearest_after(text, match.end())
        called = cue in {"ramq", "health"}
        named = letters.isupper() and len(match["letters"]) == 4
        if not ramq_form(number):
            # Mistyped, as day 00: with the word for it, the letters of the name are part of what is hidden.
            if called and named and letters not in _NOT_NAMES:
                yield Found(match.start(), match.end(), "ramq")
            continue
        if _DATE.fullmatch(match["rest"]) and not called:  # "seen 2010-01-10"
            continue
        if letters.upper() in _NOT_NAMES and not called:
            continue
        if ramq(number) or called or named:
            yield Found(match.start(), match.end(), "ramq")
