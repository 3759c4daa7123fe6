"""A quarter of moderation in figures, so that none tells about one person. Pure.

The log has a line for each act in a space that everyone reads: of those nothing needs to be hidden, and
whoever counts its lines could take them from a figure of all spaces. So acts elsewhere are counted apart, and
what is told of them is told of them alone.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from community.core.disclosure import RESPONDENTS, hide_in_line, may_show, shown_median
from community.moderation.models import ACTS, REASONS


@dataclass(frozen=True)
class Cell:
    """A figure, or that it is hidden."""

    name: str
    count: int | None


@dataclass(frozen=True)
class Decided:
    """What was decided somewhere, by reason and by act; ``acts``: how many in all."""

    by_reason: Sequence[Cell]
    by_act: Sequence[Cell]
    acts: int | None


@dataclass(frozen=True)
class Figures:
    """A quarter of moderation. A figure that is None is hidden."""

    public: Decided  # in spaces that everyone reads
    elsewhere: Decided
    median: float | None  # seconds from the first report to the decision
    danger_in_time: float | None  # share of dangers that somebody opened within an hour
    dangers: int | None
    appeals: int | None
    upheld: int | None

    def kept(self) -> dict[str, Any]:
        """As it is kept once it is published."""
        return asdict(self)


def read(kept: Mapping[str, Any]) -> Figures:
    """What ``Figures.kept`` gave."""
    places = {name: _decided(kept[name]) for name in ("public", "elsewhere")}
    return Figures(**{**kept, **places})


def _decided(kept: Mapping[str, Any]) -> Decided:
    lines = {name: [Cell(**one) for one in kept[name]] for name in ("by_reason", "by_act")}
    return Decided(acts=kept["acts"], **lines)


Acts = Sequence[tuple[str, str]]  # what was done, and for which reason


def in_public(acts: Acts) -> Decided:
    """What the log tells line by line, counted."""
    reasons, kinds = Counter(reason for _, reason in acts), Counter(act for act, _ in acts)
    return Decided(
        [Cell(name, reasons[name]) for name in REASONS],
        [Cell(name, kinds[name]) for name in ACTS if kinds[name]],
        len(acts),
    )


def told(acts: Acts) -> Decided:
    """The acts by reason, by act, and how many there were, as they may be told.

    The two lines have the same total: where one needs it hidden, the sum of the other would give it back.
    """
    by_reason, total = _line(Counter(reason for _act, reason in acts), REASONS)
    by_act, same_total = _line(Counter(act for act, _reason in acts), sorted({act for act, _reason in acts}))
    by_act = _with_the_others(by_act)
    if total is None or same_total is None:
        hidden = [[Cell(one.name, None) for one in line] for line in (by_reason, by_act)]
        return Decided(hidden[0], hidden[1], None)
    return Decided(by_reason, by_act, total)


def _with_the_others(cells: list[Cell]) -> list[Cell]:
    """Where a kind of act is hidden, every other one as hidden, too: a list of those that were done alone
    says that each was done once at least, and five of them that were done five times in all are told."""
    shown = {cell.name: cell.count for cell in cells if cell.count is not None}
    if len(shown) == len(cells):
        return cells
    return [Cell(name, shown.get(name)) for name in (*shown, *(one for one in ACTS if one not in shown))]


def _line(counted: Counter[str], names: Iterable[str]) -> tuple[list[Cell], int | None]:
    listed = list(names)
    counts = [counted[name] for name in listed]
    hidden = hide_in_line(counts)
    cells = [
        Cell(name, None if place in hidden else count)
        for place, (name, count) in enumerate(zip(listed, counts, strict=True))
    ]
    return cells, None if len(counts) in hidden else sum(counts)


def shown(count: int) -> int | None:
    """A count, or None where it is small."""
    return count if may_show(count) else None


def share(part: int, whole: int) -> float | None:
    """A share is shown from twenty on, and not where it would tell of a few."""
    few = not may_show(part) or not (may_show(whole - part) or part == whole)
    return None if whole < 2 * RESPONDENTS or few else part / whole


def second_looks(upheld: int, refused: int) -> tuple[int | None, int | None]:
    """How many second looks were given, and in how many of them the decision was taken back."""
    if not may_show(upheld) or not may_show(refused):
        return shown(upheld + refused), None
    return upheld + refused, upheld


def median_wait(seconds: list[float]) -> float | None:
    """The median of the times to a decision, in seconds; None of fewer than ten."""
    return shown_median(seconds)


def names_of(*lines: Sequence[Cell]) -> list[str]:
    """What these lines count, each once, in the order of the first."""
    return list(dict.fromkeys(cell.name for line in lines for cell in line))


def count_of(line: Sequence[Cell], name: str, acts: int | None) -> int | None:
    """What a line tells of this. What it does not name was not done, unless even how many acts there were
    is hidden."""
    return {cell.name: cell.count for cell in line}.get(name, None if acts is None else 0)
