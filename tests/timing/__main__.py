"""Measures the pairs: ``python -m tests.timing --tries 200``; ``python3 dev.py timing`` runs it.

The two questions of a pair are asked in turns, each time in an order drawn by lot, so that whatever else
the machine does meets both alike. Told is: the median of each; how far they lie apart, as a share of
the smaller, with an interval that holds it in 95 of 100 cases (percentile bootstrap over the turns, 2,000
times: Efron and Tibshirani, An Introduction to the Bootstrap, 1993, chapter 13); and how often an answer
about something that is there took longer than one about nothing (the statistic of Mann and Whitney,
Annals of Mathematical Statistics 18, 1947, divided by the number of comparisons: 0.5 tells nothing).
Passwords are hashed as in production. Ends with 1 when the medians of a pair lie further apart than it
may be and the interval does not hold the bound.
"""

from __future__ import annotations

import argparse
import random
import sys
import tempfile
import time
from bisect import bisect_left, bisect_right
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from tests.rules.place import Place, standing
from tests.timing.questions import Pair, Question, pairs

RESAMPLED = 2000
WARM_UP = 5


@dataclass(frozen=True)
class Measured:
    """The seconds of both questions of a pair, turn by turn."""

    pair: Pair
    there: list[float]
    nothing: list[float]

    @property
    def apart(self) -> float:
        """How far the medians lie apart, as a share of the smaller; above zero: what is there is slower."""
        return apart(self.there, self.nothing)

    def interval(self, chance: random.Random) -> tuple[float, float]:
        """Where that share lies in 95 of 100 cases."""
        turns = range(len(self.there))
        found = []
        for _ in range(RESAMPLED):
            drawn = chance.choices(turns, k=len(turns))
            found.append(apart([self.there[n] for n in drawn], [self.nothing[n] for n in drawn]))
        found.sort()
        return found[int(RESAMPLED * 0.025)], found[int(RESAMPLED * 0.975) - 1]

    @property
    def longer(self) -> float:
        """How often an answer of the one kind took longer than one of the other; half of the ties count."""
        ordered = sorted(self.nothing)
        wins = sum(bisect_left(ordered, one) + bisect_right(ordered, one) for one in self.there) / 2
        return wins / (len(self.there) * len(ordered))


def apart(one: list[float], other: list[float]) -> float:
    """How far two medians lie apart, as a share of the smaller."""
    first, second = median(one), median(other)
    return (first - second) / min(first, second)


def measure(place: Place, pair: Pair, tries: int, chance: random.Random) -> Measured:
    """Ask both questions so many times, in turns."""
    found = Measured(pair, [], [])
    for turn in range(WARM_UP + tries):
        asked = [(pair.there, found.there), (pair.nothing, found.nothing)]
        chance.shuffle(asked)
        for question, seconds in asked:
            taken = _seconds(place, question)
            if turn >= WARM_UP:
                seconds.append(taken)
    return found


def _seconds(place: Place, question: Question) -> float:
    began = time.perf_counter()
    question.ask(place)
    return time.perf_counter() - began


def line(found: Measured, chance: random.Random) -> tuple[str, bool]:
    """What is printed of a pair, and whether it tells too much."""
    low, high = found.interval(chance)
    too_far = abs(found.apart) > found.pair.bound and min(abs(low), abs(high)) > found.pair.bound
    words = (
        f"{found.pair.name:64.64} {median(found.there) * 1000:8.2f} {median(found.nothing) * 1000:8.2f} "
        f"{found.apart:+7.1%} [{low:+6.1%}, {high:+6.1%}] {found.longer:5.2f}  {found.pair.bound:.0%}"
    )
    return words + ("  TOO FAR" if too_far else ""), too_far


def main() -> int:
    """Measure, print a line for each pair."""
    parser = argparse.ArgumentParser(prog="dev.py timing")
    parser.add_argument("--tries", type=int, default=200, help="of each question")
    parser.add_argument("--only", default="", help="pairs whose name holds this")
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    chance = random.Random(asked.seed)  # noqa: S311 - for an order, not a secret
    told = False
    heads = f"{'there':>8} {'nothing':>8} {'apart':>7} {'95 %':>16} {'longer':>6} bound"
    print(f"{'milliseconds, medians':64} {heads}", flush=True)
    with tempfile.TemporaryDirectory() as folder, standing(Path(folder), "timing", hashing={}) as place:
        for pair in pairs(place):
            if asked.only in pair.name:
                words, too_far = line(measure(place, pair, asked.tries, chance), chance)
                told = told or too_far
                print(words, flush=True)
    return int(told)


if __name__ == "__main__":
    sys.exit(main())
