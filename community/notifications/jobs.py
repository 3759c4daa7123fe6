"""Delivering letters, planning digests, forgetting what is old."""

from __future__ import annotations

from datetime import timedelta
from functools import partial

from community.core import clock
from community.core.db import transaction
from community.core.jobs import enqueue, job
from community.notifications import letters
from community.notifications.models import RHYTHMS, Letter
from community.notifications.post_office import Away, NoSuchAddress, NotNow, Office, open_office
from community.notifications.services import delivery, digests, telling

PLAN = "notifications.plan"


@job(telling.DELIVER, lane="normal")
def deliver(turn: str) -> None:
    """Hand over some of the letters that are due; then ask for the next."""
    with transaction():
        taken = [(row.id, row.persona_id, row) for row in delivery.awake(delivery.take(turn))]
    idle, away = [], False
    with open_office() as office:
        for letter_id, persona_id, row in taken:
            try:
                if not _one(office, letter_id, persona_id, row):
                    idle.append(letter_id)
            except Away:
                away = True
                break
    with transaction():
        delivery.drop(idle)
        if away:
            delivery.put_back(turn)
        else:
            delivery.go_on()


def _one(office: Office, letter_id: str, persona_id: str, row: Letter) -> bool:
    """Hand over one letter; False when it has nothing to say any more, or nobody to say it to.

    :raises Away: there is no mail server to hand it to.
    """
    rhythm = row.event.partition(":")[0]
    begun = clock.now()
    written = letters.write(row)
    if written is None:
        return False
    try:
        went = office.hand(written, partial(_claim, letter_id))
    except NoSuchAddress:
        with transaction():
            delivery.refused(letter_id)
            telling.stop_mail(persona_id)
    except NotNow:
        with transaction():
            delivery.later(letter_id)
    else:
        if went and rhythm in RHYTHMS:
            with transaction():
                digests.went(persona_id, rhythm, begun)
    return True


def _claim(letter_id: str) -> bool:
    with transaction():
        return delivery.claim(letter_id)


@job("notifications.deliver_due", every=timedelta(minutes=2))
def deliver_due() -> None:
    """Letters whose quiet hours are over, and those that a dead worker had taken."""
    with transaction():
        delivery.go_on()


@job("notifications.plan_digests", lane="bulk", every=timedelta(hours=1))
def plan_digests() -> None:
    """Post the digests of today where the day has come."""
    plan()


@job(PLAN, lane="bulk")
def plan(after: str = "") -> None:
    """The digests of the next slice of personas."""
    with transaction():
        if last := digests.plan(after):
            enqueue(PLAN, after=last)


@job("notifications.tidy", lane="bulk", every=timedelta(days=1))
def tidy() -> None:
    """Forget what is old."""
    with transaction():
        delivery.tidy()
