"""What was looked for and not found, quarter by quarter, as it may be shown."""

from __future__ import annotations

from collections import Counter

from sqlalchemy import func

from community.accounts.viewer import Viewer
from community.core import clock
from community.core.db import db
from community.core.errors import NotFound
from community.core.quarters import Quarter, quarter_of
from community.directory.figures.unmet_table import Published, is_over, published
from community.directory.models.unmet import Unmet
from community.directory.permissions.unmet import may_see_unmet, unmet_seen_by


def quarters(viewer: Viewer) -> list[Quarter]:
    """The quarters that are over and in which anything was counted, the last one first.

    :raises NotFound: the viewer may not see them.
    """
    if not may_see_unmet(viewer):
        raise NotFound()
    weeks = db.session.scalars(unmet_seen_by(viewer).with_only_columns(Unmet.week).distinct())
    found = {quarter_of(week) for week in weeks}
    over = [one for one in found if is_over(one, clock.today())]
    return sorted(over, key=lambda one: one.code, reverse=True)


def table(viewer: Viewer, quarter: Quarter) -> Published | None:
    """The table of a quarter, through disclosure control; None when there is too little of it."""
    rows = unmet_seen_by(viewer).with_only_columns(Unmet.region, Unmet.need, func.sum(Unmet.searches))
    rows = rows.where(Unmet.week >= quarter.begins, Unmet.week <= quarter.ends)
    counts: Counter[tuple[str, str]] = Counter()
    for region, need, number in db.session.execute(rows.group_by(Unmet.region, Unmet.need)).all():
        counts[region, need] = int(number)
    return published(counts)
