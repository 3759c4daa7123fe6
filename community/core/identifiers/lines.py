"""A row of groups of digits as they stand in a text, and the words beside it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import accumulate

from community.core.identifiers import cues
from community.core.identifiers.normal import Plain

GROUP = re.compile(r"\d+")
NUMBERED = cues.HEALTH | {"sin"}  # the cues of numbers that belong to one person
_NEAR = 26  # characters between a cue and the number it announces


@dataclass(frozen=True)
class Digits:
    """Some groups of a run of digits."""

    digits: str
    sizes: tuple[int, ...]
    separators: tuple[str, ...]
    start: int
    end: int


class Line:
    """A run of groups of digits, with the words before and after it."""

    def __init__(self, read: Plain, run: re.Match[str], outside: bytearray, before: cues.Before) -> None:
        self.read, self.text, self.outside = read, read.text, outside
        self.groups = list(GROUP.finditer(read.text, run.start(), run.end()))
        self.sizes = [group.end() - group.start() for group in self.groups]
        self.start, self.end = run.span()
        self.joined = "".join(group.group() for group in self.groups)
        self.offsets = [0, *accumulate(self.sizes)]
        self.cue, self.cue_end = before.nearest(run.start())
        self._after: str | None = None

    @property
    def after(self) -> str:
        """The kind of the cue that follows the run."""
        if self._after is None:
            self._after = cues.nearest_after(self.text, self.end)
        return self._after

    def between(self, first: int, past: int) -> str:
        """What separates two groups; nothing at the ends of the run."""
        if first < 0 or past >= len(self.groups):
            return ""
        return self.text[self.groups[first].end() : self.groups[past].start()]

    def amid_single_digits(self, at: int) -> bool:
        """Whether a group is one of a row of single digits that began before: the row was looked at."""
        if at < 1 or len(self.groups[at].group()) > 1 or len(self.groups[at - 1].group()) > 1:
            return False
        far = self.groups[at].start() - self.cue_end > _NEAR
        return self.between(at - 1, at) == self.between(at, at + 1) and (far or not self.cue)

    def cue_of(self, some: Digits) -> str:
        """The kind of the word that announces these digits."""
        between = self.text[self.cue_end : some.start]
        if not self.cue or len(between) > _NEAR or ". " in between:
            return ""
        if some.start > self.start:  # other digits stand between
            return self.cue if self.cue in NUMBERED and len(some.digits) in (9, 10) else ""
        return self.cue


def digits_of(text: str, groups: list[re.Match[str]]) -> Digits:
    """These groups, taken together."""
    separators = tuple(text[a.end() : b.start()] for a, b in zip(groups, groups[1:], strict=False))
    sizes = tuple(len(group.group()) for group in groups)
    return Digits("".join(g.group() for g in groups), sizes, separators, groups[0].start(), groups[-1].end())
