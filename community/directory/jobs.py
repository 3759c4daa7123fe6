"""The doors of the directory for the clock. Each may run twice without harm."""

from __future__ import annotations

from datetime import timedelta

from community.core import clock
from community.core.db import transaction
from community.core.jobs import enqueue, enqueue_one, job
from community.directory.services import (
    arrangements,
    corrections,
    documents,
    listing,
    rates,
    referrals,
    reminders,
    reports,
    reviews,
)


@job("directory.write_up", lane="bulk", every=timedelta(hours=1))
def write_up() -> None:
    """Write up what changed, some records at a time, until all is; each hour, what an upgrade left."""
    with transaction():
        if documents.write_up():
            enqueue_one("directory.write_up")


@job("directory.move_openings_on", lane="bulk", every=timedelta(minutes=5))
def move_openings_on() -> None:
    """Keep the next opening of each place that closed."""
    with transaction():
        if listing.move_openings_on() == listing.AT_ONCE:
            enqueue_one("directory.move_openings_on")


@job("directory.look_for_openings", lane="bulk", every=timedelta(days=1))
def look_for_openings(left: int = listing.CLOSED_A_DAY) -> None:
    """Look again at some of the places that had no opening in sight when they were listed, a few a go."""
    rows = listing.closed(listing.CLOSED_AT_ONCE)
    listing.open_again(rows)
    if len(rows) == listing.CLOSED_AT_ONCE and left > len(rows):
        with transaction():
            enqueue("directory.look_for_openings", left=left - len(rows))


@job("directory.remind_keepers", lane="bulk", every=timedelta(days=1))
def remind_keepers() -> None:
    """Remind those who keep records that nobody confirmed for 150 days."""
    with transaction():
        if reminders.remind() == reminders.AT_ONCE:
            enqueue_one("directory.remind_keepers")


@job("directory.tidy", lane="bulk", every=timedelta(days=1))
def tidy() -> None:
    """Forget what is kept for a while only."""
    with transaction():
        corrections.tidy()
        reports.tidy()
        reminders.tidy()


@job("directory.ask_what_became", lane="bulk", every=timedelta(days=1))
def ask_what_became() -> None:
    """Ask those who referred somebody, after a fortnight and after 45 days."""
    with transaction():
        if referrals.remind() == referrals.AT_ONCE:
            enqueue_one("directory.ask_what_became")


@job("directory.let_go_of_referrals", lane="bulk", every=timedelta(days=1))
def let_go_of_referrals() -> None:
    """Drop from every list what is older than ninety days."""
    with transaction():
        referrals.let_go()


@job("directory.publish_rates", lane="bulk", heavy=True, every=timedelta(days=1))
def publish_rates() -> None:
    """Publish the quarters of which nothing can change any more; once each."""
    for first, last, lines in rates.due():
        with transaction():
            rates.publish(first, last, lines)


@job("directory.tell_of_reviews", lane="bulk", every=timedelta(days=1))
def tell_of_reviews() -> None:
    """Tell those who keep what was to be looked at again, once for each day that it was due."""
    with transaction():
        today = clock.today()
        again = arrangements.remind(today) == arrangements.AT_ONCE
        if reviews.remind(today) >= reviews.AT_ONCE or again:
            enqueue_one("directory.tell_of_reviews")
