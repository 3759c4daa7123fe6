"""How long until the first answer, when some questions still wait. Pure.

A question that has no answer when it is counted is not left out (the slow ones would be missing) and
not given a made-up time: it is known to wait longer than it has waited. The share still waiting after
each length of time is estimated as Kaplan and Meier do (E. L. Kaplan and P. Meier, "Nonparametric
estimation from incomplete observations", Journal of the American Statistical Association 53, 1958,
457-481); median and ninetieth percentile are the times at which it has fallen to a half and to a tenth
(R. Brookmeyer and J. Crowley, Biometrics 38, 1982, 29-41). Where the curve lies flat at that very
height, the middle of the flat part is taken: without waiting questions the median is the usual one.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import zip_longest


@dataclass(frozen=True)
class Wait:
    """One question: how long until its first answer, or how long it has waited without one."""

    seconds: float
    answered: bool


def still_waiting(waits: Iterable[Wait]) -> list[tuple[float, Fraction]]:
    """After each time at which an answer came, the share of questions that still wait: a falling curve."""
    known = list(waits)
    at_risk = len(known)
    answers = Counter(wait.seconds for wait in known if wait.answered)
    ended = Counter(wait.seconds for wait in known)
    share = Fraction(1)
    curve = []
    for seconds in sorted(ended):
        if answers[seconds]:
            share *= 1 - Fraction(answers[seconds], at_risk)
            curve.append((seconds, share))
        at_risk -= ended[seconds]
    return curve


def percentile(waits: Sequence[Wait], part: Fraction) -> float | None:
    """The time by which this part of the questions has an answer; None when it was never reached."""
    left = 1 - part
    curve = still_waiting(waits)
    for (seconds, share), after in zip_longest(curve, curve[1:]):
        if share == left and left > 0:
            return (seconds + after[0]) / 2 if after else seconds
        if share <= left:
            return seconds
    return None


def median(waits: Sequence[Wait]) -> float | None:
    """The time by which half of the questions have an answer."""
    return percentile(waits, Fraction(1, 2))


def ninetieth(waits: Sequence[Wait]) -> float | None:
    """The time by which nine of ten have one."""
    return percentile(waits, Fraction(9, 10))
