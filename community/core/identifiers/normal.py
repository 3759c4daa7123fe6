"""A text as an attentive reader takes it: one form for each digit and letter, nothing hidden in between.

Every character of what is read remembers where it came from, so that a finding can be shown in the
text as it was written. Marks of Markdown that nobody sees once it is rendered are not read: a number in
pieces, each bold, struck out, quoted or a link of its own, stands on the page as one number.
"""

from __future__ import annotations

import re
import unicodedata
from array import array
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from html.entities import html5

from community.core.identifiers.spoken import Change, digits, glued, joins

# Letters of other alphabets that look like ours.
_LOOKALIKES = str.maketrans(
    "АВЕКМНОРСТХУІЈЅаеорсхуіјѕΑΒΕΖΗΙΚΜΝΟΡΤΥΧο", "ABEKMHOPCTXYIJSaeopcxyijsABEZHIKMNOPTYXo"
)
_LIKE = {
    **dict.fromkeys("’‘ʼʹ′´`ˈ＇", "'"),
    **dict.fromkeys("·•‧・∙⋅。．", "."),
    **dict.fromkeys("‐‑‒–—―−﹘﹣－", "-"),
    **dict.fromkeys("⁄∕／", "/"),
}
_ENTITY = r"&(?:#(?:[0-9]{1,7}|[xX][0-9a-fA-F]{1,6})|[A-Za-z][A-Za-z0-9]{1,30});"
# What is not there once it is rendered: bold, struck out, code, the sign before what follows or the end of a
# line; at the beginning of a line a quote or a heading; tags, which some write.
# A grave between two letters is an apostrophe.
_MARKS = (
    r"\*{2,}|(?<=\d)\*(?=\d)|_{2,}|~~|(?<![^\W\d_])`+|`+(?![^\W\d_])|\\(?=[^\w\s]|\n)"
    r"|</?(?:a|b|i|u|s|em|strong|span|br|wbr|sup|sub|code|p|div|font|mark|small|big|del|ins|td|tr|li)"
    r"(?:\s[^<>\n:@]{0,60})?/?>"
    r"|<!--[^<>\n]{0,60}-->"
    r"|^[ \t]{0,3}(?:(?:>[ \t]?){1,8}|\#{1,6}(?=[ \t]))"
)
# And, of a link, all but its words.
_OF_LINKS = (
    r"\[(?=[^\[\]\n]{0,300}\][(\[])"
    r"|\]\([^()\s]{0,500}(?:[ \t]{1,3}\"[^\"\n]{0,300}\")?\)|\]\[[^\[\]\n]{0,80}\]"
)
# What stands for itself: the rest is looked at, one cluster (a letter and its accents) at a time.
_CLUSTER = (
    r"[^\n -~\u00c0-\u00ff\u0152\u0153][\u0300-\u036f]{0,8}"
    r"|[\n -~\u00c0-\u00ff\u0152\u0153][\u0300-\u036f]{1,8}"
)
_ODD = re.compile(f"(?P<entity>{_ENTITY})|(?P<mark>{_MARKS})|{_CLUSTER}", re.MULTILINE)
_ODD_IN_LINKS = re.compile(f"(?P<entity>{_ENTITY})|(?P<mark>{_MARKS}|{_OF_LINKS})|{_CLUSTER}", re.MULTILINE)
_FIRST_PICTURE = "\u2190"  # before it, signs like those of degrees; from here on arrows, stars, faces
_OURS = re.compile("[0-9A-Za-z]")
_SWAPPED = re.compile(
    r"(?<=\d)[OoIl|]{1,3}(?=\d)|(?<=\d\d\d)[Oo]{1,2}(?![A-Za-z])"
    r"|(?<=\d{5})[Il](?![A-Za-z])|(?<![\w])[OoIl]{1,2}(?=\d{5})"
    r"|(?<=\d\d)[SsBZz](?=\d)|(?<=\d)[SsBZz](?=\d\d)"  # not those of a postal code
)
_SWAPS = {"O": "0", "o": "0", "I": "1", "l": "1", "|": "1", "S": "5", "s": "5", "B": "8", "Z": "2", "z": "2"}


