"""Three versions of a value: what the last file said, what people here made of it, what this file says. Pure.

A value that the file leaves as it was stays as people here have it. Where both changed it, theirs is offered
to whoever keeps the records, and ours stands until they decide.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from community.directory.mending.spots import FIELDS as MENDABLE
from community.directory.mending.spots import IN_TWO_LANGUAGES, LANGUAGES
from community.directory.withholding import FLAG, is_withheld

_Json = dict[str, Any]
# The later of two days stands: who made sure last.
_DAYS = frozenset({"assured_date", "texts_as_of"})


@dataclass(frozen=True)
class Clash:
    """One value that a file and somebody here changed differently. ``part``: the language of a text."""

    kind: str
    id: str
    name: str
    part: str
    ours: Any
    theirs: Any
    where: str = ""  # in the file

    @property
    def column(self) -> str:
        """Its name in a report."""
        return f"{self.name} ({self.part})" if self.part else self.name


@dataclass(frozen=True)
class Settled:
    """What stands from now on, whether that is what the file says, and what both changed."""

    value: Any
    as_file: bool
    clashes: tuple[Clash, ...] = ()


def settle(kind: str, id: str, name: str, base: Any, ours: Any, theirs: Any, own: str = "en") -> Settled:
    """Decide about one field.

    :param base: what the last file said; None for nothing.
    :param own: the language that the record is in.
    """
    if theirs == ours:
        return Settled(ours, True)
    if theirs == base:
        return Settled(ours, False)
    if name == "translations":
        return _texts(kind, id, _both(base), _both(ours), _both(theirs))
    if _is_theirs(name, ours, theirs):
        return Settled(theirs, True)
    if name in _DAYS or name == "capacity":
        return Settled(ours, False)
    part = own if MENDABLE.get(kind, {}).get(name) in IN_TWO_LANGUAGES else ""
    return Settled(ours, False, (Clash(kind, id, name, part, ours, theirs),))


def _is_theirs(name: str, ours: Any, theirs: Any) -> bool:
    """The later day, and the safer of two: an address that a file withholds is withheld."""
    if name == FLAG:
        return is_withheld({FLAG: theirs})
    if name in _DAYS:
        return str(theirs or "") > str(ours or "")
    return name == "capacity" and _as_of(theirs) > _as_of(ours)


def _as_of(capacity: Any) -> str:
    return str(capacity.get("as_of") or "") if isinstance(capacity, dict) else ""


def _both(given: Any) -> dict[str, _Json]:
    found = given if isinstance(given, dict) else {}
    return {lang: said for lang, said in found.items() if isinstance(said, dict)}


def _texts(
    kind: str, id: str, base: Mapping[str, _Json], ours: Mapping[str, _Json], theirs: Mapping[str, _Json]
) -> Settled:
    """The texts of other languages, each by itself."""
    merged: dict[str, _Json] = {}
    clashes = []
    for lang in dict.fromkeys((*ours, *theirs)):
        old, mine, new = (one.get(lang) or {} for one in (base, ours, theirs))
        for name in dict.fromkeys((*mine, *new)):
            was, here, there = (words(one.get(name)) for one in (old, mine, new))
            from_file = here == was or there == here
            if value := (new if from_file else mine).get(name):
                merged.setdefault(lang, {})[name] = value
            if not from_file and there != was:
                part = lang if lang in LANGUAGES else ""
                clashes.append(Clash(kind, id, name, part, here, there))
    return Settled(merged, merged == theirs, tuple(clashes))


def words(said: Any) -> str:
    """The words of a text, however it is written."""
    text = said.get("text") if isinstance(said, dict) else said
    return text if isinstance(text, str) else ""
