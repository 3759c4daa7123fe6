"""Thresholds below which a figure about a group of people is not shown (ARCHITECTURE section 8).

One module decides for page, chart, alternative text, CSV, JSON and mail: the thresholds, and the
complementary suppression of a line of counts that is published with its total.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence

SMALLEST = 6  # 1 to 5 is never shown
SMALLEST_LIVED = 10  # 1 to 9 for lived experience and consumption
RESPONDENTS = 10  # no result opens under this


def may_show(count: int, *, lived: bool = False) -> bool:
    """Whether a count of people may be shown. Zero is treated like a small count."""
    return count >= (SMALLEST_LIVED if lived else SMALLEST)


def shown_median(values: list[float], *, fewest: int = RESPONDENTS) -> float | None:
    """The median of the values, or None when fewer than ``fewest`` would tell about one of them."""
    if len(values) < fewest:
        return None
    ordered = sorted(values)
    middle = len(ordered) // 2
    if len(ordered) % 2:
        return ordered[middle]
    return (ordered[middle - 1] + ordered[middle]) / 2


# Complementary suppression: the figures of one table whose cells and total are both published.


def hide_in_line(
    counts: Sequence[int], *, smallest: int = RESPONDENTS, width: int = SMALLEST - 1
) -> frozenset[int]:
    """Which cells of a line of counts must stay hidden when its total is published.

    Every count under ``smallest`` is; then the smallest of the others, one by one, until nobody who
    subtracts what is shown from the total, knowing that a small cell holds less than ``smallest``,
    can tell a hidden small cell within fewer than ``width`` units. The place ``len(counts)`` stands
    for the total: it is hidden too when it is small, or when hiding every cell is not enough.

    The bounds are those of one linear equation in whole numbers that are not negative, which are
    exact: see Willenborg and de Waal, *Elements of Statistical Disclosure Control* (2001), chapter 4.
    """
    small = {place for place, count in enumerate(counts) if count < smallest}
    hidden = set(small)
    total = len(counts)
    if sum(counts) < smallest:
        return frozenset(range(total + 1))
    others = sorted((place for place in range(total) if place not in hidden), key=lambda at: (counts[at], at))
    while hidden and not _covered(counts, small, hidden, smallest, width):
        if not others:
            return frozenset({*hidden, total})
        hidden.add(others.pop(0))
    return frozenset(hidden)


def _covered(counts: Sequence[int], small: set[int], hidden: set[int], smallest: int, width: int) -> bool:
    return all(high - low >= width for low, high in bounds_in_line(counts, small, hidden, smallest).values())


def bounds_in_line(
    counts: Sequence[int], small: Collection[int], hidden: Collection[int], smallest: int = RESPONDENTS
) -> dict[int, tuple[int, int]]:
    """Per small cell what can be told of it: its least and its greatest possible count."""
    left = sum(counts[place] for place in hidden)
    most = {place: smallest - 1 if place in small else left for place in hidden}
    found = {}
    for place in small:
        elsewhere = sum(most[other] for other in hidden if other != place)
        found[place] = (max(0, left - elsewhere), min(most[place], left))
    return found
