"""What stands around a place in a text."""

from __future__ import annotations

import re
from bisect import bisect_left

from community.core.identifiers.normal import Plain


class Around:
    """A text, and where in it a pattern is found: looked for once, when somebody first asks."""

    def __init__(self, read: Plain) -> None:
        self.text, self.lower = read.text, read.lower
        self._places: dict[re.Pattern[str], list[int]] = {}

    def near(self, pattern: re.Pattern[str], start: int, end: int, reach: int) -> bool:
        """Whether the pattern begins within reach of a place, outside of it."""
        if pattern not in self._places:
            self._places[pattern] = [match.start() for match in pattern.finditer(self.lower)]
        places = self._places[pattern]
        before = bisect_left(places, start - reach)
        after = bisect_left(places, end)
        return (before < len(places) and places[before] < start) or (
            after < len(places) and places[after] < end + reach
        )
