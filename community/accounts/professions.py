"""Professions as data: their specialties, and the register in which a person looks a title up.

The facts are in `data/professions.toml`. The program asks no register: a coordinator reads it.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from types import MappingProxyType
from typing import Any


@dataclass(frozen=True, slots=True)
class Register:
    """A regulator's public register. ``digits`` says how long its numbers usually are: a hint, no proof."""

    name_en: str
    name_fr: str
    url: str = ""
    digits: tuple[int, ...] = ()

    def name(self, lang: str) -> str:
        """The regulator in this language."""
        return self.name_fr if lang == "fr" else self.name_en


@dataclass(frozen=True, slots=True)
class Profession:
    """What one may claim: a profession, or an affiliation."""

    code: str
    registered: bool  # whether a regulator keeps a register of it
    specialties: tuple[str, ...]
    registers: Mapping[str, Register]  # by province or territory


@cache
def professions() -> Mapping[str, Profession]:
    """Every profession and affiliation of the file, by code."""
    text = resources.files("community.accounts").joinpath("data/professions.toml").read_text("utf-8")
    rows = tomllib.loads(text)
    return MappingProxyType({code: _profession(code, row, rows) for code, row in rows.items()})


def _profession(code: str, row: dict[str, Any], rows: dict[str, Any]) -> Profession:
    listed = rows[row["same_registers_as"]] if "same_registers_as" in row else row
    registers = {place: _register(one) for place, one in listed.get("registers", {}).items()}
    return Profession(
        code, row.get("registered", True), tuple(row.get("specialties", ())), MappingProxyType(registers)
    )


def _register(row: dict[str, Any]) -> Register:
    return Register(
        row["name_en"], row.get("name_fr", row["name_en"]), row.get("url", ""), tuple(row.get("digits", ()))
    )


def register_of(profession: str, jurisdiction: str) -> Register | None:
    """Where this title is looked up; None where the file names no regulator."""
    found = professions().get(profession)
    return found.registers.get(jurisdiction) if found else None


def specialties() -> tuple[str, ...]:
    """Every specialty that some profession has, in the order of the file."""
    return tuple(dict.fromkeys(each for one in professions().values() for each in one.specialties))
