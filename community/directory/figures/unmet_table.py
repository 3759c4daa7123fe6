"""Unmet searches by province and need, so that no small number can be told. Pure.

Provinces and needs that were asked for too seldom to stand alone are put together; of the table that is left,
``core.tables`` hides what would tell a small number. A quarter is published once, when it is over, and no
other period: two tables that overlap could be taken from one another.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from community.core.disclosure import SMALLEST, tables
from community.core.quarters import Quarter

OTHERS = "others"


def is_over(quarter: Quarter, today: date) -> bool:
    """Whether nothing is added to it any more: its last week ended, and every process wrote its counts."""
    return today > quarter.ends + timedelta(days=8)


@dataclass(frozen=True)
class Published:
    """What is shown: ``cells[row][column]`` is None where it is hidden to protect people."""

    regions: list[str]
    needs: list[str]
    cells: list[list[int | None]]
    of_regions: list[int]
    of_needs: list[int]
    total: int


def published(counts: Mapping[tuple[str, str], int]) -> Published | None:
    """The table of one quarter; None when too little was counted to show any of it."""
    regions = _gathered(_sums(counts, 0))
    needs = _gathered(_sums(counts, 1))
    if not regions or not needs:
        return None
    rows, columns = _in_order(regions), _in_order(needs)
    table = [[0] * len(columns) for _ in rows]
    for (region, need), number in counts.items():
        table[rows.index(regions[region])][columns.index(needs[need])] += number
    hidden = tables.hide(table)
    if len(hidden) == len(rows) * len(columns):
        return None
    return Published(
        rows,
        columns,
        [[None if (r, c) in hidden else n for c, n in enumerate(line)] for r, line in enumerate(table)],
        [sum(line) for line in table],
        [sum(line[c] for line in table) for c in range(len(columns))],
        sum(map(sum, table)),
    )


def _sums(counts: Mapping[tuple[str, str], int], place: int) -> Counter[str]:
    found: Counter[str] = Counter()
    for key, number in counts.items():
        found[key[place]] += number
    return found


def _gathered(sums: Counter[str]) -> dict[str, str]:
    """Each name as it is shown: its own, or ``OTHERS`` for the least, as many as it takes."""
    if sum(sums.values()) < SMALLEST:
        return {}
    least_first = sorted(sums, key=lambda name: (sums[name], name))
    together: list[str] = []
    while least_first and (
        sums[least_first[0]] < SMALLEST or 0 < sum(sums[name] for name in together) < SMALLEST
    ):
        together.append(least_first.pop(0))
    return {name: OTHERS if name in together else name for name in sums}


def _in_order(shown: Mapping[str, str]) -> list[str]:
    """Names in order, the rest last."""
    return sorted(set(shown.values()), key=lambda name: (name == OTHERS, name))
