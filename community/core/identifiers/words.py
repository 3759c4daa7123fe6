"""The lists that recognizers read: names, places, public numbers."""

from __future__ import annotations

import re
import tomllib
from importlib import resources
from typing import Any

_FOLDER = resources.files("community.core").joinpath("data")


def _file(name: str) -> dict[str, Any]:
    return tomllib.loads(_FOLDER.joinpath(name).read_text("utf-8"))


_LISTS = _file("identifiers.toml")


def _words(name: str) -> frozenset[str]:
    return frozenset(_LISTS[name].split())


CANADIAN_AREAS = _words("area_codes")
FREE_CODES = _words("free_codes")
FIRST_NAMES = _words("first_names")
EPONYMS = _words("eponyms")
INSTITUTIONS = _words("institutions")
NOT_SURNAMES = _words("not_surnames")
LARGE_PLACES = _words("large_places")
# The numbers of the help lines, as ten digits.
HELP_NUMBERS = frozenset(
    digits[-10:]
    for line in _file("help_lines.toml")["line"]
    for shown in (line.get("tel", ""), line.get("shown_en", ""), line.get("shown_fr", ""))
    if (digits := re.sub(r"\D", "", shown)) and len(digits) >= 10
)
