"""Electronic mail, as it is written and as it is hidden: "name at example dot com"."""

from __future__ import annotations

import re
from collections.abc import Iterator

from community.core.identifiers.finding import Found
from community.core.identifiers.normal import Plain

_AT = (
    r"(?:\s{0,2}@\s{0,2}|\s{0,2}[\[({<]\s{0,2}(?:at|@|arobase|arobas|a commercial"
    r"|chez)\s{0,2}[\])}>]\s{0,2}|\s{1,3}(?:at|arobase|arobas|a commercial|chez)\s{1,3})"
)
_DOT = (
    r"(?:\.|\s{0,2}[\[({<]\s{0,2}(?:dot|point|\.)\s{0,2}[\])}>]\s{0,2}|\s{1,3}(?:dot"
    r"|point)\s{1,3}|\s\.\s|\.\s?(?=(?:com|ca|net|org)\b)|\s\.(?=\w))"
)
_ENDS = (
    r"(?:com|ca|net|org|qc|on|bc|gov|edu|fr|io|me|info|biz|us|uk|co|app|dev|quebec|health"
    r"|sante|invalid|test|example|live|eu)"
)
_SIGN = re.compile(r"(?i)@|\b(?:at|arobase|arobas|a commercial|chez)\b")
_OF_LOCAL = re.compile(r"[\w.+%'\-]")
_LONGEST_LOCAL = 64
_DOMAIN = re.compile(
    rf"(?i){_AT}(?P<host>[a-z0-9\-]{{1,63}}(?:{_DOT}[a-z0-9\-]{{1,63}}){{0,4}}){_DOT}(?P<end>[a-z]{{2,24}})(?![\w@])"
)
_PLAIN_END = re.compile(rf"(?i){_ENDS}")
# Boxes of an office, not of a person.
_OFFICES = frozenset(
    [
        "info",
        "contact",
        "help",
        "aide",
        "support",
        "admin",
        "administration",
        "secretariat",
        "secretary",
        "accueil",
        "reception",
        "courrier",
        "courriel",
        "communications",
        "communication",
        "media",
        "medias",
        "noreply",
        "no-reply",
        "privacy",
        "confidentialite",
        "webmaster",
        "postmaster",
        "bonjour",
        "hello",
        "feedback",
        "press",
        "presse",
        "news",
        "nouvelles",
        "events",
        "evenements",
        "library",
        "bibliotheque",
        "training",
        "formation",
    ]
)
# Where people, not offices, have their boxes: no dot needs to be hidden.
_PROVIDERS = frozenset(
    [
        "gmail",
        "hotmail",
        "outlook",
        "yahoo",
        "icloud",
        "videotron",
        "sympatico",
        "live",
        "msn",
        "proton",
        "protonmail",
        "rogers",
        "shaw",
        "telus",
        "bell",
    ]
)
_HIDDEN = re.compile(r"(?i)[\[({<]|\b(?:dot|point|arobase|arobas|a commercial)\b|\s\.")


def recognize(read: Plain) -> Iterator[Found]:
    """Addresses of persons; those of offices pass."""
    past = 0
    for sign in _SIGN.finditer(read.text):
        found = _around(read.text, sign, past)
        if found is not None:
            yield found
            past = found.end


def _around(text: str, sign: re.Match[str], past: int) -> Found | None:
    begins = sign.start()
    while begins > past and sign.start() - begins < 4 and text[begins - 1] in " [({<":
        begins -= 1
    first = begins
    while first > max(past, begins - _LONGEST_LOCAL) and _OF_LOCAL.match(text, first - 1):
        first -= 1
    if first == begins:
        return None
    domain = _DOMAIN.match(text, begins)
    if domain is None or not _likely(sign.group(), domain):
        return None
    if text[first:begins].strip(".").casefold() in _OFFICES:
        return None
    return Found(first, domain.end(), "email")


def _likely(sign: str, domain: re.Match[str]) -> bool:
    """A sign alone is enough; whatever else stands for it wants the end of an address that exists, and
    the word "at" a dot that is hidden as well: "trials at example.org" is no address."""
    apart = domain.group().startswith((" ", "@ "))
    if sign == "@" and not apart and " " not in domain["host"]:
        return True
    if not _PLAIN_END.fullmatch(domain["end"]):
        return False
    if sign == "@":
        return not domain.group().startswith(" @") or domain.group().startswith(" @ ")
    provider = domain["host"].lower() in _PROVIDERS
    return provider or (sign.lower() != "chez" and bool(_HIDDEN.search(domain.group())))
