"""Referrals that state only what a test is about: counts, and what somebody has on their list."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from sqlalchemy import func, select

from community.core import clock
from community.core.db import db, transaction
from community.directory.figures.rating import Counted
from community.directory.models.referrals import Referral, ReferralCount, ReferralRate
from community.directory.services import listing, referrals
from tests.cast import Someone
from tests.make import directory


def counted(service: str, region: str, need: str, /, **outcomes: int) -> Counted:
    """What became of the referrals to a service."""
    return Counted(service, region, need, outcomes)


def count(service_id: str, month: date, profession: str = "nurse", /, **outcomes: int) -> None:
    """So many were referred to it in that month."""
    with transaction():
        for outcome, number in outcomes.items():
            row = ReferralCount(
                service_id=service_id, month=month, outcome=outcome, profession=profession, count=number
            )
            db.session.add(row)


def counts() -> dict[str, int]:
    """How many are counted, by outcome."""
    rows = select(ReferralCount.outcome, func.sum(ReferralCount.count)).group_by(ReferralCount.outcome)
    return {outcome: int(number) for outcome, number in db.session.execute(rows)}


def referral(who: Someone, service_id: str, *, days_ago: int = 0, outcome: str = "unknown") -> str:
    """Somebody referred someone, so long ago. Returns its key."""
    with transaction():
        row = referrals.refer(who.viewer, service_id)
        db.session.flush()
        if outcome != "unknown":
            referrals.tell(who.viewer, row.key, outcome)
        row.made_on = clock.today() - timedelta(days=days_ago)
        return row.key


def own(who: Someone) -> list[Referral]:
    """The rows of a name, whatever their age."""
    rows = select(Referral).where(Referral.persona_id == who.persona_id).order_by(Referral.made_on)
    return list(db.session.scalars(rows))


def services(number: int, code: str = "H2X 0A0", **more: Any) -> list[str]:
    """So many services that lists show, at a postal code. Returns their ids."""
    made = []
    for at in range(number):
        one = directory.service(f"House {at} of {code}", **more)
        one["service_at_locations"][0]["location"]["addresses"][0]["postal_code"] = code
        made.append(one)
    directory.keep(*made)
    ids = [one["id"] for one in made]
    with transaction():
        listing.write(ids)
    return ids


def add(world: Any) -> None:
    """The physician referred somebody today, and somebody else three days ago; a year ago was published,
    but not what became of those who came to this one service."""
    service = directory.uuid("Clinic of the Two Lanterns")
    physician = world.cast["physician"]
    world.more["referral"] = referral(physician, service)
    world.more["older referral"] = referral(physician, service, days_ago=3)
    with transaction():
        others = {"waiting": 6, "refused": 6, "declined": 6, "unknown": 6}
        _publish("all", "", referred=48, taken_in=24, **others)
        _publish("service", service)


def _publish(kind: str, code: str, **figures: int) -> None:
    month = (clock.today().replace(day=1) - timedelta(days=365)).replace(day=1)
    row = ReferralRate(first=month, last=month, kind=kind, code=code, published_on=clock.today(), **figures)
    db.session.add(row)
