"""What may be told of referrals: which lines of the tables by region, need and service. Pure.

The published lines are, of each region, need and service, how many were referred and how many of them were
taken in; of all of them together also what became of the others. Three-way figures (region by need, and
within them by outcome) are not published: their two-way margins are, and those are protected together with
the services, of which each has one region and one need (``core.linked`` proves it, outcome by outcome,
because a line is shown with both of its figures or with none).

A referral is of somebody who uses substances, so 1 to 9 is never shown (ARCHITECTURE section 8).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from community.core.disclosure import SMALLEST_LIVED, hide_in_line
from community.core.disclosure.linked import TOTAL, Item, Line, hide, lines, sums

SMALLEST = SMALLEST_LIVED
OTHERS = ("waiting", "refused", "declined", "unknown")  # who was not taken in, as far as is known
# What a service mainly offers: the first of these marks that it has, the rarer before the common, so that
# each counts once and the lines add up.
NEEDS = (
    "offers-supervised-consumption",
    "offers-withdrawal-management",
    "offers-residential",
    "offers-managed-alcohol",
    "offers-oat",
    "offers-housing",
    "offers-crisis-line",
    "offers-drug-checking",
    "offers-mental-health",
    "offers-family-support",
    "offers-counselling",
    "offers-peer-support",
    "offers-supplies",
    "offers-naloxone",
    "offers-assessment",
)
_KINDS = {"item": "service", "row": "region", "column": "need"}


@dataclass(frozen=True)
class Counted:
    """What became of the referrals to a service, and where and what it is."""

    service_id: str
    region: str
    need: str
    outcomes: Mapping[str, int]  # by outcome

    @property
    def taken_in(self) -> int:
        """How many were taken in."""
        return self.outcomes.get("taken_in", 0)

    @property
    def others(self) -> int:
        """How many were not, as far as is known."""
        return sum(self.outcomes.get(outcome, 0) for outcome in OTHERS)


@dataclass(frozen=True)
class Told:
    """A line as it may be published; none for what may not be told."""

    kind: str  # all, region, need, service
    code: str
    referred: int | None
    taken_in: int | None
    others: Mapping[str, int | None]


def need_of(words: frozenset[str]) -> str:
    """What a service mainly offers, of all that it says of itself; "" when it is none of ``NEEDS``."""
    return next((need for need in NEEDS if need in words), "")


def told(services: Sequence[Counted]) -> list[Told]:
    """The lines of a period as they may be published, that of all of them first; none when not even that
    one may be told. Services without a referral are no line: nobody is behind them.
    """
    counted = [one for one in services if one.taken_in + one.others]
    items = [Item(one.service_id, one.region, one.need) for one in counted]
    taken = {one.service_id: one.taken_in for one in counted}
    others = {one.service_id: one.others for one in counted}
    hidden = hide(items, (taken, others), smallest=SMALLEST)
    if TOTAL in hidden:
        return []
    of_taken, of_others = sums(items, taken), sums(items, others)
    split = _split(counted, items, hidden)
    found = [_line(TOTAL, of_taken, of_others, split)]
    for line in sorted(lines(items)):
        shown = line not in hidden
        found.append(_line(line, of_taken, of_others, {}) if shown else _hidden(line))
    return found


def _line(
    line: Line, taken: Mapping[Line, int], others: Mapping[Line, int], split: Mapping[str, int | None]
) -> Told:
    kind = "all" if line == TOTAL else _KINDS[line[0]]
    every = {outcome: split.get(outcome) for outcome in OTHERS}
    return Told(kind, line[1], taken[line] + others[line], taken[line], every)


def _hidden(line: Line) -> Told:
    return Told(_KINDS[line[0]], line[1], None, None, dict.fromkeys(OTHERS))


# What became of those who were not taken in, of all services together


def _split(
    counted: Sequence[Counted], items: Sequence[Item], hidden: frozenset[Line]
) -> Mapping[str, int | None]:
    """How many waited, were refused, declined, or nobody knows; none for what may not be told."""
    by_outcome = {
        outcome: {one.service_id: one.outcomes.get(outcome, 0) for one in counted} for outcome in OTHERS
    }
    totals = {outcome: sum(counts.values()) for outcome, counts in by_outcome.items()}
    away = hide_in_line([totals[outcome] for outcome in OTHERS], smallest=SMALLEST, width=SMALLEST - 1)
    kept = [outcome for place, outcome in enumerate(OTHERS) if place not in away]
    merged = [outcome for outcome in OTHERS if outcome not in kept]
    columns = [by_outcome[outcome] for outcome in kept]
    if merged:
        # Of those that are hidden only their sum can be told.
        columns.append({one.service_id: sum(one.outcomes.get(o, 0) for o in merged) for one in counted})
    if len(OTHERS) in away or not _protected(items, columns, hidden):
        return {}
    return {outcome: totals[outcome] for outcome in kept}


def _protected(items: Sequence[Item], columns: Sequence[Mapping[str, int]], hidden: frozenset[Line]) -> bool:
    """Whether no small count of a line within an outcome can be told from the totals of the outcomes.

    Given the sums of its rows and columns and nothing of its cells, a cell lies between the Fréchet bounds
    and may be any of them (Dobra and Fienberg, *PNAS* 97, 2000); of a row that is hidden even its sum moves
    by ``SMALLEST`` at least.
    """
    every = {one.key: sum(column[one.key] for column in columns) for one in items}
    rests, whole = sums(items, every), sum(every.values())
    for column in columns:
        cells, total = sums(items, column), sum(column.values())
        for line, cell in cells.items():
            if line == TOTAL or cell >= SMALLEST:
                continue
            rest = rests[line]
            if line in hidden:
                safe = total >= SMALLEST and whole - total >= rest
            else:
                safe = min(rest, total) - max(0, rest + total - whole) >= SMALLEST
            if not safe:
                return False
    return True
