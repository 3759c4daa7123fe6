"""What a name may be. Pure: nothing here looks at the database.

Two names that eyes take for one another share a *skeleton*, after the idea of Unicode Technical
Standard 39: letters that look alike are brought to one letter, then compared. The table is compact:
a name is written in one script (another rule here), so it needs what imitates Latin letters and what
Latin letters do to each other, not the whole of Unicode.
"""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Iterator
from functools import cache
from importlib import resources
from itertools import pairwise, permutations, repeat

from flask_babel import lazy_gettext as _l

from community.core.errors import Words
from community.core.folding import fold
from community.core.identifiers import scan
from community.core.identifiers.words import FIRST_NAMES

SHORTEST, LONGEST = 2, 60
LONGEST_SKELETON = 120
_ALLOWED_MARKS = frozenset(" -‐'’.")

# Look-alikes that letter case would hide: capitals of Greek and Cyrillic, the capital I.
_CAPITALS = str.maketrans("ΑΒΕΖΗΙΚΜΝΟΡΤΥΧАВЕЅІЈКМНОРСТУХЬ", "abezhlkmnoptyxabesljkmhopctyxb")
_SMALL = {
    **dict(zip("авекмнорстухѕіјһԁԛԝгпьӏ", "abekmhopctyxsljhdqwrnbl", strict=True)),
    **dict(zip("αβγεηικνορτυχωςσ", "abyenlkvoptuxwcc", strict=True)),
    **dict(zip("օսհոցզյքԼ", "ouhngqjpl", strict=True)),  # Armenian
    **dict(zip("єҽөѳүҳқҫғңѵъбзч", "eeooyxkcfhvb634", strict=True)),
    **dict(zip("ϲϳϱμ", "cjpu", strict=True)),
    **dict(zip("ᎠᎡᎢᎥᎪᎫᎬᎻᎽᏀᏃᏏᏒᏕᏙᏚᏞᏟᏢᏦᏴ", "drtlajehygzbrsvslcpkb", strict=True)),  # Cherokee
    **dict(zip("ıɩɪɡɑʏƒʀɴʜʟǀ", "lllgayfrnhll", strict=True)),
    **dict(zip("ðþŧħƀɓɗƙƴɵɛəǝŋȷƅƨƽ", "dpthbbdkyoeeenjbss", strict=True)),  # with strokes and hooks
    **dict(zip("01i|!", "ollll", strict=True)),
}
_WIDE = {**dict.fromkeys("mмᎷ", "rn"), **dict.fromkeys("wԝωѡᎳᏔ", "vv"), "ӕ": "ae"}
# Alphabets, or parts of them, with the shapes of Latin capitals: Lisu, Coptic, syllabics of Canada.
_SHAPED = {
    **dict(zip("ꓮꓐꓚꓓꓰꓝꓖꓧꓲꓙꓗꓡꓟꓠꓳꓑꓣꓢꓔꓴꓦꓪꓫꓬꓜ", "abcdefghijklmnoprstuvwxyz", strict=True)),
    **dict(zip("ⲁⲃⲉⲏⲓⲕⲙⲛⲟⲣⲥⲧⲩⲭⲱⲍ", "abehikmnopctyxwz", strict=True)),
    **dict(zip("ᗅᗷᑕᗪᗞᗴᖴᕼᒍᒪᗰᑎᑭᖇᔕᑌᐯᗯᕽᘔ", "abcddefhjlmnprsuvwxz", strict=True)),
}
# Blocks of Latin letters beyond those that folding knows, and how Unicode calls a letter in other clothes:
# a small capital, one with a stroke or a hook, a turned one.
_OTHER_LATIN = ((0xC0, 0x2AF), (0x1D00, 0x1DBF), (0x2C60, 0x2C7F), (0xA720, 0xA7FF), (0xAB30, 0xAB6F))
_CLOTHED = re.compile(
    r"LATIN (?:(?:SMALL|CAPITAL) LETTER|LETTER SMALL CAPITAL) (?:[A-Z-]{2,} )?([A-Z])(?: WITH .+)?"
)


def _clothed() -> dict[str, str]:
    """Each such letter, and the plain one that eyes read."""
    letters = (chr(code) for first, last in _OTHER_LATIN for code in range(first, last + 1))
    named = ((letter, _CLOTHED.fullmatch(unicodedata.name(letter, ""))) for letter in letters)
    return {letter: found[1].lower() for letter, found in named if found}


_KNOWN = {**_SMALL, **_WIDE}
_PLAIN = str.maketrans(_KNOWN)
_READ = {letter: plain.translate(_PLAIN) for letter, plain in (_clothed() | _SHAPED).items()}
_ALIKE = str.maketrans(_READ | _KNOWN)
# Figures that stand for letters inside a word. Two names may differ by a figure; a title is one all the same.
_INSIDE = re.compile(r"(?<=[^\W\d_])[013-578]|[013-578](?=[^\W\d_])")
_FIGURES = {"0": "o", "1": "l", "3": "e", "4": "a", "5": "s", "7": "t", "8": "b"}

