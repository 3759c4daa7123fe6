"""What may be told of referrals: which lines of the tables by region, need and service. Pure.

The published lines are, of each region, need, profession and service, how many were referred and how many
of them were taken in; of all of them together also what became of the others. Three-way figures (region by
need, and within them by outcome) are not published: their two-way margins are, and those are protected
together with the services, of which each has one region and one need (``core.linked`` proves it, outcome by
outcome, because a line is shown with both of its figures or with none).

Professions are lines of their own: of what a service and a profession have in common nothing is published, so
any counts of services and any of professions with the same total agree, and neither tells of the other.

A referral is of somebody who uses substances, so 1 to 9 is never shown (ARCHITECTURE section 8).
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
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
_ByProfession = Mapping[str, Mapping[str, int]]
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

    kind: str  # all, region, need, profession, service
    code: str
    referred: int | None
    taken_in: int | None
    others: Mapping[str, int | None]


def need_of(words: frozenset[str]) -> str:
    """What a service mainly offers, of all that it says of itself; "" when it is none of ``NEEDS``."""
    return next((need for need in NEEDS if need in words), "")


def told(
    services: Sequence[Counted],
    professions: _ByProfession | None = None,
    every: Mapping[str, Collection[str]] | None = None,
) -> list[Told]:
    """The lines of a period as they may be published, that of all of them first; none when not even that
    one may be told. Which lines are there says of nobody that they were referred: see ``_of_kind``.

    :param professions: the same referrals by the profession of who referred, by outcome.
    :param every: by kind, the codes that are public knowledge whoever was referred: all regions that have a
        service, all professions.
    """
    every = {"need": ("", *NEEDS), **(every or {})}
    counted = [one for one in services if one.taken_in + one.others]
    table = _Table.of(counted, [Item(one.service_id, one.region, one.need) for one in counted])
    if TOTAL in table.hidden:
        return []
    worked = [Counted(code, "", "", outcomes) for code, outcomes in sorted((professions or {}).items())]
    by_profession = _Table.of(worked, [Item(one.service_id, "", "") for one in worked])
    split = _split(table)
    if not split.keeps(by_profession):
        by_profession = _Table.of([], [])  # what became of the others is worth more
    found = [_line("all", TOTAL, table, split.told)]
    for part in ("row", "column", "item"):
        found += _of_kind(_KINDS[part], part, table, every.get(_KINDS[part], ()))
    return found + _of_kind("profession", "item", by_profession, every.get("profession", ()))


def _of_kind(kind: str, part: str, table: _Table, every: Collection[str]) -> list[Told]:
    """What is shown of a kind, and where something of it is hidden, every other code as hidden, whether
    somebody is behind it or nobody.

    A list of the hidden lines alone would say that somebody was referred to each of them, which no bound of
    ``hide`` allows for: of twenty services with twenty referrals together, each would have had one.
    """
    own = sorted(line for line in lines(table.items) if line[0] == part)
    shown = [line for line in own if line not in table.hidden]
    codes = {code for _part, code in shown}
    found = [_line(kind, line, table, {}) for line in shown]
    if shown and len(shown) < len(own):
        found += [_hidden(kind, code) for code in sorted(set(every) - codes)]
    return found


def _hidden(kind: str, code: str) -> Told:
    return Told(kind, code, None, None, dict.fromkeys(OTHERS))


@dataclass(frozen=True)
class _Table:
    """What is counted in lines, and which of them must stay hidden."""

    counted: Sequence[Counted]
    items: Sequence[Item]
    taken: Mapping[Line, int]
    others: Mapping[Line, int]
    hidden: frozenset[Line]

    @classmethod
    def of(cls, counted: Sequence[Counted], items: Sequence[Item]) -> _Table:
        taken = {one.service_id: one.taken_in for one in counted}
        others = {one.service_id: one.others for one in counted}
        hidden = hide(items, (taken, others), smallest=SMALLEST)
        return cls(counted, items, sums(items, taken), sums(items, others), hidden)


def _line(kind: str, line: Line, table: _Table, split: Mapping[str, int | None]) -> Told:
    every = {outcome: split.get(outcome) for outcome in OTHERS}
    taken = table.taken[line]
    return Told(kind, line[1], taken + table.others[line], taken, every)


# What became of those who were not taken in, of all services together


@dataclass(frozen=True)
class _Split:
    """How many waited, were refused, declined, or nobody knows; none for what may not be told."""

    told: Mapping[str, int | None]
    kept: Sequence[str] = ()
    merged: Sequence[str] = ()  # of these only their sum can be told

    def keeps(self, table: _Table) -> bool:
        """Whether the lines of a table tell no small count of an outcome, with this beside them."""
        return not self.told or not table.items or _protected(table.items, self.columns(table), table.hidden)

    def columns(self, table: _Table) -> list[Mapping[str, int]]:
        """The counts of each outcome that is told, and of all the others together."""
        groups = [(outcome,) for outcome in self.kept] + ([tuple(self.merged)] if self.merged else [])
        return [
            {one.service_id: sum(one.outcomes.get(outcome, 0) for outcome in group) for one in table.counted}
            for group in groups
        ]


def _split(table: _Table) -> _Split:
    """What may be told of the outcomes of all services together."""
    totals = {outcome: sum(one.outcomes.get(outcome, 0) for one in table.counted) for outcome in OTHERS}
    away = hide_in_line([totals[outcome] for outcome in OTHERS], smallest=SMALLEST, width=SMALLEST - 1)
    kept = [outcome for place, outcome in enumerate(OTHERS) if place not in away]
    found = _Split(
        {outcome: totals[outcome] for outcome in kept}, kept, [one for one in OTHERS if one not in kept]
    )
    if len(OTHERS) in away or not _protected(table.items, found.columns(table), table.hidden):
        return _Split({})
    return found


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
