"""What the clock asks of accounts."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import delete

from community.accounts import order, told
from community.accounts.members import SignIn
from community.accounts.services import attesting, credentials_ends, devices, joining, passkeys, rereading
from community.accounts.signals import link_opening, member_joined
from community.accounts.titles import MailboxCode
from community.core import clock
from community.core.announce import receiver
from community.core.db import db, transaction
from community.core.jobs import enqueue_one, job

FIVE_MINUTES, AN_HOUR = timedelta(minutes=5), timedelta(hours=1)


@job("accounts.lapse_titles", every=timedelta(hours=6))
def lapse_titles() -> None:
    """Write down which titles came to their end (what they opened has closed by itself); remind others."""
    while True:
        with transaction():
            if not credentials_ends.lapse():
                break
    while True:
        with transaction():
            if not credentials_ends.remind():
                return


@job("accounts.forget", lane="bulk", every=timedelta(days=1))
def forget() -> None:
    """Drop sessions and codes for mailboxes that are over, and accounts that nobody confirmed."""
    with transaction():
        for table in (SignIn, MailboxCode):
            db.session.execute(delete(table).where(table.ends_at < clock.now()))
        devices.forget_old()
        passkeys.forget_used()
        joining.forget_unconfirmed()
    _forget_order()


@job("accounts.read_names_anew", lane="bulk", every=timedelta(days=1))
def read_names_anew() -> None:
    """After an upgrade that knows more letters, names from before are held against new ones as well."""
    rereading.read_names_anew()


@receiver(member_joined, lane="urgent", together=50)
def forget_order(_heard: object) -> None:
    """What was written with a new name must not tell whose it is. Which name it was is not asked."""
    if order.is_quick():
        _forget_order()
    else:
        _forget_order_within(AN_HOUR)


@job("accounts.forget_order_again", lane="bulk")
def forget_order_again() -> None:
    """The same for all who joined within the hour, or after somebody was reading the tables."""
    _forget_order()


@receiver(link_opening, lane="urgent")
def tell_of_opening(persona_id: str, opening_id: str) -> None:
    """Write to whoever is behind the name; the vault says to which address, when it goes."""
    with transaction():
        told.tell(opening_id)


@job("accounts.check_attestations", every=timedelta(days=1))
def check_attestations() -> None:
    """What the vault attests of protected names appears and falls once a day, all together."""
    with transaction():
        attesting.recheck()


def _forget_order() -> None:
    if not order.forget():
        _forget_order_within(FIVE_MINUTES)


def _forget_order_within(wait: timedelta) -> None:
    with transaction():
        enqueue_one("accounts.forget_order_again", run_at=clock.now() + wait)
