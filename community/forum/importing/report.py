"""What an import did: counts, and each line that was refused or changed, with the reason."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

COUNTED = ("threads", "posts", "answers", "comments", "accepted", "authors", "split", "here_already")


@dataclass(frozen=True)
class Remark:
    """A line of a file, and what is to be said about it."""

    file: str
    line: int
    words: str


@dataclass
class Report:
    """The result of one run, for standard output."""

    counts: Counter[str] = field(default_factory=Counter)
    skipped: Counter[str] = field(default_factory=Counter)  # by the type of the row
    refused: list[Remark] = field(default_factory=list)
    notices: list[Remark] = field(default_factory=list)
    # A run that writes nothing has to remember by itself whom it has met.
    authors_counted: set[str] = field(default_factory=set)

    def count(self, what: str, number: int = 1) -> None:
        """Add to one of the figures of ``COUNTED``."""
        if what not in COUNTED:
            raise KeyError(what)
        self.counts[what] += number

    def refuse(self, file: str, line: int, reason: str) -> None:
        """This row was not kept; the others were."""
        self.refused.append(Remark(file, line, reason))

    def notice(self, file: str, line: int, words: str) -> None:
        """This row was kept, changed in a way the operator should know."""
        self.notices.append(Remark(file, line, words))

    def as_values(self) -> dict[str, object]:
        """Everything as plain values, for JSON."""
        return {
            **{name: self.counts[name] for name in COUNTED},
            "skipped": dict(sorted(self.skipped.items())),
            "refused": [vars(remark) for remark in self._in_order(self.refused)],
            "notices": [vars(remark) for remark in self._in_order(self.notices)],
        }

    def as_lines(self) -> list[str]:
        """The same for people: a figure a line, then what was refused and changed."""
        skipped = ", ".join(f"{kind} {number}" for kind, number in sorted(self.skipped.items()))
        return [
            *(f"{name.replace('_', ' ')}: {self.counts[name]}" for name in COUNTED),
            f"skipped: {self.skipped.total()}{f' ({skipped})' if skipped else ''}",
            f"refused: {len(self.refused)}",
            *(f"  refused {said.file}:{said.line} {said.words}" for said in self._in_order(self.refused)),
            *(f"  notice {said.file}:{said.line} {said.words}" for said in self._in_order(self.notices)),
        ]

    @staticmethod
    def _in_order(remarks: list[Remark]) -> list[Remark]:
        return sorted(remarks, key=lambda said: (said.file, said.line))
