"""Two-way tables of counts: what can be told of the cells that are not shown. Pure.

A table is published with the totals of its rows and columns; each hidden cell then lies between a least and
a greatest whole number. These are exact: the hidden cells are edges of a network between rows and columns,
whose flows are the tables that agree with what is shown, and a maximum flow tells how much a cell can gain
or lose (Gusfield, *A graph theoretic approach to statistical data security*, SIAM J. Comput. 17, 1988). Cells
are hidden until each small one may be anything within a span, or no cell can be told.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Collection, Sequence

from community.core.disclosure import SMALLEST

Cell = tuple[int, int]
Table = Sequence[Sequence[int]]


def bounds(table: Table, hidden: Collection[Cell]) -> dict[Cell, tuple[int, int]]:
    """Per hidden cell the least and the greatest count that agrees with all that is shown.

    :param table: rows of counts, none negative. The totals of rows and columns are taken to be public.
    """
    cells = frozenset(hidden)
    return {(row, column): _of_one(table, cells, (row, column)) for row, column in cells}


def _of_one(table: Table, hidden: frozenset[Cell], cell: Cell) -> tuple[int, int]:
    """From the true table, move as much as can be along circles through the cell, up and down."""
    now = table[cell[0]][cell[1]]
    return now - _moved(table, hidden, cell, down=True), now + _moved(table, hidden, cell, down=False)


def _moved(table: Table, hidden: frozenset[Cell], cell: Cell, *, down: bool) -> int:
    row, column = cell
    most = table[row][column] if down else sum(map(sum, table))
    others = hidden - {cell}
    left = {other: table[other[0]][other[1]] for other in others}
    # Raising the cell takes one from its row elsewhere: a way from its row to its column over the others,
    # which lowers a cell from row to column and raises one from column to row. Lowering goes the other way.
    start, end = (("c", column), ("r", row)) if down else (("r", row), ("c", column))
    return _flow(left, start, end, most)


_Node = tuple[str, int]


def _flow(left: dict[Cell, int], start: _Node, end: _Node, most: int) -> int:
    """A maximum flow by shortest ways (Edmonds and Karp). A cell gives what is left of it, and takes any."""
    flowed = 0
    while flowed < most:
        way = _way(left, start, end)
        if way is None:
            break
        lowered = [(one[1], other[1]) for one, other in way if one[0] == "r"]
        step = min([most - flowed, *(left[cell] for cell in lowered)])
        for one, other in way:
            if one[0] == "r":
                left[(one[1], other[1])] -= step
            else:
                left[(other[1], one[1])] += step
        flowed += step
    return flowed


def _way(left: dict[Cell, int], start: _Node, end: _Node) -> list[tuple[_Node, _Node]] | None:
    came: dict[_Node, _Node] = {start: start}
    waiting = deque([start])
    while waiting and end not in came:
        node = waiting.popleft()
        for other in _next(left, node):
            if other not in came:
                came[other] = node
                waiting.append(other)
    if end not in came:
        return None
    steps = []
    while end != start:
        steps.append((came[end], end))
        end = came[end]
    return steps[::-1]


def _next(left: dict[Cell, int], node: _Node) -> list[_Node]:
    kind, place = node
    if kind == "r":
        return [("c", column) for (row, column), count in sorted(left.items()) if row == place and count]
    return [("r", row) for row, column in sorted(left) if column == place]


def hide(table: Table, *, smallest: int = SMALLEST, width: int | None = None) -> frozenset[Cell]:
    """Which cells must stay hidden so that nobody finds a small one from the rest and the totals.

    Every count from 0 to under ``smallest`` is hidden; then others, the smallest that help first, until each
    small cell may be anything within ``width`` (by default ``smallest``) and no hidden cell is known exactly.
    When that is every cell, neither the table nor its totals are published; nor are they when a total itself
    is small.
    """
    span = smallest if width is None else width
    small = {(row, column) for row, line in enumerate(table) for column, n in enumerate(line) if n < smallest}
    hidden = set(small)
    while open_ones := _told(table, hidden, small, span):
        more = _closing(table, hidden, open_ones[0])
        if not more:
            return frozenset((row, column) for row, line in enumerate(table) for column in range(len(line)))
        hidden |= more
    return frozenset(hidden)


def _told(table: Table, hidden: set[Cell], small: set[Cell], span: int) -> list[Cell]:
    """The hidden cells of which too much can be told."""
    found = bounds(table, hidden)
    return sorted(cell for cell, (low, high) in found.items() if high - low < (span if cell in small else 1))


def _closing(table: Table, hidden: set[Cell], cell: Cell) -> set[Cell]:
    """The cheapest rectangle through a cell that hides something new: it may then move with three others."""
    row, column = cell
    rows, columns = range(len(table)), range(len(table[0]))
    best: tuple[int, set[Cell]] | None = None
    for other_row in rows:
        for other_column in columns:
            corners = {(row, other_column), (other_row, column), (other_row, other_column)}
            new = corners - hidden
            if other_row == row or other_column == column or not new:
                continue
            cost = sum(table[at][beside] for at, beside in new)
            if best is None or cost < best[0]:
                best = (cost, new)
    return best[1] if best else set()
