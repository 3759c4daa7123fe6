"""Building the index in the background, in small portions so that a new post never waits for long."""

from __future__ import annotations

from datetime import timedelta

from community.core.db import transaction
from community.core.jobs import enqueue, job
from community.search import services
from community.search.services import PORTION
from community.search.sources import all_sources


@job("search.look_after", lane="bulk", every=timedelta(minutes=10))
def look_after() -> None:
    """Build the index anew when it is missing, half done or of an older version; else keep it in order."""
    if services.ready():
        services.tidy()
        return
    with transaction():
        services.ask_for_rebuild()


@job(PORTION, lane="bulk")
def index_portion(source: int = 0, after: str = "") -> None:
    """Index the next things, then ask for those after them; at the end call the index whole."""
    every = all_sources()
    if source >= len(every):
        services.finish()
        return
    last = services.index_portion(every[source], after)
    with transaction():
        if last:
            enqueue(PORTION, source=source, after=last)
        else:
            enqueue(PORTION, source=source + 1)
