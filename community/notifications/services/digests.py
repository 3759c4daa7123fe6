"""Writing a letter for each digest that falls due today, in slices of personas."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any

from sqlalchemy import select, union

from community.core import clock
from community.core.db import db
from community.core.store import get, put
from community.core.upsert import insert_into
from community.notifications.models import RHYTHMS, MailChoice, MailSetting, Notice
from community.notifications.rules import (
    DIGEST_HOUR,
    DIGEST_SPREAD,
    WEEKLY_ON,
    due,
    jitter,
)
from community.notifications.services.people import Recipient, hours_of, recipients, zone
from community.notifications.services.telling import letter, post_letters

SLICE = 100
RECENT = timedelta(days=8)
WEEKLY_DAY = "notifications.weekly_day"


def plan(after: str = "") -> str:
    """Post the digests of a slice of personas. Returns the last one looked at; "" at the end."""
    chose = select(MailChoice.persona_id).where(MailChoice.level.in_(RHYTHMS), MailChoice.persona_id > after)
    gathered = select(Notice.persona_id).where(
        Notice.told.in_(RHYTHMS), ~Notice.read, Notice.at > clock.now() - RECENT, Notice.persona_id > after
    )
    everyone = union(chose, gathered).subquery()
    ids = db.session.scalars(select(everyone.c.persona_id).order_by(everyone.c.persona_id).limit(SLICE)).all()
    found = recipients(ids)
    weekly = _day_of_the_week()
    post_letters(row for who in found.values() for row in _letters(who, weekly))
    return ids[-1] if len(ids) == SLICE else ""


def _day_of_the_week() -> date:
    """The day of this week's digests: Monday, or the first day after it on which somebody planned them,
    where no worker ran on Monday from the hour of the digests on."""
    here = clock.now().astimezone(zone())
    monday = here.date() - timedelta(days=(here.weekday() - WEEKLY_ON) % 7)
    known = get(WEEKLY_DAY)
    if known and known >= monday.isoformat():
        return date.fromisoformat(known)
    day = here.date() if known else monday  # a site that just began has missed none
    if here.hour >= DIGEST_HOUR:
        put(WEEKLY_DAY, day.isoformat())
    return day


def _letters(who: Recipient, weekly: date) -> list[dict[str, Any]]:
    """The digests that fall due for this persona in the hours to come; posted already, they are not again."""
    if who.setting is not None and who.setting.stopped:
        return []
    zone, start, end = hours_of(who.setting)
    here = clock.now().astimezone(zone)
    if here.hour < DIGEST_HOUR - 1:
        return []
    opens = datetime.combine(here.date(), time(DIGEST_HOUR), zone)
    at = max(opens, here) + jitter(DIGEST_SPREAD)
    rhythms = [rhythm for rhythm in RHYTHMS if rhythm == "daily" or here.date() == weekly]
    return [
        {**letter(who, f"{rhythm}:{here.date()}", None), "due_at": due(at, zone, start, end)}
        for rhythm in rhythms
    ]


def went(persona_id: str, rhythm: str, begun: datetime) -> None:
    """What was gathered until its writing began has been told; the next digest begins there."""
    column = f"{rhythm}_at"
    made = insert_into(MailSetting).values(persona_id=persona_id, zone="", stopped=False, **{column: begun})
    db.session.execute(made.on_conflict_do_update(index_elements=["persona_id"], set_={column: begun}))
