"""What is done to every text a person typed before anything else looks at it. Pure."""

from __future__ import annotations

import unicodedata


def tidy(text: str | None) -> str:
    """Trim, unify line ends and compose accents (NFC); leaves everything else as it was written."""
    if not text:
        return ""
    return unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n")).strip()
