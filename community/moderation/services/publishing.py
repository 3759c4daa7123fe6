"""Publishing what was decided in a quarter: once, when it is over, for good.

What is counted later would be another figure of the same quarter (an account closed since takes its acts
with it), and one taken from the other would tell about somebody.
"""

from __future__ import annotations

from collections import Counter
from datetime import datetime, time, timedelta

from sqlalchemy import select

from community.core import clock, store
from community.core.days import moment_of
from community.core.db import db
from community.core.quarters import Quarter, ended
from community.moderation import figures
from community.moderation.figures import Figures
from community.moderation.models import Act, Appeal, Matter
from community.moderation.queries.record import QUARTERS, named, public_spaces

IN_TIME = timedelta(hours=1)
Period = tuple[datetime, datetime]


def due() -> list[Quarter]:
    """The quarters that are over and not published, of those that the page shows."""
    return [one for one in ended(clock.today(), QUARTERS) if store.get(named(one)) is None]


def publish(quarter: Quarter) -> None:
    """Keep the figures of a quarter as they are now, in the open transaction."""
    following = quarter.ends + timedelta(days=1)
    store.put(named(quarter), _counted((_midnight(quarter), moment_of(following, time()))).kept())


def _midnight(quarter: Quarter) -> datetime:
    return moment_of(quarter.begins, time())


def _counted(period: Period) -> Figures:
    begins, ends = period
    decided = db.session.execute(
        select(Matter.opened_at, Matter.done_at, Matter.looked_at, Matter.reason).where(
            Matter.state == "done", Matter.done_at >= begins, Matter.done_at < ends
        )
    ).all()
    dangers = [row for row in decided if row.reason == "danger"]
    in_time = [row for row in dangers if row.looked_at and row.looked_at - row.opened_at <= IN_TIME]
    appeals, upheld = _appeals(period)
    return Figures(
        public=figures.in_public(_acts(period, public=True)),
        elsewhere=figures.told(_acts(period, public=False)),
        median=figures.median_wait([(row.done_at - row.opened_at).total_seconds() for row in decided]),
        danger_in_time=figures.share(len(in_time), len(dangers)),
        dangers=figures.shown(len(dangers)),
        appeals=appeals,
        upheld=upheld,
    )


def _acts(period: Period, *, public: bool) -> figures.Acts:
    begins, ends = period
    logged = Matter.space_id.in_(public_spaces())
    rows = select(Act.act, Act.reason).join(Matter, Matter.key == Act.matter_key)
    where = logged if public else Matter.space_id.is_(None) | ~logged
    found = db.session.execute(rows.where(Act.at >= begins, Act.at < ends, where))
    return [(row.act, row.reason) for row in found]


def _appeals(period: Period) -> tuple[int | None, int | None]:
    begins, ends = period
    judged = select(Appeal.state).where(Appeal.judged_at >= begins, Appeal.judged_at < ends)
    states = Counter(db.session.scalars(judged))
    return figures.second_looks(states["upheld"], states["refused"])
