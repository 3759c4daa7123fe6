"""The box of letters: taking those that are due, claiming each just before it goes, what became of it.

Nobody gets a mail twice, and a crash loses next to none. A mail server has a letter when it has read
the lone dot at its end; nothing can make that and our commit one act. So the claim (waiting ->
handed) is committed *after* the server took sender, recipient and the whole text, and *before* the dot.
A worker killed before the claim has handed over nothing: the letter goes again. Killed after the dot,
the letter is claimed and never goes again. Only between the commit and the dot, a few microseconds,
could it be lost: at most once, by choice, as its notice stands in the site anyway. A connection that
breaks after the dot without an answer counts as handed too; an answer that refuses gives it back.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import timedelta
from typing import Any

from sqlalchemy import delete, func, or_, select, update

from community.core import clock
from community.core.db import db
from community.core.ids import new_key
from community.core.jobs import enqueue_one
from community.notifications.models import Letter, MailSetting, Notice
from community.notifications.rules import due, quiet_end
from community.notifications.services.people import hours_of
from community.notifications.services.telling import DELIVER

AT_ONCE = 25
PATIENCE = 12
FIRST_PAUSE, LONGEST_PAUSE = timedelta(minutes=2), timedelta(hours=6)
# A turn nobody works at any more gives its letters back after this long.
ABANDONED = timedelta(minutes=20)
SOON = timedelta(minutes=10)
KEPT = timedelta(days=60)
READ_KEPT = timedelta(days=180)


def take(turn: str) -> Sequence[Letter]:
    """The letters of this turn: those it had before a crash, else some of those that are due."""
    mine = select(Letter).where(Letter.turn == turn, Letter.state == "waiting").order_by(Letter.id)
    if found := db.session.scalars(mine).all():
        return found
    next_ones = (
        select(Letter.id)
        .where(Letter.state == "waiting", Letter.due_at <= clock.now(), _free())
        .order_by(Letter.due_at, Letter.id)
        .limit(AT_ONCE)
        .with_for_update(skip_locked=True)
    )
    ids = db.session.scalars(next_ones).all()
    db.session.execute(
        update(Letter).where(Letter.id.in_(ids), Letter.state == "waiting", _free()).values(turn=turn)
    )
    return db.session.scalars(mine.execution_options(populate_existing=True)).all()


def awake(letters: Sequence[Letter]) -> list[Letter]:
    """Those that may arrive now; the others are put off until their reader's quiet hours end.

    A letter knows them when it is written. It may be late since (no worker, no mail server), or they were
    chosen after it.
    """
    theirs = select(MailSetting).where(MailSetting.persona_id.in_({row.persona_id for row in letters}))
    settings = {row.persona_id: row for row in db.session.scalars(theirs)}
    ready = []
    for row in letters:
        hours = hours_of(settings.get(row.persona_id))
        if quiet_end(clock.now(), *hours) is None:
            ready.append(row)
        else:
            row.turn, row.due_at = None, due(clock.now(), *hours)
    return ready


def _free() -> Any:
    return or_(Letter.turn.is_(None), Letter.due_at < clock.now() - ABANDONED)


def claim(letter_id: str) -> bool:
    """Say that this letter goes now; False when another did."""
    done: Any = db.session.execute(
        update(Letter).where(Letter.id == letter_id, Letter.state == "waiting").values(state="handed")
    )
    return bool(done.rowcount)


def drop(letter_ids: Collection[str]) -> None:
    """These have nothing to say any more, or nobody to say it to."""
    if letter_ids:
        db.session.execute(
            update(Letter)
            .where(Letter.id.in_(letter_ids), Letter.state == "waiting")
            .values(state="dropped")
            .execution_options(synchronize_session=False)
        )


def refused(letter_id: str) -> None:
    """The address does not exist."""
    db.session.execute(update(Letter).where(Letter.id == letter_id).values(state="refused"))


def later(letter_id: str) -> None:
    """The mail server does not take it now: again in a while, longer each time; then never."""
    row = db.session.get_one(Letter, letter_id, populate_existing=True)
    row.attempts += 1
    row.turn = None
    row.state = "dropped" if row.attempts >= PATIENCE else "waiting"
    row.due_at = clock.now() + min(FIRST_PAUSE * 2**row.attempts, LONGEST_PAUSE)


def put_back(turn: str) -> None:
    """No mail server answers: what this turn had taken is tried again later."""
    for letter_id in db.session.scalars(
        select(Letter.id).where(Letter.turn == turn, Letter.state == "waiting")
    ).all():
        later(letter_id)


def go_on() -> None:
    """Ask for the next delivery while letters are due soon; others are found by the clock."""
    next_at = db.session.scalar(
        select(func.min(Letter.due_at)).where(
            Letter.state == "waiting", _free(), Letter.due_at < clock.now() + SOON
        )
    )
    if next_at is not None:
        enqueue_one(DELIVER, run_at=max(next_at, clock.now()), turn=new_key())


def of_return_key(key: str) -> Letter | None:
    """The letter that came back under this key."""
    return db.session.scalar(select(Letter).where(Letter.return_key == key.lower()))


def tidy() -> None:
    """Forget what was delivered long ago, and notices that are read and old."""
    db.session.execute(delete(Letter).where(Letter.state != "waiting", Letter.due_at < clock.now() - KEPT))
    db.session.execute(delete(Notice).where(Notice.read, Notice.at < clock.now() - READ_KEPT))
