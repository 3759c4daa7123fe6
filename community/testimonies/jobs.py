"""The doors of testimonies for the clock. Each may run twice without harm."""

from __future__ import annotations

from datetime import timedelta

from community.core import clock
from community.core.db import transaction
from community.core.jobs import job
from community.testimonies.services import reviewing


@job("testimonies.show_those_due", lane="bulk", every=timedelta(hours=6))
def show_those_due() -> None:
    """What was accepted is shown when its day has come; what nobody looked at goes."""
    with transaction():
        reviewing.show_those_due(clock.today())
        reviewing.let_lapse(clock.today())
