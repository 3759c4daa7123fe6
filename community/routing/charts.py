"""Where the points and lines of the chart stand; the template draws them. Pure.

Lengths along the page are in hundredths of its width, heights in pixels, so that the words of a chart
keep their size on a narrow screen.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

TOP, BOTTOM = 16, 190
LEFT, RIGHT = 10.0, 96.0
_HOUR, _DAY = 3600, 86400
_STEPS = (1, 2, 3, 4, 6, 8, 12, 24, 48)


@dataclass(frozen=True)
class Tick:
    """A height with its number of hours or days."""

    y: float
    value: int


@dataclass(frozen=True)
class Dot:
    """A month's figure."""

    x: float
    y: float


@dataclass(frozen=True)
class Stroke:
    """What joins two months that follow each other and both have a figure."""

    x1: float
    y1: float
    x2: float
    y2: float


@dataclass(frozen=True)
class Series:
    """One figure through the months."""

    dots: tuple[Dot, ...]
    strokes: tuple[Stroke, ...]


@dataclass(frozen=True)
class Chart:
    """Two figures through the months, on one scale; ``in_days`` says of what its numbers are."""

    ticks: tuple[Tick, ...]
    columns: tuple[float, ...]
    series: tuple[Series, ...]
    in_days: bool


def chart(*figures: Sequence[int | None]) -> Chart | None:
    """The chart of these figures in seconds, one a month; None when there is nothing to draw."""
    known = [value for values in figures for value in values if value is not None]
    if not known:
        return None
    in_days = max(known) > 72 * _HOUR
    unit = _DAY if in_days else _HOUR
    step = _step(max(known) / unit)
    top = step * max(math.ceil(max(known) / unit / step), 1)
    months = len(figures[0])
    columns = tuple(round(_x(place, months), 2) for place in range(months))

    def height(seconds: int) -> float:
        return round(BOTTOM - (BOTTOM - TOP) * seconds / unit / top, 1)

    ticks = tuple(Tick(height(value * unit), value) for value in range(0, top + 1, step))
    lines = tuple(_series(values, columns, height) for values in figures)
    return Chart(ticks, columns, lines, in_days)


def _step(most: float) -> int:
    return next((step for step in _STEPS if most / step <= 5), math.ceil(most / 5))


def _x(place: int, months: int) -> float:
    return LEFT + (RIGHT - LEFT) * (place + 0.5) / months


def _series(values: Sequence[int | None], columns: Sequence[float], height: Callable[[int], float]) -> Series:
    at = [None if value is None else Dot(x, height(value)) for value, x in zip(values, columns, strict=True)]
    strokes = [
        Stroke(one.x, one.y, next_one.x, next_one.y)
        for one, next_one in zip(at, at[1:], strict=False)
        if one is not None and next_one is not None
    ]
    return Series(tuple(dot for dot in at if dot), tuple(strokes))
