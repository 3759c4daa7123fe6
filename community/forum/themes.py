"""The clinical themes, second axis of the forum beside the regions. Facts in `data/themes.toml`."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from types import MappingProxyType


@dataclass(frozen=True, slots=True)
class Theme:
    """One theme. `order` is that of the menus."""

    code: str
    order: int
    name_en: str
    name_fr: str
    description_en: str
    description_fr: str

    def name(self, lang: str) -> str:
        """What the theme is called in this language."""
        return self.name_fr if lang == "fr" else self.name_en

    def description(self, lang: str) -> str:
        """What belongs in it, in one sentence."""
        return self.description_fr if lang == "fr" else self.description_en


@cache
def _read() -> Mapping[str, Theme]:
    text = resources.files("community.forum").joinpath("data/themes.toml").read_text("utf-8")
    rows = tomllib.loads(text)["theme"]
    return MappingProxyType({row["code"]: Theme(order=n, **row) for n, row in enumerate(rows)})


THEMES: Mapping[str, Theme] = _read()
