"""What is hidden in tables that count the same in two ways cannot be told, by whoever tries everything."""

from __future__ import annotations

from itertools import product

from hypothesis import given, settings
from hypothesis import strategies as st

from community.core.disclosure.linked import TOTAL, Item, bounds, hide, lines, sums


def attacked(items, counts, hidden):
    """Every value of each hidden line in all counts that agree with what is shown."""
    told = {line: count for line, count in sums(items, counts).items() if line not in hidden}
    most = sum(counts.values())
    free = [one.key for one in items if ("item", one.key) in hidden]
    found: dict[tuple[str, str], set[int]] = {line: set() for line in hidden if line != TOTAL}
    for values in product(range(most + 1), repeat=len(free)):
        tried = {**counts, **dict(zip(free, values, strict=True))}
        summed = sums(items, tried)
        if all(summed[line] == count for line, count in told.items()):
            for line in found:
                found[line].add(summed[line])
    return found


@st.composite
def communities(draw, most=3, largest=3):
    number = draw(st.integers(2, most))
    items = [
        Item(f"i{at}", draw(st.sampled_from(("r1", "r2", "r3"))), draw(st.sampled_from(("c1", "c2"))))
        for at in range(number)
    ]
    return items, {one.key: draw(st.integers(0, largest)) for one in items}


@settings(max_examples=30, deadline=None)
@given(communities(), st.data())
def test_the_bounds_are_those_an_attacker_finds(community, data):
    items, counts = community
    hidden = data.draw(st.sets(st.sampled_from(lines(items)), min_size=1))
    found = bounds(items, counts, hidden)
    for line, values in attacked(items, counts, hidden).items():
        assert found[line] == (min(values), max(values))


@settings(max_examples=60, deadline=None)
@given(communities(most=4, largest=2))
def test_an_attacker_who_tries_everything_cannot_tell_a_small_line(community):
    items, counts = community
    hidden = hide(items, [counts], smallest=2)
    if TOTAL in hidden:
        return
    for line, values in attacked(items, counts, hidden).items():
        wanted = 2 if sums(items, counts)[line] < 2 else 1
        assert max(values) - min(values) >= wanted


@st.composite
def large(draw):
    number = draw(st.integers(3, 14))
    items = [
        Item(f"i{at}", f"r{draw(st.integers(0, 4))}", f"c{draw(st.integers(0, 3))}") for at in range(number)
    ]
    drawn = st.one_of(st.integers(0, 12), st.integers(10, 90))
    return items, [{one.key: draw(drawn) for one in items} for _ in range(2)]


@settings(max_examples=30, deadline=None)
@given(large())
def test_an_attack_on_generated_tables_determines_no_hidden_line(community):
    items, measures = community
    hidden = hide(items, measures, smallest=10)
    if TOTAL in hidden:
        return
    for counts in measures:
        summed = sums(items, counts)
        assert all(summed[line] >= 10 for line in (*lines(items), TOTAL) if line not in hidden)
        for line, (low, high) in bounds(items, counts, hidden).items():
            assert low <= summed[line] <= high
            assert high - low >= (10 if summed[line] < 10 else 1)


def test_what_is_large_everywhere_is_shown():
    items = [Item(f"{row}{column}", row, column) for row in "ab" for column in "xy"]
    assert hide(items, [{one.key: 40 for one in items}], smallest=10) == frozenset()


def test_a_small_service_takes_along_what_would_give_it_back():
    items = [
        Item("small", "a", "x"),
        Item("other", "a", "y"),
        Item("third", "b", "x"),
        Item("fourth", "b", "y"),
    ]
    hidden = hide(items, [{"small": 3, "other": 60, "third": 50, "fourth": 40}], smallest=10)
    assert ("item", "small") in hidden
    assert TOTAL not in hidden
    assert len(hidden) >= 3


def test_a_single_service_is_not_told_by_the_total_of_all():
    assert TOTAL in hide([Item("only", "a", "x")], [{"only": 50}], smallest=60)
    assert hide([Item("only", "a", "x")], [{"only": 50}], smallest=10) == frozenset()
    assert TOTAL in hide([Item("one", "a", "x"), Item("two", "a", "x")], [{"one": 3, "two": 4}], smallest=10)
