"""Whom to ask, fairly: pure functions of what was offered and what was laid before whom.

Of those who fit, whoever was asked least in proportion to the weekly number they gave comes first;
then whoever was asked longest ago; then chance, from a seed, so that the same step run twice chooses
the same people. Nothing here knows which member is behind a persona: two names of one person are two.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

AT_ONCE = 3
WEEK_DAYS = 7
LOAD_DAYS = 28  # a week alone holds too few questions to share them out in proportion


@dataclass(frozen=True)
class Candidate:
    """A persona that said what it can answer, and how much was laid before it of late."""

    persona_id: str
    weekly: int
    themes: frozenset[str] = frozenset()  # none: any
    regions: frozenset[str] = frozenset()
    langs: frozenset[str] = frozenset()
    paused: bool = False
    lately: int = 0  # in the last seven days
    month: int = 0  # in the last 28
    last_on: date | None = None

    @property
    def free(self) -> bool:
        """Whether there is room this week."""
        return not self.paused and self.lately < self.weekly

    @property
    def load(self) -> Fraction:
        """What was asked of it for what it gave, with half a question more: so turns come in
        proportion to what each gave (the divisors of Sainte-Laguë), also when few are asked."""
        return Fraction(2 * self.month + 1, 2 * self.weekly) if self.weekly else Fraction(2)


@dataclass(frozen=True)
class Question:
    """What the choice needs of a question."""

    asker: str
    lang: str
    themes: frozenset[str] = frozenset()
    regions: frozenset[str] = frozenset()  # each with what it lies in: qc-06 and qc


def fits(candidate: Candidate, question: Question) -> bool:
    """Whether the question lies in what this persona said it can answer.

    A question without a theme is for those who answer about any; one without a region for everybody.
    """
    if candidate.langs and question.lang not in candidate.langs:
        return False
    if candidate.themes and not candidate.themes & question.themes:
        return False
    return not (candidate.regions and question.regions) or bool(candidate.regions & question.regions)


def choose(
    candidates: Iterable[Candidate],
    question: Question,
    *,
    seed: str,
    asked: Collection[str] = (),
    may: Callable[[str], bool] = lambda persona_id: True,
    most: int = AT_ONCE,
) -> list[str]:
    """The personas to ask next, at most ``most``.

    :param asked: those who were asked this question already.
    :param may: whether a persona may see and answer the question and muted nothing of it; asked only
        of those whose turn it is, because it costs a look at the rules.
    """
    found: list[str] = []
    for candidate in in_turn(candidates, seed):
        if len(found) >= most:
            break
        if candidate.persona_id == question.asker or candidate.persona_id in asked:
            continue
        if candidate.free and fits(candidate, question) and may(candidate.persona_id):
            found.append(candidate.persona_id)
    return found


def in_turn(candidates: Iterable[Candidate], seed: str) -> Iterator[Candidate]:
    """Everybody, whose turn it is first; equals by chance, the same for the same seed."""
    known = sorted(candidates, key=lambda one: one.persona_id)
    chance = random.Random(seed)  # noqa: S311  (a draw of turns, not a secret)
    drawn: Sequence[float] = [chance.random() for _ in known]
    order = sorted(zip(known, drawn, strict=True), key=lambda pair: (*_turn(pair[0]), pair[1]))
    return (candidate for candidate, _ in order)


def _turn(candidate: Candidate) -> tuple[Fraction, date]:
    return candidate.load, candidate.last_on or date.min