# Little words and figures that make nobody another person: "the real …", "… 2".
_LITTLE = frozenset(
    (
        *("the", "a", "le", "la", "les", "l", "un", "une", "real", "true", "vrai", "vraie", "not"),
        *("original", "originale", "mr", "mrs", "ms", "mme", "mlle", "monsieur", "madame"),
    )
)
_MOST_ORDERS = 4  # of so many words every order is looked at

# Scripts that people mix in one name as a matter of course.
_FAMILIES = {
    **dict.fromkeys(("HIRAGANA", "KATAKANA", "BOPOMOFO", "HANGUL"), "CJK"),
    **dict.fromkeys(("ARABIC-INDIC", "EXTENDED"), "ARABIC"),  # as its figures are called
}

_REFUSED: dict[str, list[str]] = tomllib.loads(
    resources.files("community.accounts").joinpath("data/refused.toml").read_text("utf-8")
)


def tidy_name(text: str | None) -> str:
    """Compose accents, and leave one space where there were several."""
    return " ".join(unicodedata.normalize("NFC", text or "").split())


def skeleton(name: str) -> str:
    """The name as eyes read it: equal for two names that may be taken for one another."""
    folded = fold(name.translate(_CAPITALS)).translate(_ALIKE)
    return "".join(c for c in folded if c.isalnum() and not _is_mark(c))[:LONGEST_SKELETON]


def _is_mark(character: str) -> bool:
    """Whether Unicode calls it a letter, and eyes an accent or a colon."""
    return not character.isascii() and unicodedata.name(character, "").startswith("MODIFIER LETTER")


def _figures_read(name: str) -> str:
    """The name with the figures inside its words read as the letters they stand for: "Nurs3"."""
    return _INSIDE.sub(lambda found: _FIGURES[found[0]], name)


def bare_skeletons(name: str) -> set[str]:
    """The name as eyes read it without figures and little words, its words in any order."""
    return _bare(name) | _bare(_figures_read(name))


def _bare(name: str) -> set[str]:
    words = [skeleton(re.sub(r"\d+", "", word)) for word in _words(name) if word not in _LITTLE]
    words = [word for word in words if word]
    orders = permutations(words) if len(words) <= _MOST_ORDERS else [tuple(words)]
    return {"".join(order)[:LONGEST_SKELETON] for order in orders} - {""}


def alike(one: str, other: str) -> bool:
    """Whether two names may be taken for one another."""
    return skeleton(one) == skeleton(other)


def fault_of(name: str, kind: str, *, titled: bool = False) -> Words | None:
    """Why a tidied name cannot be taken, as a sentence; None when it can.

    :param kind: "public" or "protected".
    :param titled: the person's title was verified, so that a public name may carry it.
    """
    return (
        _form_fault(name)
        or _identifier_fault(name)
        or _reserved_fault(name)
        or _title_fault(name, kind, titled)
    )


def _identifier_fault(name: str) -> Words | None:
    if any(one.kind != "name" for one in scan(name).findings):
        return _l("A name holds no number of a card, a file or a telephone, and no address.")
    return None


def _form_fault(name: str) -> Words | None:
    if not SHORTEST <= len(name) <= LONGEST:
        return _l("A name has 2 to 60 characters.")
    if unicodedata.normalize("NFKC", name) != name or not all(_may_hold(c) for c in name):
        return _l("A name holds letters, digits, spaces, hyphens, apostrophes and periods, nothing else.")
    if sum(c.isalpha() for c in name) < SHORTEST or len(skeleton(name)) < SHORTEST:
        return _l("A name holds at least two letters.")
    if len({script for script in map(_script, name) if script}) > 1:
        return _l(
            "A name is written in one alphabet: letters that only look the same could be another’s name."
        )
    return None


def _may_hold(character: str) -> bool:
    category = unicodedata.category(character)
    return category[0] in "LM" or category == "Nd" or character in _ALLOWED_MARKS


def _script(character: str) -> str:
    """The alphabet of a letter or a figure; empty for what all alphabets share."""
    if character.isascii() and not character.isalpha() or not character.isalnum():
        return ""
    first = unicodedata.name(character, "?").split()[0]
    return "" if first == "MODIFIER" else _FAMILIES.get(first, first)


# Where a word begins within a word: "NurseAnna", "MDAnna".
_CAPITAL_AFTER = re.compile(r"(?<=[a-zà-ÿ])(?=[A-ZÀ-Þ])|(?<=[A-ZÀ-Þ])(?=[A-ZÀ-Þ][a-zà-ÿ]{2})")
_INITIALS = re.compile(r"(?:[A-ZÀ-Þ](?:\.\s|\s|\.?[-‐]))+(?=\w{2})")
_LETTER_BY_LETTER = re.compile(r"\b(\w)(?:\.\s?|\s|[-‐'’])(?=\w\b)")
# A hyphen inside a word, not one between initials.
_HYPHENS = re.compile(r"(?<=\w\w)[-‐'’](?=\w)|(?<=\w)[-‐'’](?=\w\w)")
_DIGITS = re.compile(r"\d+")
_DEGREE = re.compile(r"\b(ph|pharm|psy)\.?\s?d\b", re.IGNORECASE)


