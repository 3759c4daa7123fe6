"""A row of groups of digits as they stand in a text, and the words beside it."""

from __future__ import annotations

import re
from functools import cached_property
from itertools import accumulate
from typing import NamedTuple

from community.core.identifiers import cues
from community.core.identifiers.normal import Plain

GROUP = re.compile(r"\d+")
NUMBERED = cues.HEALTH | {"sin"}  # the cues of numbers that belong to one person
_CHECKED = 9  # digits of the shortest number with a check
_NEAR = 26  # characters between a cue and the number it announces


class Digits(NamedTuple):
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
        self.start, self.end = run.span()
        spans = [group.span() for group in GROUP.finditer(read.text, self.start, self.end)]
        self.starts, self.ends = [start for start, _ in spans], [end for _, end in spans]
        self.sizes = [end - start for start, end in spans]
        # What stands between two groups, by the place of the second.
        gaps = zip(self.ends, self.starts[1:], strict=False)
        self.gaps = ["", *(read.text[end:start] for end, start in gaps)]
        self.joined = "".join(read.text[start:end] for start, end in spans)
        self.offsets = [0, *accumulate(self.sizes)]
        # Past how many digits of the run so many groups end.
        self.past = {offset: past for past, offset in enumerate(self.offsets)}
        self.cue, self.cue_end = before.nearest(self.start)
        self._stems = before.stems
        self._after: str | None = None

    @cached_property
    def strewn(self) -> list[bool]:
        """At which groups nine single digits begin that have this and that between them: no number is written
        so, unless a word announces it or it is one of ours."""
        found, singles, alike, gap = [False] * len(self.sizes), 0, 0, ""
        for at in range(len(self.sizes) - 1, -1, -1):
            following, gap = gap, self.gaps[at + 1] if at + 1 < len(self.gaps) else ""
            singles = singles + 1 if self.sizes[at] == 1 else 0
            alike = alike + 1 if gap == following else 1
            found[at] = singles >= _CHECKED and alike < _CHECKED - 1
        return found

    @property
    def after(self) -> str:
        """The kind of the cue that follows the run."""
        if self._after is None:
            self._after = cues.nearest_after(self.text, self.end, self._stems)
        return self._after

    def between(self, first: int, past: int) -> str:
        """What separates two groups; nothing at the ends of the run."""
        return self.gaps[past] if first >= 0 and past < len(self.gaps) else ""

    def amid_single_digits(self, at: int) -> bool:
        """Whether a group is one of a row of single digits that began before: the row was looked at."""
        if at < 1 or self.sizes[at] > 1 or self.sizes[at - 1] > 1:
            return False
        gaps = self.gaps
        if gaps[at] != (gaps[at + 1] if at + 1 < len(gaps) else ""):
            return False
        return not self.cue or self.starts[at] - self.cue_end > _NEAR

    def announced(self, first: int) -> bool:
        """Whether a word stands so near before a group that it may be about it."""
        return bool(self.cue) and self.starts[first] - self.cue_end <= _NEAR

    def some(self, first: int, past: int) -> Digits:
        """The groups from one to before another, taken together."""
        return Digits(
            self.joined[self.offsets[first] : self.offsets[past]],
            tuple(self.sizes[first:past]),
            tuple(self.gaps[first + 1 : past]),
            self.starts[first],
            self.ends[past - 1],
        )

    def cue_of(self, some: Digits) -> str:
        """The kind of the word that announces these digits."""
        between = self.text[self.cue_end : some.start]
        if not self.cue or len(between) > _NEAR or ". " in between:
            return ""
        if some.start > self.start:  # other digits stand between
            return self.cue if self.cue in NUMBERED and len(some.digits) in (9, 10) else ""
        return self.cue
