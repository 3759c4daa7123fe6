"""What is hidden in a line of counts cannot be told from the rest, by whoever tries every table."""

from __future__ import annotations

from itertools import product

from hypothesis import given, settings
from hypothesis import strategies as st

from community.core.disclosure import bounds_in_line, hide_in_line


def possible(counts, hidden, smallest):
    """Every value each hidden cell may have, for an attacker who knows the total and the rule."""
    places = [place for place in sorted(hidden) if place < len(counts)]
    left = sum(counts[place] for place in places)
    ranges = [range(smallest) if counts[place] < smallest else range(left + 1) for place in places]
    tables = [table for table in product(*ranges) if sum(table) == left]
    return {place: {table[at] for table in tables} for at, place in enumerate(places)}


@settings(max_examples=80, deadline=None)
@given(st.lists(st.integers(0, 9), min_size=1, max_size=4))
def test_an_attacker_who_tries_every_table_cannot_tell_a_small_cell(counts):
    hidden = hide_in_line(counts, smallest=4, width=3)
    if len(counts) in hidden:  # the total is hidden with them: nothing can be subtracted
        return
    for place, values in possible(counts, hidden, 4).items():
        if counts[place] < 4:
            assert max(values) - min(values) >= 3


@settings(max_examples=50, deadline=None)
@given(st.lists(st.integers(0, 9), min_size=2, max_size=4))
def test_the_bounds_are_those_an_attacker_finds(counts):
    small = {place for place, count in enumerate(counts) if count < 4}
    hidden = small | {counts.index(max(counts))}
    for place, values in possible(counts, hidden, 4).items():
        if place in small:
            assert bounds_in_line(counts, small, hidden, 4)[place] == (min(values), max(values))


def test_every_small_count_is_hidden_and_never_alone():
    assert hide_in_line([40, 3, 25, 18]) == {1, 3}
    assert hide_in_line([40, 30]) == frozenset()
    assert hide_in_line([]) == {0}
    assert hide_in_line([4, 0, 2]) == {0, 1, 2, 3}


def test_zeros_alone_take_another_with_them():
    assert hide_in_line([0, 0, 50, 12]) == {0, 1, 3}


def test_one_large_cell_beside_small_ones_is_hidden_and_the_total_shown():
    assert hide_in_line([0, 2, 30]) == {0, 1, 2}


def test_a_single_small_cell_takes_the_total_with_it():
    assert hide_in_line([7]) == {0, 1}
