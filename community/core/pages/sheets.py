"""Pages in parts: what is the same for all, and what is put in when a page is given."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from community.core.pages.joined import Packed


@dataclass(frozen=True, slots=True)
class Text:
    """What is the same for all, as it is, compressed, or both; the token is left open."""

    said: str
    packed: Packed | None = None

    @property
    def size(self) -> int:
        """Bytes that it takes, about."""
        return len(self.said) + (self.packed.size if self.packed else 0)


@dataclass(frozen=True, slots=True)
class Place:
    """Here goes what is each reader's own."""

    name: str


@dataclass(frozen=True, slots=True)
class Ago:
    """Here goes how long ago this was, which is another text each minute."""

    at: datetime


@dataclass(frozen=True, slots=True)
class Choice:
    """Here goes one of these, by the reader's own choice."""

    name: str
    among: Mapping[str, Sheet]


Sheet = Sequence[Text | Place | Ago | Choice]


def size_of(sheet: Sheet) -> int:
    """Bytes that the parts of a page take, about."""
    return sum(
        part.size if isinstance(part, Text) else sum(map(size_of, part.among.values()))
        for part in sheet
        if isinstance(part, (Text, Choice))
    )
