"""Who is linked to whom, as circles and lines: where they stand; the template draws them. Pure.

Organizations stand on a circle, each beside those it works with most closely, so that lines cross little.
The same links give the same drawing, whatever order they come in.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from math import cos, pi, sin

SIZE = 320  # of the square, in its own units
MIDDLE = SIZE / 2
FARTHEST = 132.0  # of a circle's centre from the middle
MOST = 40  # organizations that a drawing holds; the table holds all


@dataclass(frozen=True)
class Line:
    """A link to be drawn: between whom, how thick, whether both sides say so."""

    one: str
    other: str
    intensity: int
    confirmed: bool


@dataclass(frozen=True)
class Dot:
    """An organization: its number in the key, and its place."""

    id: str
    number: int
    x: float
    y: float


@dataclass(frozen=True)
class Stroke:
    """A line of the drawing."""

    x1: float
    y1: float
    x2: float
    y2: float
    width: float
    confirmed: bool


@dataclass(frozen=True)
class Drawing:
    """All of it; ``left_out`` says how many organizations found no place."""

    dots: tuple[Dot, ...]
    strokes: tuple[Stroke, ...]
    radius: float
    left_out: int = 0

    @property
    def numbers(self) -> dict[str, int]:
        """The number of each organization that is drawn."""
        return {dot.id: dot.number for dot in self.dots}


def drawing(lines: Iterable[Line]) -> Drawing | None:
    """The drawing of these links; None when there is none."""
    known = sorted(lines, key=lambda line: (line.one, line.other))
    order = _around(known)
    if not order:
        return None
    shown = order[:MOST]
    dots = {id: _dot(id, place, len(shown)) for place, id in enumerate(shown)}
    strokes = tuple(
        _stroke(line, dots[line.one], dots[line.other])
        # The thick ones last, so that they lie on top.
        for line in sorted(known, key=lambda line: line.intensity)
        if line.one in dots and line.other in dots
    )
    radius = max(7.0, min(15.0, 2.4 * FARTHEST / len(shown)))
    return Drawing(tuple(dots.values()), strokes, round(radius, 1), len(order) - len(shown))


def _around(lines: list[Line]) -> list[str]:
    """The order on the circle: from whoever has the closest links, each time to the closest one left."""
    near = _weights(lines)
    left, order = set(near), list[str]()
    while left:
        last = near[order[-1]] if order else {}
        follow = [id for id in last if id in left] or list(left)
        nearest = min(follow, key=lambda id: (-last.get(id, 0), -sum(near[id].values()), id))
        order.append(nearest)
        left.discard(nearest)
    return order


def _weights(lines: list[Line]) -> Mapping[str, Mapping[str, int]]:
    found: dict[str, dict[str, int]] = defaultdict(dict)
    for line in lines:
        found[line.one][line.other] = found[line.other][line.one] = line.intensity
    return found


def _dot(id: str, place: int, many: int) -> Dot:
    angle = 2 * pi * place / many - pi / 2
    return Dot(
        id,
        place + 1,
        round(MIDDLE + FARTHEST * cos(angle), 1),
        round(MIDDLE + FARTHEST * sin(angle), 1),
    )


def _stroke(line: Line, one: Dot, other: Dot) -> Stroke:
    return Stroke(one.x, one.y, other.x, other.y, 1.0 + 1.5 * (line.intensity - 1), line.confirmed)
