"""Reminding those who keep records that nobody has confirmed for a while: once a month and organization."""

from __future__ import annotations

from datetime import date, timedelta

from sqlalchemy import delete, or_, select

from community.core import clock
from community.core.announce import announce
from community.core.db import db
from community.directory.finding import freshness
from community.directory.models import Document, Keeper, Listing, Reminder
from community.directory.signals import keeper_reminded

KEPT_DAYS = 366
KEPT_RULE = ("that keepers were reminded", f"{KEPT_DAYS} days", "directory_reminder", "directory.tidy")
AT_ONCE = 200  # organizations of one go


def remind() -> int:
    """Remind the keepers of some organizations, in the open transaction. Returns how many."""
    month = clock.today().replace(day=1)
    due = _due(month)
    for organization_id in due:
        db.session.add(Reminder(organization_id=organization_id, month=month))
        told = select(Keeper.persona_id).where(Keeper.organization_id == organization_id)
        announce(
            keeper_reminded,
            persona_ids=sorted(db.session.scalars(told)),
            organization_id=organization_id,
            month=month.isoformat(),
        )
    return len(due)


def _due(month: date) -> list[str]:
    """Organizations with a keeper, of which a service was last confirmed 150 days ago, or never."""
    before = clock.today() - timedelta(days=freshness.REMIND)
    told = select(Reminder.organization_id).where(Reminder.month == month)
    rows = (
        select(Keeper.organization_id)
        .join(Document, Document.organization_id == Keeper.organization_id)
        .join(Listing, Listing.service_id == Document.id)
        .where(Document.kind == "service", Document.state == "public")
        .where(or_(Listing.confirmed_on.is_(None), Listing.confirmed_on <= before))
        .where(Keeper.organization_id.not_in(told))
        .distinct()
        .order_by(Keeper.organization_id)
    )
    return list(db.session.scalars(rows.limit(AT_ONCE)))


def tidy() -> None:
    """Forget old reminders."""
    old = Reminder.month < clock.today() - timedelta(days=KEPT_DAYS)
    db.session.execute(delete(Reminder).where(old))
