"""The doors of the directory for the clock. Each may run twice without harm."""

from __future__ import annotations

from datetime import timedelta

from community.core.db import transaction
from community.core.jobs import enqueue_one, job
from community.directory.services import documents, listing


@job("directory.write_up", lane="bulk")
def write_up() -> None:
    """Write up what changed, some records at a time, until all is."""
    with transaction():
        if documents.write_up():
            enqueue_one("directory.write_up")


@job("directory.move_openings_on", lane="bulk", every=timedelta(minutes=5))
def move_openings_on() -> None:
    """Keep the next opening of each place that closed."""
    with transaction():
        if listing.move_openings_on() == listing.AT_ONCE:
            enqueue_one("directory.move_openings_on")
