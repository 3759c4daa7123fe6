"""Neutral names that the site proposes, so that a protected name says nothing about its owner. Pure.

The words lie in ``data/names.toml``. A name is proposed by chance alone: not from an address, a place
or an account.
"""

from __future__ import annotations

import secrets
import tomllib
from functools import cache
from importlib import resources

from community.core.folding import fold
from community.core.tidy import tidy

_CHANCE = secrets.SystemRandom()


@cache
def _words(lang: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    text = resources.files("community.accounts").joinpath("data/names.toml").read_text("utf-8")
    found = tomllib.loads(text)[lang]
    return tuple(found["first"]), tuple(found["second"])


def propose(lang: str, how_many: int = 6) -> list[str]:
    """Some names of that language, all different."""
    first, second = _words(lang)
    found: set[str] = set()
    while len(found) < how_many:
        found.add(f"{_CHANCE.choice(first)}-{_CHANCE.choice(second)}")
    return sorted(found)


def is_proposed(name: str) -> bool:
    """Whether the site could have proposed this name, in either language.

    A protected name is always one of these: what people invent tells more of them than they think.
    """
    start, _, end = name.partition("-")
    return any(start in _words(lang)[0] and end in _words(lang)[1] for lang in ("fr", "en"))


def sign_in_name(lang: str, apart_from: str) -> str:
    """A name to sign in with: two words of that language and four figures, in plain letters.

    Drawn, not chosen. A name that people choose is one they use elsewhere, and "taken already" would
    tell whoever asks which names exist.

    :param apart_from: the name written under, so that no word of it is also here.
    """
    nouns = _words(lang)[0] if lang == "fr" else _words(lang)[1]  # what is no adjective
    free = [noun for noun in nouns if noun not in apart_from.split("-")]
    words = "-".join(fold(word) for word in _CHANCE.sample(free, 2))
    return f"{words}-{_CHANCE.randrange(1000, 10000)}"


def as_kept(typed: str) -> str:
    """An address or a sign-in name as it is kept, however it was typed: "Aulne riviere 4821"."""
    if "@" in typed:
        return tidy(typed).lower()
    return "-".join(fold(typed).replace("-", " ").split())


def recovery_code() -> str:
    """A code of 100 random bits in four groups, without letters that are taken for figures."""
    letters = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
    code = "".join(_CHANCE.choice(letters) for _ in range(20))
    return "-".join(code[at : at + 5] for at in range(0, 20, 5))
