"""What the interface says, looked up in the catalogue that the program itself reads."""

from __future__ import annotations

from functools import cache
from typing import Literal

from babel.support import NullTranslations, Translations

from ground.console import ROOT

Lang = Literal["fr", "en"]
LANGUAGES: tuple[Lang, Lang] = ("fr", "en")


@cache
def catalogue(lang: Lang) -> NullTranslations:
    """The sentences of one language; English is what stands in the source."""
    if lang == "en":
        return NullTranslations()
    return Translations.load(str(ROOT / "community" / "translations"), [lang])


def say(lang: Lang, sentence: str, **values: object) -> str:
    """A sentence of the interface as a page in that language shows it.

    A sentence that a page no longer has must not pass for a translated one, so it has to be known.
    """
    said = catalogue(lang).gettext(sentence)
    if lang == "fr" and sentence not in catalogue(lang)._catalog:
        raise LookupError(f"The catalogue does not know {sentence!r}.")
    return said % values if values else said
