"""Postal codes and street addresses."""

from __future__ import annotations

import re
from collections.abc import Iterator

from community.core.identifiers.finding import Found
from community.core.identifiers.normal import Plain

_POSTAL = re.compile(
    r"(?<![\w\-])(?P<code>[ABCEGHJ-NPRSTVXYabceghj-nprstvxy]\d[ABCEGHJ-NPRSTV-Zabceghj-nprstv-z])"
    r"(?P<gap>[ .\-_\n]{0,3})"
    r"(?P<rest>\d[ABCEGHJ-NPRSTV-Zabceghj-nprstv-z]\d)(?![\w])"
)
_POSTAL_SPLIT = re.compile(
    r"(?<![\w\-])[ABCEGHJ-NPRSTVXY][ .\-]\d[ .\-][ABCEGHJ-NPRSTV-Z][ .\-]{1,3}"
    r"\d[ .\-][ABCEGHJ-NPRSTV-Z][ .\-]\d(?![\w])"
)
_STAGING = re.compile(r"(?i)T[0-4]N[0-3][ ]?[0-3]?M[01]")
_FIRST_OF = {"C": "01", "X": "01", "Y": "01"}  # the first digit, where a letter has few
_NOBODYS = frozenset({"H0H0H0", "K1A0K9", "K1A0A6", "K1A0A2"})

_NAME = r"[A-ZÀ-ÖØ-Ý0-9][\w'À-ÿ.\-]{0,30}"
_ENGLISH_KIND = (
    r"(?:Street|St|Avenue|Ave|Road|Rd|Boulevard|Blvd|Drive|Dr|Lane|Ln|Court|Crt|Crescent|Cres"
    r"|Way|Place|Pl|Terrace|Ter"
    r"|Highway|Hwy|Trail|Circle|Parkway|Pkwy|Square|Close|Row|Gate|Heights|Line|Concession"
    r"|Sideroad|Grove|Mews)"
)
_ENGLISH = re.compile(
    rf"(?<![\w$.,/\-])(?:#?\d{{1,4}}[A-Za-z]?\s?-\s?)?\d{{1,5}}[A-Za-z]?\s(?:(?:N|S|E|W|North"
    rf"|South|East|West|Old|New|Upper|Lower)\.?\s)?"
    rf"(?:{_NAME}\s){{1,3}}?{_ENGLISH_KIND}\b\.?(?:\s(?:N|S|E|W|North|South|East|West|NW|NE|SW|SE)\b\.?)?"
)
_FRENCH_KIND = (
    r"(?:rue|avenue|av\.?|ave\.?|boulevard|boul\.?|blvd\.?|bd\.?|chemin|ch\.|rang|route|rte\.?"
    r"|place|c[ôo]te|mont[ée]e|all[ée]e|impasse"
    r"|terrasse|croissant|promenade|ruelle|autoroute|quai|square|carr[ée]|passage)"
)
_FRENCH = re.compile(
    rf"(?<![\w$./\-])(?:\d{{1,4}}\s?-\s?)?\d{{1,5}}(?:[A-Za-z]|\sbis)?,?\s{{1,2}}(?:de la\s"
    rf"|du\s|de l')?(?:\d{{1,3}}(?:i?[èe]me|[èe]?re|e)\s(?i:{_FRENCH_KIND})\b|(?i:{_FRENCH_KIND})\s"
    rf"(?i:(?:de\s|des\s|du\s|de\sla\s|d'|de\sl'|la\s|le\s|les\s|l'|saint[e]?[\s\-]"
    rf"|st[e]?[\s.\-]|principale?\b|notre-dame)){{0,3}}(?:{_NAME}(?:\s(?:Est|Ouest|Nord"
    rf"|Sud)\b)?|(?<=principale)|(?<=principal)))"
)
_YEAR = re.compile(r"(?:19|20)\d\d\b")
_OF_A_YEAR = re.compile(
    r"(?i)(?:\b(?:in|en|since|depuis|of|de|by|until|before|after|avant|apr[èe]s|circa|january"
    r"|february|march|april|may|june|july|august|september|october|november|december),?\s)$"
)
_CHAPTER = re.compile(r"(?i)\bch\.\s\d")  # of a law: "L.C. 2017, ch. 4"
_ORDINALS = re.compile(
    r"(?i)^\d+\s(?:mg|ml|mcg|g|kg|days?|weeks?|hours?|years?|months?|minutes?|people|patients?)\b"
)


def recognize(read: Plain) -> Iterator[Found]:
    """Postal codes, and numbers of houses with their street."""
    found = sorted({*_postal(read.text), *_streets(read.text)})
    last_end = -1
    for one in found:
        if one.start >= last_end:
            yield one
            last_end = one.end


def _postal(text: str) -> Iterator[Found]:
    for match in _POSTAL_SPLIT.finditer(text):
        yield Found(match.start(), match.end(), "postal_code")
    for match in _POSTAL.finditer(text):
        code = (match["code"] + match["rest"]).upper()
        if _STAGING.match(text, match.start()) and not _near_a_place(text, match.start()):
            continue
        if code[1] not in _FIRST_OF.get(code[0], code[1]) or code in _NOBODYS:
            continue
        if not match.group().isupper() and not match["gap"] and not _near_a_place(text, match.start()):
            continue
        yield Found(match.start(), match.end(), "postal_code")


_PLACE = re.compile(r"(?i)postal|\bpc\b|\bcp\b|\bAB\b|calgary|alberta|code|adresse?|\blive|habite|demeure")


def _near_a_place(text: str, start: int) -> bool:
    return bool(_PLACE.search(text, max(0, start - 30), start) or _PLACE.search(text, start, start + 30))


def _streets(text: str) -> Iterator[Found]:
    for pattern in (_FRENCH, _ENGLISH):
        for match in pattern.finditer(text):
            if _YEAR.match(text, match.start()) and _OF_A_YEAR.search(
                text, max(0, match.start() - 14), match.start()
            ):
                continue
            if _ORDINALS.match(match.group()) or _CHAPTER.search(match.group()):
                continue
            yield Found(match.start(), match.end(), "address")
