"""What people report of a service, in one click: counted by service and month, and nothing else."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import delete

from community.core import clock
from community.core.db import db
from community.core.errors import BadRequest
from community.core.upsert import insert_into
from community.directory.models import REPORTS, ReportCount

KEPT_DAYS = 731
KEPT_RULE = (
    "how many reported what of a service",
    f"{KEPT_DAYS} days",
    "directory_report_count",
    "directory.tidy",
)


def count(service_id: str, what: str) -> None:
    """One more. That the service is there for whoever says it was asked before."""
    if what not in REPORTS:
        raise BadRequest
    row = insert_into(ReportCount).values(
        service_id=service_id, month=clock.today().replace(day=1), what=what, count=1
    )
    key = ["service_id", "month", "what"]
    db.session.execute(row.on_conflict_do_update(index_elements=key, set_={"count": ReportCount.count + 1}))


def tidy() -> None:
    """Forget what was counted long ago."""
    old = ReportCount.month < clock.today() - timedelta(days=KEPT_DAYS)
    db.session.execute(delete(ReportCount).where(old))
