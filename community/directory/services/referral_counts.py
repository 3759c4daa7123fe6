"""Counts of referrals: one unit comes, moves or goes, and nothing says whose it was."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import delete, update

from community.core.db import db
from community.core.upsert import insert_into
from community.directory.models.referrals import Referral, ReferralCount


def add(referral: Referral, number: int = 1) -> None:
    """Count a referral with the outcome that it has now."""
    values = {**_place(referral), "count": number}
    again = {"count": ReferralCount.count + number}
    added = insert_into(ReferralCount).values(**values)
    db.session.execute(added.on_conflict_do_update(index_elements=list(_place(referral)), set_=again))


def take(referral: Referral) -> None:
    """Count it no more. A count of nobody leaves no row: that there was one says something, too."""
    here = [getattr(ReferralCount, name) == value for name, value in _place(referral).items()]
    fewer = update(ReferralCount).where(*here, ReferralCount.count > 1)
    done: Any = db.session.execute(fewer.values(count=ReferralCount.count - 1))
    if not done.rowcount:
        db.session.execute(delete(ReferralCount).where(*here, ReferralCount.count == 1))


def month_of(day: date) -> date:
    """The first day of its month."""
    return day.replace(day=1)


def _place(referral: Referral) -> dict[str, object]:
    return {
        "service_id": referral.service_id,
        "month": month_of(referral.made_on),
        "outcome": referral.outcome,
        "profession": referral.profession,
    }
