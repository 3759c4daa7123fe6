"""Somebody with all published figures, linear algebra and patience: what is told of those that are hidden.

Independent of the program: nothing of it is imported. What is hidden is an unknown whole number, what is
published an equation between unknowns. Whatever an equation fixes is told exactly (row reduction over
fractions); bounds are narrowed through all equations until nothing moves.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable
from fractions import Fraction


class Attacker:
    """Collects equations: so much is the sum of these unknowns, all of them whole and not negative."""

    def __init__(self) -> None:
        self.equations: list[tuple[frozenset[Hashable], int]] = []

    def learns(self, unknowns: Iterable[Hashable], total: int | None) -> None:
        """A published sum; none when it is hidden."""
        if total is not None:
            self.equations.append((frozenset(unknowns), total))

    def told(self) -> dict[Hashable, int]:
        """The unknowns that the equations fix exactly, by algebra alone."""
        names = sorted({name for some, _total in self.equations for name in some}, key=repr)
        rows = [
            [Fraction(name in some) for name in names] + [Fraction(total)] for some, total in self.equations
        ]
        pivots = _reduce(rows, len(names))
        return {
            names[column]: int(row[-1])
            for column, row in pivots
            if not any(row[other] for other in range(len(names)) if other != column)
        }

    def bounds(self) -> dict[Hashable, tuple[int, int]]:
        """The least and the greatest value of each unknown, narrowed equation by equation."""
        low: dict[Hashable, int] = {name: 0 for some, _total in self.equations for name in some}
        most = max((total for _some, total in self.equations), default=0)
        high = dict.fromkeys(low, most)
        moved = True
        while moved:
            moved = False
            for some, total in self.equations:
                least, greatest = sum(low[name] for name in some), sum(high[name] for name in some)
                for name in some:
                    floor = total - (greatest - high[name])
                    ceiling = total - (least - low[name])
                    if floor > low[name] or ceiling < high[name]:
                        low[name], high[name] = max(low[name], floor), min(high[name], ceiling)
                        least, greatest = sum(low[one] for one in some), sum(high[one] for one in some)
                        moved = True
        return {name: (low[name], high[name]) for name in low}


def _reduce(rows: list[list[Fraction]], columns: int) -> list[tuple[int, list[Fraction]]]:
    pivots: list[tuple[int, list[Fraction]]] = []
    for column in range(columns):
        at = next((at for at in range(len(pivots), len(rows)) if rows[at][column]), None)
        if at is None:
            continue
        place = len(pivots)
        rows[place], rows[at] = rows[at], rows[place]
        first = rows[place][column]
        rows[place] = [value / first for value in rows[place]]
        for other, row in enumerate(rows):
            if other != place and row[column]:
                factor = row[column]
                rows[other] = [value - factor * lead for value, lead in zip(row, rows[place], strict=True)]
        pivots.append((column, rows[place]))
    return [(column, rows[place]) for place, (column, _row) in enumerate(pivots)]
