"""What a password may be: ten characters of any alphabet, nothing cut off, none that is guessed first.

Flask-Security asks this class. What leaks hold most often is refused as it is (``leaked``); the short list of
common passwords in ``data/common_passwords.txt`` is compared by what is left without ornaments.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Set
from functools import cache
from importlib import resources
from typing import Any

from flask_babel import gettext
from flask_security import PasswordUtil
from flask_security.proxies import _security

from community.accounts.signin.leaked import SHORTEST as SHORTEST_LEAKED
from community.accounts.signin.leaked import most_frequent
from community.core.folding import fold

SHORTEST, LONGEST = 10, 1000
_FIGURES = str.maketrans("0134578@$!€", "oieastbasie")
_ROWS = (
    *("qwertyuiop", "azertyuiop", "asdfghjkl", "qsdfghjklm", "zxcvbnm", "wxcvbn", "1234567890"),
    "abcdefghijklmnopqrstuvwxyz",
    # Ways that fingers walk over the same keys: in columns, to and fro, over the keys of figures.
    *("1qaz2wsx3edc4rfv5tgb6yhn7ujm8ik9ol0p", "1qazxsw23edcvfr45tgbnhy67ujm", "12qwaszx34erdfcv"),
    *("qazwsxedcrfvtgbyhnujmikolp", "zaqxswcdevfrbgtnhymju", "zaq12wsxcde34rfv", "qweasdzxc", "azeqsdwxc"),
    *("1q2w3e4r5t6y7u8i9o0p", "q1w2e3r4t5y6u7i8o9p0", "1a2z3e4r5t6y7u8i9o0p", "a1z2e3r4t5y6u7i8o9p0"),
    *("a1b2c3d4e5f6g7h8i9j0", "a1s2d3f4g5h6j7k8l9", "147258369", "147852369", "741852963", "789456123"),
)
_ALONE = 4  # a stretch of a row counts, and a word carries something, from this length
_MOST_ORNAMENTS = 8  # figures and signs around a word: a year or a date does not make it rare
_FEWEST_KINDS = 5
_AT_THE_END = "0123456789!?.*#$_-"
_LONG_NUMBER = 15
_APART = re.compile(
    r"[\s()+/.,:;_!?*#-]"
)  # what stands between or around the figures of a date or a telephone number


class Passwords(PasswordUtil):
    """Flask-Security's rules replaced by ours."""

    def validate(self, password: str, is_register: bool, **kwargs: Any) -> tuple[list[str] | None, str]:
        """What is wrong with a new password, if anything, and its normal form."""
        normal = self.normalize(password)
        fault = fault_of(normal, _about(kwargs))
        return ([fault] if fault else None), normal


def normal(password: str) -> str:
    """A password as it is hashed: the same for every keyboard."""
    return str(_security.password_util.normalize(password))


def _about(facts: dict[str, Any]) -> tuple[str, ...]:
    """What others know of the account: its address and its name to sign in with."""
    user = facts.get("user")
    known = (facts.get("email"), getattr(user, "email", None))
    parts = (part for value in known if value for part in re.split(r"[@.]", str(value)))
    return (*(part for part in parts if len(part) > 3), *words_of_name(getattr(user, "username", None) or ""))


def words_of_name(sign_in_name: str) -> tuple[str, ...]:
    """The words that a name to sign in with is drawn of, the short ones too."""
    return tuple(part for part in sign_in_name.split("-") if len(part) > 1)


def fault_of(password: str, known: tuple[str, ...] = ()) -> str | None:
    """Why this cannot be a password, as a sentence; None when it can."""
    if len(password) < SHORTEST:
        return gettext("A password has at least 10 characters. Four or five words in a row are easy to keep.")
    if len(password) > LONGEST:
        return gettext("A password has at most 1,000 characters.")
    if is_common(password, known):
        return gettext("This password is among the first that are tried. Take words that do not go together.")
    return None


@cache
def _common() -> frozenset[str]:
    text = resources.files("community.accounts").joinpath("data/common_passwords.txt").read_text("utf-8")
    return frozenset(_letters(line) for line in text.splitlines() if line and not line.startswith("#"))


def _letters(password: str) -> str:
    """Lower case, no accents, figures read as the letters they stand for, nothing but letters."""
    return "".join(c for c in fold(password).translate(_FIGURES) if c.isalpha())


def is_common(password: str, known: tuple[str, ...] = ()) -> bool:
    """Whether nothing but common words, rows of keys, repetitions and a few ornaments make it up."""
    plain = fold(unicodedata.normalize("NFKC", password))
    if _is_leaked(plain):
        return True
    if len(set(plain)) < _FEWEST_KINDS or _is_short_number(plain):
        return True
    plain = _once(plain)
    taken = _common() | {_letters(word) for word in known}
    return any(_is_ornament(left, taken) for left in (plain, "".join(_without_rows(plain).split())))


def _is_short_number(plain: str) -> bool:
    """Whether it is a number, as a date or a telephone number is written too."""
    figures = _APART.sub("", plain)
    return figures.isdigit() and len(figures) < _LONG_NUMBER


def _is_leaked(plain: str) -> bool:
    """Whether it is one of those that leaks hold most often, perhaps with figures and signs behind it."""
    least = max(SHORTEST_LEAKED, len(plain.rstrip(_AT_THE_END)))
    return any(plain[:end] in most_frequent() for end in range(least, len(plain) + 1))


def _is_ornament(left: str, taken: Set[str]) -> bool:
    """Whether common words and a few ornaments around them are all there is."""
    core = re.sub(r"^[\W\d_]+|[\W\d_]+$", "", left)
    if len(left) - len(core) > _MOST_ORNAMENTS:
        return False
    # The figures between two words may stand for letters, or for nothing: "password2026password".
    alone = "".join(c for c in core if c.isalpha())
    return _made_of(_letters(core), taken) or (len(alone) >= _ALONE and _made_of(alone, taken))


def _once(text: str) -> str:
    """What a text repeats from its start to its end, when that is short; else the text."""
    for length in range(1, min(SHORTEST, len(text) // 2 + 1)):
        if text == (text[:length] * len(text))[: len(text)]:
            return text[:length]
    return text


def _made_of(word: str, taken: Set[str]) -> bool:
    """Whether a word is empty, too short to count, or one or two common words."""
    if len(word) < _ALONE or word in taken:
        return True
    return any(word[:cut] in taken and word[cut:] in taken for cut in range(3, len(word) - 2))


def _without_rows(text: str) -> str:
    """The text without stretches of keyboard rows, of the alphabet and of figures, either way."""
    for row in _ROWS:
        for line in (row, row[::-1]):
            for length in range(len(line), _ALONE - 1, -1):
                for start in range(len(line) - length + 1):
                    text = text.replace(line[start : start + length], " ")
    return text
