"""Which of the two languages a text is written in. A proposal: the author's own word decides."""

from __future__ import annotations

import threading
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from lingua import LanguageDetector

ENOUGH_LETTERS = 4  # below that ("OK", "C-24") the answer would be a guess
READ = 2_000  # characters looked at: more changes nothing and costs time
SURE = 0.6  # with two languages, less is a coin tossed

_building = threading.Lock()


def propose_language(text: str) -> str | None:
    """`"fr"` or `"en"`, or None for a text too short or too mixed to say.

    The first call loads the model (half a second); safe from any thread.
    """
    sample = text[:READ]
    if sum(character.isalpha() for character in sample) < ENOUGH_LETTERS:
        return None
    best, *_ = _detector().compute_language_confidence_values(sample)
    return best.language.iso_code_639_1.name.lower() if best.value >= SURE else None


def _detector() -> LanguageDetector:
    with _building:  # two threads would each build one
        return _build()


@cache
def _build() -> LanguageDetector:
    from lingua import Language, LanguageDetectorBuilder  # 50 ms to import: not for every process

    return LanguageDetectorBuilder.from_languages(Language.ENGLISH, Language.FRENCH).build()
