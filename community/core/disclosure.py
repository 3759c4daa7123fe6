"""Thresholds below which a figure about a group of people is not shown (ARCHITECTURE section 8).

One module decides for page, chart, alternative text, CSV, JSON and mail. Complementary
suppression comes with the first table of people; these are its numbers.
"""

from __future__ import annotations

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
