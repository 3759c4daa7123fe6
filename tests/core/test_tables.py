"""What is hidden in a two-way table cannot be told from its totals, by whoever tries every table."""

from __future__ import annotations

from itertools import product

from hypothesis import given, settings
from hypothesis import strategies as st

from community.core.disclosure.tables import bounds, hide

EXAMPLE = [[12, 3, 9], [20, 14, 8], [7, 11, 16]]
CLOSED = {(0, 0), (0, 1), (2, 0), (2, 1)}  # 12, 3, 7 and 11


def attacked(table, hidden):
    """Every value that each hidden cell has in some table with the same totals, by trying them all."""
    cells = sorted(hidden)
    rows, columns = [sum(line) for line in table], [sum(line) for line in zip(*table, strict=True)]
    found: dict[tuple[int, int], set[int]] = {cell: set() for cell in cells}
    most = {
        (row, column): min(
            sum(table[row][at] for at in range(len(columns)) if (row, at) in hidden),
            sum(table[at][column] for at in range(len(rows)) if (at, column) in hidden),
        )
        for row, column in cells
    }
    for values in product(*(range(most[cell] + 1) for cell in cells)):
        tried = [list(line) for line in table]
        for (row, column), value in zip(cells, values, strict=True):
            tried[row][column] = value
        same_rows = [sum(line) for line in tried] == rows
        if same_rows and [sum(line) for line in zip(*tried, strict=True)] == columns:
            for cell, value in zip(cells, values, strict=True):
                found[cell].add(value)
    return found


def test_hiding_only_the_small_cell_gives_it_away():
    assert bounds(EXAMPLE, {(0, 1)}) == {(0, 1): (3, 3)}


def test_the_closed_rectangle_leaves_it_anywhere_from_0_to_14():
    assert bounds(EXAMPLE, CLOSED)[(0, 1)] == (0, 14)


def test_the_example_is_closed_by_the_cheapest_rectangle():
    assert hide(EXAMPLE) == CLOSED


def test_a_table_without_small_counts_is_shown_whole():
    assert hide([[40, 30], [20, 60]]) == frozenset()


def test_a_table_of_one_line_is_hidden_whole():
    assert hide([[3, 30, 40]]) == {(0, 0), (0, 1), (0, 2)}


tables = st.integers(2, 3).flatmap(
    lambda wide: st.lists(st.lists(st.integers(0, 5), min_size=wide, max_size=wide), min_size=2, max_size=3)
)


@settings(max_examples=60, deadline=None)
@given(tables, st.data())
def test_the_bounds_are_those_an_attacker_finds(table, data):
    places = [(row, column) for row in range(len(table)) for column in range(len(table[0]))]
    hidden = data.draw(st.sets(st.sampled_from(places), min_size=1, max_size=5))
    for cell, values in attacked(table, hidden).items():
        assert bounds(table, hidden)[cell] == (min(values), max(values))


@settings(max_examples=40, deadline=None)
@given(st.lists(st.lists(st.integers(0, 60), min_size=3, max_size=6), min_size=3, max_size=6))
def test_an_attack_on_generated_tables_determines_no_hidden_cell(rough):
    wide = min(map(len, rough))
    table = [line[:wide] for line in rough]
    hidden = hide(table)
    whole = len(hidden) == len(table) * wide
    for (row, column), (low, high) in bounds(table, hidden).items():
        assert low <= table[row][column] <= high
        if not whole:
            assert high - low >= (6 if table[row][column] < 6 else 1)
