"""Searches that nobody made and that found nothing, over half a year: so that the page of what is missing has
something to show, and something to hide."""

from __future__ import annotations

import random
from datetime import date, timedelta

from community.core import clock
from community.core.db import db
from community.directory.models import Unmet
from community.directory.services.unmet import monday

WEEKS = 32
# How many a week, by province and need; "" is a search in words alone.
_LOOKED = {
    ("qc", "offers-oat"): 6,
    ("qc", "offers-withdrawal-management"): 9,
    ("qc", "offers-housing"): 4,
    ("qc", ""): 12,
    ("on", "offers-oat"): 5,
    ("on", "offers-withdrawal-management"): 7,
    ("on", "offers-supervised-consumption"): 3,
    ("on", ""): 10,
    ("nb", "offers-withdrawal-management"): 1,
    ("nb", ""): 2,
    ("nu", "offers-counselling"): 1,
    ("--", ""): 4,
}


def searched() -> None:
    """Count them, in the open transaction."""
    dice = random.Random("searches that found nothing")  # noqa: S311 (no secret)
    for weeks in range(1, WEEKS + 1):
        _count(monday(clock.today()) - timedelta(weeks=weeks), dice)
    db.session.flush()


def _count(week: date, dice: random.Random) -> None:
    for (region, need), busy in _LOOKED.items():
        if number := max(0, round(dice.gauss(busy, busy / 3))):
            db.session.merge(Unmet(week=week, region=region, need=need, searches=number))
