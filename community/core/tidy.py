"""What is done to every text a person typed before anything else looks at it. Pure."""

from __future__ import annotations

import unicodedata

_UNSEEN = frozenset({"Cc", "Cf", "Zs", "Zl", "Zp"})  # controls, marks of direction and joining, spaces
_FILLERS = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0")  # letters that draw nothing


def tidy(text: str | None) -> str:
    """Trim, unify line ends and compose accents (NFC); leaves everything else as it was written."""
    if not text:
        return ""
    return unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n")).strip()


def shows(text: str) -> bool:
    """Whether one would see anything of it: neither spaces alone nor characters that draw nothing."""
    return any(map(_drawn, text))


def _drawn(sign: str) -> bool:
    varies = "\ufe00" <= sign <= "\ufe0f"  # says how the sign before it is drawn
    return unicodedata.category(sign) not in _UNSEEN and sign not in _FILLERS and not varies
