"""Text without its accents and letter case, for comparing and for putting in order.

Names are ordered by a stored folded key and searched by folded words, so both databases and the
Whoosh index agree whatever their collations (the PostgreSQL ones often have no French collation).
"""

from __future__ import annotations

import unicodedata

_APOSTROPHES = dict.fromkeys(map(ord, "’‘ʼʹ′´`ˈ＇"), "'")
_LIGATURES = {ord("œ"): "oe", ord("æ"): "ae", ord("ø"): "o", ord("đ"): "d", ord("ł"): "l"}
# Phrases of eighteen and of eight letters that are one character: their first word, or a text of them grows.
_PHRASES = {0xFDFA: "صلى", 0xFDFB: "جل"}
_BEFORE = _APOSTROPHES | _PHRASES
_DROPPED = frozenset({"Mn", "Cf"})  # combining accents; soft hyphens and zero-width marks


def fold(text: str) -> str:
    """The text in lower case, without accents; œ and æ become two letters, ’ becomes '.

    Folding twice changes nothing more. The length may change: never cut a text at a place found
    in its folded form.
    """
    if text.isascii():
        return text.lower().replace("`", "'")
    lowered = text.casefold().translate(_BEFORE)
    decomposed = unicodedata.normalize("NFKD", lowered).casefold()
    bare = "".join(c for c in decomposed if unicodedata.category(c) not in _DROPPED)
    return bare.translate(_APOSTROPHES).translate(_LIGATURES)


def sort_key(name: str) -> str:
    """A key that puts names in dictionary order: letters first, punctuation and spaces equal."""
    words = "".join(c if c.isalnum() else " " for c in fold(name)).split()
    return " ".join(words)