@dataclass
class Plain:
    """A text as it is read, and where each of its characters stood."""

    text: str
    starts: array[int]
    ends: array[int]
    public_numbers: frozenset[str] = field(default_factory=frozenset)

    @cached_property
    def lower(self) -> str:
        """The text in small letters, each at its place."""
        small = self.text.lower()
        if len(small) == len(self.text):
            return small
        return "".join(c.lower() if len(c.lower()) == 1 else c for c in self.text)

    def original(self, start: int, end: int) -> tuple[int, int]:
        """The place in the text as it was written."""
        return self.starts[start], self.ends[end - 1]


def plain(text: str, public_numbers: frozenset[str] = frozenset(), *, through_links: bool = False) -> Plain:
    """Read a text: linear in its length.

    :param through_links: read the words of links and nothing of where they lead.
    """
    read = _plain(text, _ODD_IN_LINKS if through_links else _ODD)
    read = _changed(read, joins(read.lower))
    read = _changed(read, glued(read.lower))
    read = _changed(read, digits(read.lower))
    read.text = _SWAPPED.sub(lambda match: "".join(_SWAPS[one] for one in match.group()), read.text)
    read.public_numbers = public_numbers
    return read


def _plain(text: str, odd: re.Pattern[str]) -> Plain:
    pieces: list[str] = []
    starts, ends, places = array("L"), array("L"), array("L", range(len(text) + 1))
    at = 0

    def as_is(until: int) -> None:
        pieces.append(text[at:until])
        starts.extend(places[at:until])
        ends.extend(places[at + 1 : until + 1])

    for match in odd.finditer(text):
        as_is(match.start())
        at = match.end()
        made = "" if match["mark"] is not None else _cluster(match["entity"], match.group())
        pieces.append(made)
        starts.extend([match.start()] * len(made))
        ends.extend([match.end()] * len(made))
    as_is(len(text))
    return Plain("".join(pieces).replace("`", "'"), starts, ends)


def _cluster(entity: str | None, written: str) -> str:
    """One character with its accents, as it is read; nothing for what cannot be seen."""
    return _seen(_entity(entity) if entity is not None else written)


@lru_cache(maxsize=4096)
def _seen(written: str) -> str:
    meant = unicodedata.normalize("NFKC", written)
    if len(meant) > len(written) + 1:
        meant = _shortened(meant, written)
    return "".join(_one(character) for character in meant)


def _shortened(meant: str, written: str) -> str:
    """What counts of a character that stands for several: for up to eighteen, which a text could be full of.

    A fraction stays one character, as "2½" is no 21. Of others the letters and digits of our alphabet, all of
    them, as nothing may hide in one; of a phrase without any (ﷺ), its first letter.
    """
    if "\u2044" in meant:
        return written[0]
    return "".join(_OURS.findall(meant)) or meant[0]


def _entity(written: str) -> str:
    """What a page shows of it; a name that is none stands for itself."""
    if written[1] != "#":
        return html5.get(written[1:], written)
    number = int(written[3:-1], 16) if written[2] in "xX" else int(written[2:-1])
    return chr(number) if 0 < number < 0x110000 and not 0xD800 <= number < 0xE000 else " "


def _one(character: str) -> str:
    if character.isascii() and character.isprintable():
        return character
    category = unicodedata.category(character)
    if category in {"Mn", "Me", "Cf"} or character in "\u115f\u1160\u3164\uffa0":
        return ""
    if category in {"Nd", "No"} and (digit := unicodedata.digit(character, None)) is not None:
        return str(digit)
    if category == "So" and character >= _FIRST_PICTURE:
        return " "
    if category in {"Zs", "Zl", "Zp", "Cc"}:
        return "\n" if character in "\u2028\u2029\x0b\x0c\r\n\x85" else " "
    return _LIKE.get(character) or character.translate(_LOOKALIKES)


def _changed(read: Plain, changes: Iterable[Change]) -> Plain:
    """The text with some of its characters read otherwise: what is read stands where they stood."""
    pieces: list[str] = []
    starts, ends = array("L"), array("L")
    at = 0
    for change in changes:
        pieces += read.text[at : change.start], change.read
        starts.extend(read.starts[at : change.start])
        ends.extend(read.ends[at : change.start])
        starts.extend([read.starts[change.start]] * len(change.read))
        ends.extend([read.ends[change.end - 1]] * len(change.read))
        at = change.end
    if not at:
        return read
    pieces.append(read.text[at:])
    starts.extend(read.starts[at:])
    ends.extend(read.ends[at:])
    return Plain("".join(pieces), starts, ends)