def _words(name: str, *, split: bool = True) -> list[str]:
    """The words of a name as eyes read them; "M.D." is one word, and so is the "Dr" of "DrSmith".

    Initials before a name ("R. N. Singh", "J.-P. Roy") stay apart: they claim nothing.
    """
    apart = _CAPITAL_AFTER.sub(" ", name) if split else name
    initials = _INITIALS.match(apart)
    first, rest = (apart[: initials.end()], apart[initials.end() :]) if initials else ("", apart)
    joined = _LETTER_BY_LETTER.sub(r"\1", _DEGREE.sub(r"\1d", rest))
    return re.findall(r"\w+", _without_vowel_signs(fold(f"{first} {joined}")))


def _without_vowel_signs(folded: str) -> str:
    """The text without the signs of Indian scripts beside a letter; folding drops those above."""
    return folded if folded.isascii() else "".join(c for c in folded if unicodedata.category(c) != "Mc")


def _as_read(kind: str) -> frozenset[str]:
    return frozenset(" ".join(skeleton(word) for word in entry.split()) for entry in _REFUSED[kind])


_RESERVED, _TITLES, _BODIES = _as_read("reserved"), _as_read("titles"), _as_read("bodies")
_BEHIND = _as_read("behind")
_WHOLE = frozenset(skeleton(entry) for entry in (*_REFUSED["whole"], *_REFUSED["reserved"]))
_MOST_WORDS = 3  # in an entry of these lists
# Entries so long are found wherever they stand in a word ("pharmacistjo"): few names hold them by chance.
_LONG = 7
_BY_CHANCE = frozenset(map(skeleton, ("interne", "ministre", "resident", "residente", "systeme", "support")))
# What is cut in two ("pharma cien") is looked for from this length on: "Do C." is a name.
_CUT = 5


def _holds(name: str, entries: frozenset[str]) -> bool:
    """Whether a name holds one of these words, or these words one after the other.

    A single letter is an initial: an M, which eyes read as r and n, is no nurse.
    """
    for words in _readings(name):
        read = [skeleton(word) if len(word) > 1 else " " for word in words]
        runs = (read[at : at + length] for length in range(1, _MOST_WORDS + 1) for at in range(len(read)))
        if any(" ".join(run) in entries for run in runs):
            return True
        if any(len(both) >= _CUT and both in entries for both in map("".join, pairwise(read))):
            return True
    whole = skeleton(name)
    return any(entry in whole for entry in _anywhere(entries))


@cache
def _anywhere(entries: frozenset[str]) -> tuple[str, ...]:
    return tuple(filter(_stands_anywhere, entries))


def _stands_anywhere(entry: str) -> bool:
    """Whether an entry is looked for within words, too: where there are no spaces between words, each is."""
    if " " in entry or entry in _BY_CHANCE:
        return False
    return len(entry) >= _LONG or _script(entry[0]) == "CJK"


def _readings(name: str) -> Iterator[list[str]]:
    """The words of a name, read in each way that eyes may: "ClUSSS" is one word, "Mé-decin" too, and the
    figure of "Nurse2" says nothing."""
    yield _words(name)
    yield _words(name, split=False)
    yield _words(_figures_read(name))
    yield _words(_HYPHENS.sub("", name))
    yield [word for word in map(_DIGITS.sub, repeat(""), _words(name)) if word]


_GIVEN = frozenset(map(fold, FIRST_NAMES))
_GLUED = frozenset(map(fold, _REFUSED["titles"]))


def _is_glued(word: str) -> bool:
    """Whether a word in small letters is a title with a given name right behind it, or before a longer title:
    "nursejo", "drsophie", "jonurse"."""
    for at in range(2, len(word) - 1):
        first, rest = word[:at], word[at:]
        if first in _GLUED and rest in _GIVEN and (len(first) > 2 or len(rest) > 3):
            return True
        if first in _GIVEN and rest in _GLUED and len(rest) > 4:
            return True
    return False


def _ends_in(name: str, entries: frozenset[str]) -> bool:
    """Whether one of these words stands behind a name."""
    words = _words(name)
    return len(words) > 1 and skeleton(words[-1]) in entries


def _reserved_fault(name: str) -> Words | None:
    if skeleton(name) in _WHOLE or _holds(name, _RESERVED):
        return _l("This name could be taken for the site’s or for a duty in it. Choose another.")
    if _holds(name, _BODIES):
        return _l("This name could be taken for that of an institution. Write as the person you are.")
    return None


def _title_fault(name: str, kind: str, titled: bool) -> Words | None:
    glued = any(map(_is_glued, _words(name, split=False)))
    if not (glued or _holds(name, _TITLES) or _ends_in(name, _BEHIND)):
        return None
    if kind == "protected":
        return _l("A protected name says nothing of a profession.")
    if titled:
        return None
    return _l("Leave the title out of the name: once it is checked, a label beside your name says it.")
