"""How testimonies end, counted by year and by nothing else."""

from __future__ import annotations

from community.core import clock
from community.core.db import db
from community.testimonies.models import TestimonyCount


def count(outcome: str, many: int = 1) -> None:
    """Count in the open transaction that so many more ended this way."""
    if not many:
        return
    this = clock.today().year, outcome
    row = db.session.get(TestimonyCount, this, with_for_update=True, populate_existing=True)
    if row is None:
        row = TestimonyCount(year=clock.today().year, outcome=outcome, count=0)
        db.session.add(row)
    row.count += many
    db.session.flush()
