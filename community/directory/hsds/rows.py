"""What a file gives, one object at a time, and what is wrong with it. Pure."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import Any, NamedTuple

MOST_NAMED = 200  # refusals written out in a report; all are counted
MOST_EXAMPLES = 3
_COUNTED = ("read", "new", "changed", "same", "refused", "kept")
LONGEST_TOLD = 120  # characters of a value


class Edge(NamedTuple):
    """One record lies in another, at a place among its like."""

    parent_kind: str
    parent_id: str
    slot: str
    child_kind: str
    child_id: str
    position: int


@dataclass
class Row:
    """One object as a file gives it: its own fields, what it hangs together with, and where it stood.

    ``whole`` names the places (slots) of which the file gave the whole list: what is no longer in them is
    taken out. ``adds``: it says something more of a record that this file does not hold.
    """

    kind: str
    id: str
    data: dict[str, Any]
    where: str  # a JSON pointer, or file:line
    edges: list[Edge] = field(default_factory=list)
    whole: tuple[str, ...] = ()
    adds: bool = False


@dataclass(frozen=True)
class Refusal:
    """A row that cannot be kept: where it stands, in which column, and why."""

    table: str
    where: str
    column: str
    reason: str

    def __str__(self) -> str:
        return f"{self.table} {self.where}: {self.column}: {self.reason}"


@dataclass(frozen=True)
class Kept:
    """A value that people here and the file both changed: ours stands, theirs was offered to its keepers."""

    table: str
    where: str
    column: str
    ours: str
    theirs: str

    def __str__(self) -> str:
        return f"{self.table} {self.where}: {self.column}: here “{self.ours}”, in the file “{self.theirs}”"


class Broken(Exception):
    """The file cannot be read on from here. Its words are for the operator."""


@dataclass
class Report:
    """What came of a file: counts by table, facts worth knowing, and what was refused."""

    counts: dict[str, Counter[str]] = field(default_factory=dict)
    facts: Counter[tuple[str, str]] = field(default_factory=Counter)
    examples: dict[tuple[str, str], list[str]] = field(default_factory=dict)
    refused: list[Refusal] = field(default_factory=list)
    kept: list[Kept] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)

    def count(self, table: str, what: str, number: int = 1) -> None:
        """One more of a table that was read, new, changed, same or refused."""
        self.counts.setdefault(table, Counter())[what] += number

    def fact(self, table: str, sentence: str, where: str = "") -> None:
        """Something a reader of the report should know; the row was kept."""
        self.facts[(table, sentence)] += 1
        shown = self.examples.setdefault((table, sentence), [])
        if where and len(shown) < MOST_EXAMPLES:
            shown.append(where)

    def refuse(self, table: str, where: str, column: str, reason: str) -> None:
        """A row that is left out."""
        self.count(table, "refused")
        if len(self.refused) < MOST_NAMED:
            self.refused.append(Refusal(table, where, column, reason))

    def keep(self, table: str, where: str, column: str, ours: Any, theirs: Any) -> None:
        """A value that stays as people here changed it, although the file says something else."""
        self.count(table, "kept")
        if len(self.kept) < MOST_NAMED:
            self.kept.append(Kept(table, where, column, _short(ours), _short(theirs)))

    def total(self, what: str) -> int:
        """How many over all tables."""
        return sum(one[what] for one in self.counts.values())

    def as_values(self) -> dict[str, Any]:
        """The report as plain values."""
        return {
            "tables": {table: dict(+one) for table, one in sorted(self.counts.items())},
            "facts": [
                {
                    "table": table,
                    "fact": sentence,
                    "rows": number,
                    "such_as": self.examples.get((table, sentence), []),
                }
                for (table, sentence), number in sorted(self.facts.items())
            ],
            "refused": [vars(one) for one in self.refused],
            "kept": [vars(one) for one in self.kept],
            "warnings": self.warnings,
        }

    def as_lines(self) -> list[str]:
        """The report in words: a line a table, then facts, then what was refused and why."""
        lines = [_line(table, one) for table, one in sorted(self.counts.items())]
        for (table, sentence), number in sorted(self.facts.items()):
            places = ", ".join(self.examples.get((table, sentence), ()))
            lines.append(f"{table}: {number} × {sentence}" + (f" ({places})" if places else ""))
        lines += [f"refused: {one}" for one in self.refused]
        more = self.total("refused") - len(self.refused)
        lines += [f"refused: {more} more"] if more > 0 else []
        lines += [f"kept as changed here: {one}" for one in self.kept]
        more = self.total("kept") - len(self.kept)
        return lines + ([f"kept as changed here: {more} more"] if more > 0 else []) + self.warnings


def _short(value: Any) -> str:
    words = "" if value is None else str(value)
    return words if len(words) <= LONGEST_TOLD else f"{words[:LONGEST_TOLD]}…"


def _line(table: str, counted: Counter[str]) -> str:
    words = [
        f"{counted[what]} {what}"
        for what in ("read", "new", "changed", "same", "refused", "kept")
        if counted[what]
    ]
    return f"{table}: " + ", ".join(words)
