"""The doors of the directory for the clock. Each may run twice without harm."""

from __future__ import annotations

from community.core.db import transaction
from community.core.jobs import enqueue_one, job
from community.directory.services import documents


@job("directory.write_up", lane="bulk")
def write_up() -> None:
    """Write up what changed, some records at a time, until all is."""
    with transaction():
        if documents.write_up():
            enqueue_one("directory.write_up")
