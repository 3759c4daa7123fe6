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
from importlib import resources
from itertools import permutations

from flask_babel import lazy_gettext as _l

from community.core.errors import Words
from community.core.folding import fold

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
_ALIKE = str.maketrans({**_SMALL, **_WIDE})

# Little words and figures that make nobody another person: "the real …", "… 2".
_LITTLE = frozenset(
    (
        *("the", "a", "le", "la", "les", "l", "un", "une", "real", "true", "vrai", "vraie", "not"),
        *("original", "originale", "mr", "mrs", "ms", "mme", "mlle", "monsieur", "madame"),
    )
)
_MOST_ORDERS = 4  # of so many words every order is looked at

# Scripts that people mix in one name as a matter of course.
_FAMILIES = {"HIRAGANA": "CJK", "KATAKANA": "CJK", "BOPOMOFO": "CJK", "HANGUL": "CJK"}

_REFUSED: dict[str, list[str]] = tomllib.loads(
    resources.files("community.accounts").joinpath("data/refused.toml").read_text("utf-8")
)


def tidy_name(text: str | None) -> str:
    """Compose accents, and leave one space where there were several."""
    return " ".join(unicodedata.normalize("NFC", text or "").split())


def skeleton(name: str) -> str:
    """The name as eyes read it: equal for two names that may be taken for one another."""
    folded = fold(name.translate(_CAPITALS)).translate(_ALIKE)
    return "".join(c for c in folded if c.isalnum())[:LONGEST_SKELETON]


def bare_skeletons(name: str) -> set[str]:
    """The name as eyes read it without figures and little words, its words in any order."""
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
    return _form_fault(name) or _reserved_fault(name) or _title_fault(name, kind, titled)


def _form_fault(name: str) -> Words | None:
    if not SHORTEST <= len(name) <= LONGEST:
        return _l("A name has 2 to 60 characters.")
    if unicodedata.normalize("NFKC", name) != name or not all(_may_hold(c) for c in name):
        return _l("A name holds letters, figures, spaces, hyphens, apostrophes and periods, nothing else.")
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
    """The alphabet of a letter; empty for what all alphabets share."""
    if not character.isalpha():
        return ""
    first = unicodedata.name(character, "?").split()[0]
    return "" if first == "MODIFIER" else _FAMILIES.get(first, first)


def _words(name: str, *, split: bool = True) -> list[str]:
    """The words of a name as eyes read them; "M.D." is one word, and so is the "Dr" of "DrSmith".

    Initials before a name ("R. N. Singh") stay apart: they claim nothing.
    """
    apart = re.sub(r"(?<=[a-zà-ÿ])(?=[A-ZÀ-Þ])", " ", name) if split else name
    initials = re.match(r"(?:[A-ZÀ-Þ](?:\.\s|\s))+(?=\w{2})", apart)
    first, rest = (apart[: initials.end()], apart[initials.end() :]) if initials else ("", apart)
    joined = re.sub(r"\b(\w)(?:\.\s?|\s)(?=\w\b)", r"\1", rest)
    return re.findall(r"\w+", fold(f"{first} {joined}"))


def _as_read(kind: str) -> frozenset[str]:
    return frozenset(" ".join(skeleton(word) for word in entry.split()) for entry in _REFUSED[kind])


_RESERVED, _TITLES, _BODIES = _as_read("reserved"), _as_read("titles"), _as_read("bodies")
_WHOLE = frozenset(skeleton(entry) for entry in (*_REFUSED["whole"], *_REFUSED["reserved"]))
_MOST_WORDS = 3  # in an entry of these lists


def _holds(name: str, entries: frozenset[str]) -> bool:
    """Whether a name holds one of these words, or these words one after the other.

    A single letter is an initial: an M, which eyes read as r and n, is no nurse.
    """
    for split in (True, False):  # "ClUSSS" is one word, whatever its letters
        read = [skeleton(word) if len(word) > 1 else " " for word in _words(name, split=split)]
        runs = (read[at : at + length] for length in range(1, _MOST_WORDS + 1) for at in range(len(read)))
        if any(" ".join(run) in entries for run in runs):
            return True
    return False


def _reserved_fault(name: str) -> Words | None:
    if skeleton(name) in _WHOLE or _holds(name, _RESERVED):
        return _l("This name could be taken for the site’s or for a duty in it. Choose another.")
    if _holds(name, _BODIES):
        return _l("This name could be taken for that of an institution. Write as the person you are.")
    return None


def _title_fault(name: str, kind: str, titled: bool) -> Words | None:
    if not _holds(name, _TITLES):
        return None
    if kind == "protected":
        return _l("A protected name says nothing of a profession.")
    if titled:
        return None
    return _l("Leave the title out of the name: once it is checked, a label beside your name says it.")
