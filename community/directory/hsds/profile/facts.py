"""What a document says in the words of the profile. Pure: a document in, plain facts out."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from community.directory.hsds.checks import is_day, is_number
from community.directory.hsds.profile.terms import find

_GROUPS = ("line", "access", "refers", "oat", "people", "offers", "substances")


@dataclass(frozen=True)
class Capacity:
    """How many places there were, of how many, on which day."""

    available: int | None
    total: int | None
    unit: str
    as_of: date | None


@dataclass(frozen=True)
class Text:
    """A text and the language it really is in; the day on which it was right, where somebody said so."""

    text: str
    lang: str
    as_of: date | None


@dataclass(frozen=True)
class Facts:
    """What a service is, in the words of the profile; codes without their group."""

    lines: frozenset[str]
    access: frozenset[str]
    refers: frozenset[str]
    oat: frozenset[str]
    people: frozenset[str]
    offers: frozenset[str]
    substances: frozenset[str]
    same_day: bool
    drop_in: bool
    high_tolerance: bool
    capacity: Capacity | None
    wait_days: int | None


def read(document: dict[str, Any]) -> Facts:
    """The facts of a service as it is nested (HSDS 3.0), from its attributes and its ``offered``."""
    found: dict[str, set[str]] = {group: set() for group in (*_GROUPS, "start")}
    for code in _codes(document):
        term = find(code)
        if term is not None:
            found[term.group].add(term.code)
    sets = {group: frozenset(found[group]) for group in _GROUPS}
    lines = sets.pop("line")
    wait = document.get("wait_days")
    return Facts(
        lines=lines,
        **sets,
        same_day="same-day" in found["start"],
        drop_in="drop-in" in found["start"],
        high_tolerance="high-tolerance" in found["start"],
        capacity=_capacity(document.get("capacity")),
        wait_days=int(wait) if is_number(wait) and wait is not None else None,
    )


def _codes(document: dict[str, Any]) -> Iterator[str]:
    offered = document.get("offered")
    yield from (code for code in (offered if isinstance(offered, list) else ()) if isinstance(code, str))
    for one in document.get("attributes") or ():
        term = one.get("taxonomy_term") or {}
        yield str(term.get("id") or one.get("taxonomy_term_id") or "")


def _capacity(given: Any) -> Capacity | None:
    if not isinstance(given, dict):
        return None
    said = given.get("as_of")
    return Capacity(
        _whole(given.get("available")),
        _whole(given.get("total")),
        str(given.get("unit") or ""),
        _day(said),
    )


def _whole(value: Any) -> int | None:
    return int(value) if is_number(value) and abs(value) < 1_000_000 else None


def text(record: dict[str, Any], field: str, lang: str) -> Text:
    """A text of any object in this language; where it lacks it, in the other one, and it says so."""
    own = "fr" if record.get("texts_in") == "fr" else "en"
    found = {own: Text(_words(record.get(field)), own, _day(record.get("texts_as_of")))}
    given = record.get("translations")
    for other, fields in given.items() if isinstance(given, dict) else ():
        said = fields.get(field) if isinstance(fields, dict) else None
        if other in {"fr", "en"} and isinstance(said, (dict, str)):
            words, as_of = (said, None) if isinstance(said, str) else (said.get("text"), said.get("as_of"))
            if _words(words):
                found[other] = Text(_words(words), other, _day(as_of))
    wanted = found.get(lang)
    return (
        wanted
        if wanted and wanted.text
        else next((one for one in found.values() if one.text), Text("", lang, None))
    )


def _words(value: Any) -> str:
    return value if isinstance(value, str) else ""


def _day(value: Any) -> date | None:
    return date.fromisoformat(value) if isinstance(value, str) and is_day(value) else None
