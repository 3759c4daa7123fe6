"""Where the bars of a picture of shares stand; the template draws them. Pure.

Lengths along the page are in hundredths of its width, heights in pixels, so that words keep their size.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

LEFT, RIGHT = 1.0, 90.0
EACH, TOP, THICK = 44, 22, 12
QUARTERS = (0, 25, 50, 75, 100)


@dataclass(frozen=True)
class Bar:
    """A share: its words stand at ``text``, its bar begins at ``y``."""

    text: int
    y: int
    wide: float
    end: float


@dataclass(frozen=True)
class Bars:
    """All of them, with a line a quarter."""

    height: int
    bars: tuple[Bar, ...]
    ticks: tuple[tuple[float, int], ...]  # where it stands, and of how many hundredths


def bars(shares: Sequence[float]) -> Bars | None:
    """A bar for each share from 0 to 1, under its words; none when there is nothing to draw."""
    if not shares:
        return None
    length = RIGHT - LEFT
    drawn = tuple(
        Bar(TOP + at * EACH, TOP + at * EACH + 8, round(length * part, 2), round(LEFT + length * part, 2))
        for at, part in enumerate(shares)
    )
    ticks = tuple((round(LEFT + length * part / 100, 2), part) for part in QUARTERS)
    return Bars(TOP + len(shares) * EACH + 10, drawn, ticks)
