"""Numbers of a file at a hospital or clinic: only where a word says what they are."""

from __future__ import annotations

import re
from collections.abc import Iterator

from community.core.identifiers.finding import Found, apart
from community.core.identifiers.normal import Plain

_CUE = (
    r"(?:m[. ]?r[. ]?n\.?|u\.?r\.?n\.?|(?:medical )?record|chart|hospital(?: id)?|patient (?:id"
    r"|identifier)|unit|file|encounter|visit"
    r"|dossier(?: m[ée]dical| patient| hospitalier| de la patiente| du patient)?|usag[eè]re?"
    r"|s[ée]jour|carte d'h[ôo]pital)"
)
_NUMBER_WORD = r"(?:num(?:[ée]ro|ber|\.)?|n[o°º]\.?|nbr\.?|#|id)"
_LINK = r"[\s:=#(\-]{0,3}(?:is|was|est|[ée]tait|le|la)?[\s:=#(\-]{0,3}(?:le|la)?\s{0,2}"
_VALUE = (
    r"(?P<value>(?!(?:no|of|de|du|la|le|is"
    r"|on)\b)(?:[A-Za-z]{1,3}[\-/ ]?)?\d(?:[\-./ _]?[\dA-Z]){3,13})(?![\w])"
)
_PATTERNS = (
    # The health cards of the territories begin with a letter.
    re.compile(
        r"(?i:\b(?:health(?:[ -]?care)?|nwt|nunavut|t\.n\.-o\.|sant[ée])[ -](?:card|number|no\.?|plan|carte)"
        r"[\s:=#]{0,3})(?P<value>[A-Z][ -]?\d{7})(?!\w)"
    ),
    # "chart number 4471-20938", "dossier no 12345", "file #HA-552013"
    re.compile(rf"(?i:\b{_CUE}[\s:.\-]{{0,3}}{_NUMBER_WORD}{_LINK}){_VALUE}"),
    # « numéro de dossier : 00834417 », "no of record"
    re.compile(
        rf"(?i:\b(?:num[ée]ro|n[o°º]\.?)\s(?:de |du |d'|of (?:the )?)(?:la |l'|son |sa |mon |ma |leur "
        rf"|ce |cette |his |her |their |my |this )?{_CUE}{_LINK}){_VALUE}"
    ),
    # "MRN 00834417", « Dossier : 00834417 »
    re.compile(
        rf"(?i:\b(?:m[. ]?r[. ]?n\b\.?|u\.?r\.?n\b\.?|dossier|chart|patient id)"
        rf"[\s:=#(\-]{{1,4}}(?:(?:is|est)\s)?){_VALUE}"
    ),
)
_NOT_OF_A_PERSON = re.compile(
    r"(?i)\b(?:court|cour|tribunal|docket|committee|comit[ée]|police|appeal|appel|motion|grant)\W{0,3}$"
)
_YEARS = re.compile(r"(?:19|20)\d\d(?:\W{0,3}(?:19|20)\d\d|[\-/ .](?:0?[1-9]|1[0-2])(?:[\-/ .]\d{1,2})?)?")
_LEAST_DIGITS = 4


def recognize(read: Plain) -> Iterator[Found]:
    """File numbers, each once."""
    found: set[Found] = set()
    for pattern in _PATTERNS:
        for match in pattern.finditer(read.text):
            value = match["value"]
            if _is_one(value) and not _NOT_OF_A_PERSON.search(
                read.text, max(0, match.start() - 20), match.start()
            ):
                found.add(Found(*_trimmed(read.text, *match.span("value")), "record_number"))
    yield from apart(sorted(found))


def _is_one(value: str) -> bool:
    digits = sum(character.isdigit() for character in value)
    return digits >= _LEAST_DIGITS and not _YEARS.fullmatch(value.strip())


def _trimmed(text: str, start: int, end: int) -> tuple[int, int]:
    while text[start] in " -/":
        start += 1
    return start, end
