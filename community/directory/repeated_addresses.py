"""How an address is found again where a text repeats it: in other letters, shortened, in another order. Pure.

"4417, chemin du Vieux-Moulin" is repeated by "4417 ch. du vieux moulin" as much as by itself.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache
from unicodedata import normalize

_SAME = {"a": "aàâäáã", "c": "cç", "e": "eéèêë", "i": "iîïí", "n": "nñ", "o": "oôöó", "u": "uùûüú", "y": "yÿ"}


def _all(words: str) -> frozenset[str]:
    return frozenset(re.findall(r"\w+", words))


_ARTICLES = _all("de du des la le les l d the of")
_WAYS = _all(
    "rue chemin ch avenue av ave boulevard boul bd blvd route rte rang rg place pl montee cote allee impasse "
    "croissant cres crescent street st road rd drive dr lane ln court ct way terrace terrasse highway hwy "
    "parkway square sq circle promenade prom autoroute"
)
# Those that French puts before the name of a street, and English after it.
_BEFORE = _all(
    "rue chemin ch avenue av ave boulevard boul bd blvd route rte rang rg place pl montee cote allee impasse "
    "croissant terrasse square promenade prom autoroute"
)
_AFTER = _all(
    "avenue ave boulevard blvd place cres crescent street st road rd drive dr lane ln court ct way terrace "
    "highway hwy parkway square sq circle"
)
_SIDES = _all("est ouest nord sud east west north south e o n s w")
_UNITS = "appartement|app|apartment|apt|suite|unit[eé]?|bureau|local|chambre|room|porte|no"
_BETWEEN = r"[\W_]*(?:(?:" + "|".join(sorted(_ARTICLES)) + r")[\W_]+)*"
_SHORTEST = 4  # letters of a name
_SHORTEST_CALLED = 3  # of one that is called a street: "a street" is none


def pattern(ways: Iterable[str]) -> re.Pattern[str]:
    """Any of these, as whole words, in whichever case; the longest first."""
    longest = sorted(ways, key=lambda way: (-len(way), way))
    return re.compile(r"(?<!\w)(?:" + "|".join(longest) + r")(?!\w)", re.IGNORECASE)


def as_it_is(words: str) -> str:
    """A text, whatever stands between its words and with or without accents; "" when it has none."""
    return r"[\W_]*".join(map(_letters, _words(words)))


def shortened(street: str) -> str:
    """The number of a house and the name of its street, whichever way the street is called; "" without."""
    number, name = _number(street), _name(street)
    if not number or not name:
        return ""
    return rf"{_letters(number)}(?:[\W_]+(?:{_called()}))*[\W_]+{_joined(name)}"


def street_called(street: str) -> str:
    """The name of the street without the number, where a text calls it a street: "chemin du Vieux-Moulin",
    "Old Mill Rd". Its name alone may be any word; "" where it is too short even so."""
    name = _name(street)
    if sum(map(len, name)) < _SHORTEST_CALLED:
        return ""
    before, after = ("|".join(map(_letters, sorted(ways))) for ways in (_BEFORE, _AFTER))
    first = rf"(?:{before})(?:[\W_]+(?:{_called()}))*[\W_]+{_joined(name)}"
    return rf"{first}|{_joined(name)}[\s_-]+(?:{after})"


@cache
def _called() -> str:
    """What may stand between the number and the name."""
    return "|".join(map(_letters, sorted(_ARTICLES | _WAYS | _SIDES)))


def street_alone(street: str) -> str:
    """The name of the street without the number; "" where it is too short to mean that street."""
    name = _name(street)
    return _joined(name) if sum(map(len, name)) >= _SHORTEST else ""


def unit(words: str) -> str:
    """The number of a flat, whichever way it is called; "" without a number."""
    numbers = [word for word in _words(words) if any(character.isdigit() for character in word)]
    return rf"(?:{_UNITS})[\W_]*{_letters(numbers[0])}" if len(numbers) == 1 else ""


def _words(text: str) -> list[str]:
    return re.findall(r"\w+", text)


def _number(street: str) -> str:
    """The number of the house, which stands first or last; "" without."""
    words = _words(street)
    ends = [words[0], words[-1]] if words else []
    return next((word for word in ends if any(character.isdigit() for character in word)), "")


def _name(street: str) -> list[str]:
    """What tells this street from others: "chemin du Vieux-Moulin Est" without its way, article and side."""
    words, number = _words(street), _number(street)
    if number:
        words = words[1:] if words[0] == number else words[:-1]
    return [word for word in words if _plain(word) not in _ARTICLES | _WAYS | _SIDES]


def _plain(word: str) -> str:
    return normalize("NFD", word.lower()).encode("ascii", "ignore").decode()


def _joined(name: list[str]) -> str:
    return _BETWEEN.join(map(_letters, name))


def _letters(word: str) -> str:
    """A word with or without its accents, whole or apart from their letters."""
    if _plain(word) in {"saint", "sainte", "st", "ste"}:
        return "s(?:ain)?te?"
    return "".join(_letter(character) for character in word)


def _letter(character: str) -> str:
    same = _SAME.get(_plain(character))
    return rf"[{same}][\u0300-\u036f]*" if same else re.escape(character)
