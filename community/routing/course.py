"""The way of a question: who is asked after how long without an answer. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta


@dataclass(frozen=True)
class Step:
    """So long after the question: those who fit, those on call, or those who keep the place."""

    after: timedelta
    whom: str  # fits, on_call, keeper


STEPS = (
    Step(timedelta(0), "fits"),
    Step(timedelta(hours=4), "fits"),
    Step(timedelta(hours=10), "fits"),
    Step(timedelta(hours=24), "on_call"),
    Step(timedelta(hours=72), "keeper"),
)
# The step at which those on call are asked, counted from one.
ON_CALL = next(number for number, step in enumerate(STEPS, 1) if step.whom == "on_call")


def due(asked_at: datetime, step: int) -> datetime | None:
    """When the step after this one is taken; none after the last."""
    return asked_at + STEPS[step].after if step < len(STEPS) else None
