"""Two communities of different sizes, measured in turns: how much longer each page takes in the larger one.

Page by page, first in the one and then in the other, several times over: a machine that gives less than a
minute ago gives less to both.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ground.bench.measures import Bench

ROUNDS = 3
# How much longer pages may take: in a community ten times as large; with a million posts instead of 40,000.
TEN_MORE, LARGE_MORE = 0.20, 0.30


@dataclass(frozen=True)
class Compared:
    """One page in the smaller and in the larger community, at its best of all rounds."""

    rps: tuple[float, float]
    median_ms: tuple[float, float]
    p95_ms: tuple[float, float]

    def figures(self) -> dict[str, float]:
        """As ``--json`` names them. ``more``: the share of time a page takes more, 0.1 for a tenth."""
        return {
            "rps_beside": round(self.rps[0], 1),
            "rps": round(self.rps[1], 1),
            "median_ms_beside": round(self.median_ms[0], 2),
            "median_ms": round(self.median_ms[1], 2),
            "p95_ms_beside": round(self.p95_ms[0], 1),
            "p95_ms": round(self.p95_ms[1], 1),
            "more": round(self.rps[0] / self.rps[1] - 1, 3),
        }


def compared(smaller: Bench, larger: Bench, tell: Callable[[str], None]) -> dict[str, dict[str, float]]:
    """Every page of the table and the search, while both are being written in."""
    with contextlib.ExitStack() as written:
        for bench in (smaller, larger):
            written.enter_context(bench.being_written_in())
        return {
            name: _page(smaller, larger, name, tell).figures() for name in (*smaller.addresses(), "search")
        }


def _page(smaller: Bench, larger: Bench, name: str, tell: Callable[[str], None]) -> Compared:
    rounds = []
    for number in range(ROUNDS):
        tell(f"{name}, in turns: {number + 1} of {ROUNDS}")
        rounds.append([_measured(bench, name) for bench in (smaller, larger)])
    busy = [[one[which].busy.rps for one in rounds] for which in (0, 1)]
    calm = [[one[which].calm for one in rounds] for which in (0, 1)]
    return Compared(
        (max(busy[0]), max(busy[1])),
        (min(one.median_ms for one in calm[0]), min(one.median_ms for one in calm[1])),
        (min(one.percentile_ms(0.95) for one in calm[0]), min(one.percentile_ms(0.95) for one in calm[1])),
    )


def _measured(bench: Bench, name: str) -> Any:
    if name == "search":
        return bench.searches()
    paths, signed_in = bench.addresses()[name]
    return bench.page(paths, signed_in=signed_in)


def table(found: Mapping[str, Mapping[str, float]], names: Mapping[str, str], most: float) -> str:
    """The figures as a Markdown table, and what takes more than it may."""
    columns = ("", "requests/s beside", "requests/s", "median ms beside", "median ms", "time", "at most")
    rows: list[Sequence[str]] = [columns, ["---"] * len(columns)]
    rows += [
        (
            names.get(name, name),
            f"{one['rps_beside']:.0f}",
            f"{one['rps']:.0f}",
            f"{one['median_ms_beside']:.2f}",
            f"{one['median_ms']:.2f}",
            f"{one['more']:+.0%}",
            f"{most:+.0%}",
        )
        for name, one in found.items()
    ]
    lines = ["| " + " | ".join(row) + " |" for row in rows]
    return "\n".join([*lines, "", *(_short(found, names, most) or ["All within it."])])


def _short(found: Mapping[str, Mapping[str, float]], names: Mapping[str, str], most: float) -> list[str]:
    return [
        f"Falls short: {names.get(name, name)} takes {one['more']:.0%} longer, not {most:.0%}."
        for name, one in found.items()
        if one["more"] > most
    ]
