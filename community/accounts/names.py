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
    **dict(zip("ıɩɪɡɑʏƒʀɴʜʟǀ", "lllgayfrnhll", strict=True)),
    **dict(zip("01i|!", "ollll", strict=True)),
}
_ALIKE = str.maketrans({**_SMALL, "m": "rn", "w": "vv", "м": "rn", "ԝ": "vv", "ω": "vv"})

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


def _words(name: str) -> list[str]:
    """The words of a name as eyes read them; "M.D." is one word, and so is the "Dr" of "DrSmith"."""
    apart = re.sub(r"(?<=[a-zà-ÿ])(?=[A-ZÀ-Þ])", " ", name)
    plain = re.sub(r"\b(\w)\.\s?(?=\w\b)", r"\1", apart)
    return re.findall(r"\w+", fold(plain))


def _as_read(kind: str) -> frozenset[str]:
    return frozenset(skeleton(word) for word in _REFUSED[kind])


_RESERVED, _TITLES = _as_read("reserved"), _as_read("titles")
_WHOLE = _as_read("whole") | _RESERVED


def _reserved_fault(name: str) -> Words | None:
    words = [skeleton(word) for word in _words(name)]
    if skeleton(name) in _WHOLE or not _RESERVED.isdisjoint(words):
        return _l("This name could be taken for the site’s or for a duty in it. Choose another.")
    return None


def _title_fault(name: str, kind: str, titled: bool) -> Words | None:
    if not any(skeleton(word) in _TITLES for word in _words(name)):
        return None
    if kind == "protected":
        return _l("A protected name says nothing of a profession.")
    if titled:
        return None
    return _l("Leave the title out of the name: once it is checked, a label beside your name says it.")
