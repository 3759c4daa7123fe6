"""Writing down what was looked for and not found, and letting go of it."""

from __future__ import annotations

import random
from collections.abc import Mapping
from datetime import date, timedelta

from sqlalchemy import delete

from community.core import clock
from community.core.db import db
from community.core.upsert import insert_into
from community.directory.models.unmet import Unmet

KEPT = timedelta(days=3 * 366)
KEPT_RULE = ("how many searches found nothing", "3 years", "directory_unmet", "directory.forget_unmet")


def add(counts: Mapping[tuple[str, str], int]) -> None:
    """Add what a process counted to the week that lasts, in no order that means anything."""
    week = monday(clock.today())
    some = list(counts.items())
    random.shuffle(some)
    for (region, need), number in some:
        made = insert_into(Unmet).values(week=week, region=region, need=need, searches=number)
        more = {"searches": Unmet.searches + made.excluded.searches}
        db.session.execute(made.on_conflict_do_update(index_elements=["week", "region", "need"], set_=more))


def monday(day: date) -> date:
    """The first day of its week."""
    return day - timedelta(days=day.weekday())


def forget_old() -> None:
    """Keep three years."""
    db.session.execute(delete(Unmet).where(Unmet.week < clock.today() - KEPT))
