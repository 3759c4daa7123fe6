"""A map of a few services, drawn without anything from another host. Pure: positions in, shapes out.

Lengths of the drawing are units of its frame; those before are kilometres, east and south of the middle of
the projection.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from importlib import resources
from itertools import pairwise
from math import cos, floor, hypot, log10, pi, sin, sqrt

from community.core.regions import REGIONS
from community.directory.drawing.projection import projected
from community.directory.finding import places
from community.directory.finding.places import Area

WIDE, HIGH = 400, 300  # the frame
BADGE = 13.0  # radius of a number
_LEAST = 60.0  # km across: nearer, the outlines would promise what nobody drew
_WITH_REGIONS = 1500.0  # km across: up to here provinces that have regions are drawn by them
_COARSE = 2.0  # units: points of an outline that lie nearer to one another are one
_SMALL = 4.0  # units: outlines smaller than that are left out
_GOLDEN = pi * (3 - sqrt(5))  # an angle that never repeats itself

Point = tuple[float, float]
Ring = Sequence[Point]
_Wanted = tuple[str, Point, tuple[int, ...]]  # a name, its place, and how far below that it may stand


@dataclass(frozen=True)
class Badge:
    """A number of the list, and the place it stands for: apart where numbers would lie on one another."""

    number: int
    x: float
    y: float
    of_x: float
    of_y: float

    @property
    def moved(self) -> bool:
        """Whether a line must lead from the number to its place."""
        return hypot(self.x - self.of_x, self.y - self.of_y) > BADGE / 2


@dataclass(frozen=True)
class Name:
    """What a region is called, in the middle of it."""

    words: str
    x: float
    y: float


@dataclass(frozen=True)
class Drawing:
    """All there is to draw. ``land``: outlines as paths; ``bar``: its length, and how many km it is."""

    land: list[str]
    names: list[Name]
    badges: list[Badge]
    here: Point | None
    bar: tuple[float, int]


@dataclass(frozen=True)
class _Window:
    """The part of the country that is shown: its north-west corner and units a kilometre."""

    left: float
    top: float
    units: float

    def of(self, point: Point) -> Point:
        return (point[0] - self.left) * self.units, (point[1] - self.top) * self.units

    @property
    def across(self) -> float:
        return WIDE / self.units

    def shows(self, point: Point, margin: float = 0.0) -> bool:
        x, y = self.of(point)
        return margin <= x <= WIDE - margin and margin <= y <= HIGH - margin


def drawn(
    positions: Sequence[tuple[int, tuple[float, float]]],
    around: Area | None,
    named: Callable[[str], str],
    towns: Mapping[str, tuple[float, float]] | None = None,
) -> Drawing | None:
    """The map of numbered positions (degrees north and east); None when there is nothing to place.

    :param around: where somebody looks: marked when it is finer than a region, and always within the frame.
    :param named: what a region is called.
    :param towns: towns that services are in, and where: named where there is room.
    """
    points = [(number, projected(*position)) for number, position in positions]
    if not points:
        return None
    here = _middle_of(around)
    window = _window([point for _, point in points] + ([here] if here else []))
    badges = _apart([(number, window.of(point)) for number, point in points])
    return Drawing(
        land=_land(window),
        names=list(_names(badges, _to_name(window, named, towns or {}))),
        badges=badges,
        here=window.of(here) if here else None,
        bar=_bar(window),
    )


def _middle_of(area: Area | None) -> Point | None:
    if area is None or area.latitude is None or area.longitude is None or area.name in REGIONS:
        return None  # the middle of a whole region is nowhere in particular
    return projected(area.latitude, area.longitude)


def _window(points: Sequence[Point]) -> _Window:
    """The least frame around all points, with room for their numbers."""
    xs, ys = [x for x, _ in points], [y for _, y in points]
    wide = max(max(xs) - min(xs), (max(ys) - min(ys)) * WIDE / HIGH, _LEAST) * 1.3
    units = WIDE / wide
    return _Window((min(xs) + max(xs) - wide) / 2, (min(ys) + max(ys) - wide * HIGH / WIDE) / 2, units)


# Outlines


@dataclass(frozen=True)
class _Shape:
    points: Ring
    box: tuple[float, float, float, float] = field(repr=False)


@cache
def _outlines() -> tuple[tuple[str, _Shape], ...]:
    text = resources.files("community.directory").joinpath("data/outlines.txt").read_text("ascii")
    return tuple(_shape(line) for line in text.splitlines() if line and not line.startswith("#"))


def _shape(line: str) -> tuple[str, _Shape]:
    code, *steps = line.split()
    points: list[Point] = []
    east = south = 0
    for step in steps:
        more_east, _, more_south = step.partition(",")
        east, south = east + int(more_east), south + int(more_south)
        points.append((east / 10, south / 10))
    xs, ys = [x for x, _ in points], [y for _, y in points]
    return code, _Shape(points, (min(xs), min(ys), max(xs), max(ys)))


def _land(window: _Window) -> list[str]:
    """The outlines that the frame shows. Never those of a province and of its regions at once: they were
    simplified apart, and would make two shores."""
    near = window.across < _WITH_REGIONS
    parted = {code[:2] for code, _ in _outlines() if len(code) > 2}
    drawn_here = (shape for code, shape in _outlines() if (len(code) > 2) == (near and code[:2] in parted))
    return [path for shape in drawn_here for path in _path(shape, window)]


def _path(shape: _Shape, window: _Window) -> Iterator[str]:
    """An outline as far as the frame shows it, with no more points than can be told apart."""
    left, top = window.of(shape.box[:2])
    right, bottom = window.of(shape.box[2:])
    if right < 0 or bottom < 0 or left > WIDE or top > HIGH or max(right - left, bottom - top) < _SMALL:
        return
    ring = _clipped([window.of(point) for point in shape.points])
    kept: list[Point] = []
    for x, y in ring:
        if not kept or hypot(x - kept[-1][0], y - kept[-1][1]) >= _COARSE:
            kept.append((round(x, 1), round(y, 1)))
    if len(kept) > 2:
        steps = ((to_x - x, to_y - y) for (x, y), (to_x, to_y) in pairwise(kept))
        yield f"m{kept[0][0]:g} {kept[0][1]:g}l{' '.join(f'{x:.3g} {y:.3g}' for x, y in steps)}z"


_BEYOND = 20.0  # units outside of the frame where an outline is cut, so that the cut is not seen
_EDGES = (
    (0, -_BEYOND, 1),
    (0, WIDE + _BEYOND, -1),
    (1, -_BEYOND, 1),
    (1, HIGH + _BEYOND, -1),
)


def _clipped(ring: Ring) -> Ring:
    """What of a ring lies in the frame (Sutherland and Hodgman, 1974: an edge at a time)."""
    for axis, edge, sign in _EDGES:
        if not ring:
            break
        ring = list(_within(ring, axis, edge, sign))
    return ring


def _within(ring: Ring, axis: int, edge: float, sign: int) -> Iterator[Point]:
    before = ring[-1]
    for point in ring:
        was_in, is_in = (one[axis] * sign >= edge * sign for one in (before, point))
        if was_in != is_in:
            part = (edge - before[axis]) / (point[axis] - before[axis])
            yield before[0] + part * (point[0] - before[0]), before[1] + part * (point[1] - before[1])
        if is_in:
            yield point
        before = point


# Numbers, names, the bar


def _apart(points: Sequence[tuple[int, Point]]) -> list[Badge]:
    """Numbers pushed from one another until none covers another; the same always land in the same place."""
    at = [
        (x + 0.01 * cos(place * _GOLDEN), y + 0.01 * sin(place * _GOLDEN))
        for place, (_, (x, y)) in enumerate(points)
    ]
    for _ in range(80):
        if not _pushed(at):
            break
    return [
        Badge(number, round(x, 1), round(y, 1), round(of[0], 1), round(of[1], 1))
        for (number, of), (x, y) in zip(points, at, strict=True)
    ]


def _pushed(at: list[Point]) -> bool:
    moved, room = False, 2 * BADGE + 1
    for one in range(len(at)):
        for other in range(one + 1, len(at)):
            (x, y), (to_x, to_y) = at[one], at[other]
            away = hypot(to_x - x, to_y - y)
            if away < room - 0.05:
                step_x, step_y = ((to_x - x) / away, (to_y - y) / away)
                half, moved = (room - away) / 2, True
                at[one] = _inside(x - step_x * half, y - step_y * half)
                at[other] = _inside(to_x + step_x * half, to_y + step_y * half)
    return moved


def _inside(x: float, y: float) -> Point:
    return min(max(x, BADGE + 1), WIDE - BADGE - 1), min(max(y, BADGE + 1), HIGH - BADGE - 22)


_BESIDE = (4, 30, -26, 44, -40, 58, -54, 72, -68)  # units below its place (above: less than none) for a name


def _to_name(
    window: _Window, named: Callable[[str], str], towns: Mapping[str, tuple[float, float]]
) -> Iterator[_Wanted]:
    """Towns where the frame is small enough to tell them apart; then regions, by their middle."""
    if window.across < _WITH_REGIONS / 3:
        yield from ((town, window.of(projected(*where)), _BESIDE) for town, where in sorted(towns.items()))
    for code in _codes(window.across):
        middle = places.centre(code)
        if middle is not None and middle.latitude is not None and middle.longitude is not None:
            yield named(code), window.of(projected(middle.latitude, middle.longitude)), _BESIDE[:1]


def _names(badges: Iterable[Badge], wanted: Iterable[_Wanted]) -> Iterator[Name]:
    """As many of these names as stand free of numbers and of one another, each by its place."""
    taken = [(badge.x - BADGE, badge.y - BADGE, badge.x + BADGE, badge.y + BADGE) for badge in badges]
    for words, (x, y), beside in wanted:
        half = 3.2 * len(words)
        boxes = ((x - half, y + more - 9, x + half, y + more + 3) for more in beside)
        free = (box for box in boxes if _inside_frame(box) and not any(_meet(box, other) for other in taken))
        if (box := next(free, None)) is not None:
            taken.append(box)
            yield Name(words, round(x, 1), round(box[3] - 3, 1))


def _inside_frame(box: tuple[float, float, float, float]) -> bool:
    return box[0] > 2 and box[2] < WIDE - 2 and box[1] > 2 and box[3] < HIGH - 22


def _codes(across: float) -> list[str]:
    """Provinces, or the regions of those that have some where they are large enough to bear a name."""
    wanted = 2 if across >= 900 else 5
    found = dict.fromkeys(code for code, _ in _outlines())
    return [code for code in found if len(code) == wanted or (wanted == 5 and code != "qc")]


def _meet(one: tuple[float, ...], other: tuple[float, ...]) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]


def _bar(window: _Window) -> tuple[float, int]:
    """A round number of kilometres that is a quarter of the frame or a little less, and its length."""
    most = WIDE / 4 / window.units
    power = 10 ** floor(log10(most))
    kilometres = max(step * power for step in (1, 2, 5) if step * power <= most)
    return round(kilometres * window.units, 1), int(kilometres)
