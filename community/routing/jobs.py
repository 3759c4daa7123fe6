"""The doors of routing for the clock. Each may run twice without harm."""

from __future__ import annotations

from datetime import timedelta

from community.core import clock
from community.core.db import transaction
from community.core.jobs import job
from community.routing.services import asking, months


@job("routing.take_step")
def take_step(topic_id: int, step: int) -> None:
    """Lay a question before the next few, those on call or those who keep the place."""
    with transaction():
        asking.take_step(topic_id, step)


@job("routing.replace")
def replace(topic_id: int, persona_id: str) -> None:
    """Ask the next person in place of one who passed."""
    with transaction():
        asking.replace(topic_id, persona_id)


@job("routing.wake", lane="bulk", every=timedelta(hours=1))
def wake() -> None:
    """Go on with questions whose step is an hour late: nothing waits for ever for a lost job."""
    with transaction():
        asking.wake(clock.now() - timedelta(hours=1))


@job("routing.ask_who_came_on_call", lane="bulk", every=timedelta(hours=1))
def ask_who_came_on_call() -> None:
    """A turn on call that ended leaves no question to wait for the keepers alone."""
    with transaction():
        asking.ask_who_came_on_call()


@job("routing.close_months", lane="bulk", every=timedelta(days=1))
def close_months() -> None:
    """Publish the figures of the months that are over; once each."""
    with transaction():
        months.close_months()
