"""Words for thousands of messages: sentences of the site's own pages, put together by chance."""

from __future__ import annotations

import random
import re
from functools import cache

from ground.console import ROOT

TEXTS = ROOT / "community" / "core" / "texts"
LENGTH = 600  # characters of a message, about
_SENTENCE = re.compile(r"[A-ZÀ-Ý][^.!?\n|*#\[\]{}]{30,220}[.!?]")

_TREES = ("Aspen", "Birch", "Cedar", "Dogwood", "Elder", "Fern", "Gale", "Hazel", "Iris", "Juniper")

# Two words each; half in each language, of words that are common, rare, and in every tenth message.
SEARCHES = (
    "names protection",
    "overdose help",
    "privacy account",
    "data kept",
    "health law",
    "message withdrawn",
    "noms protégés",
    "surdose aide",
    "vie privée",
    "données conservées",
    "appareil partagé",
    "messages retirés",
)


@cache
def sentences(lang: str) -> tuple[str, ...]:
    """Every sentence of the site's long pages in a language."""
    texts = sorted(TEXTS.glob(f"*.{lang}.md"))
    return tuple(found for text in texts for found in _SENTENCE.findall(text.read_text(encoding="utf-8")))


def message(dice: random.Random, lang: str) -> str:
    """A message of two paragraphs and about ``LENGTH`` characters."""
    said: list[str] = []
    while sum(map(len, said)) < LENGTH - 80:
        said.append(dice.choice(sentences(lang)))
    middle = max(len(said) // 2, 1)
    return " ".join(said[:middle]) + "\n\n" + " ".join(said[middle:])


def title(dice: random.Random, lang: str) -> str:
    """A title: the first words of a sentence."""
    words = dice.choice(sentences(lang)).rstrip(".!?").split()[: dice.randint(4, 10)]
    return " ".join(words)


def name(number: int) -> str:
    """A name that no eye takes for another's, for numbers below a thousand."""
    return " ".join(_TREES[int(figure)] for figure in f"{number:03}")
