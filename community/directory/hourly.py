"""A thread of each web process that writes now and then what the process counted.

Not a job: jobs run in a process of their own where the site is large, and these counts lie in the memory of
each that answers. It begins with the first count, and writes at no moment that a request could be told by.
"""

from __future__ import annotations

import atexit
import contextlib
import random
import threading
import time
from datetime import timedelta

from flask import Flask

from community.core.db import transaction
from community.core.jobs import job
from community.directory import unmet
from community.directory.services import unmet as kept

HOUR = 3600.0


@job("directory.forget_unmet", lane="bulk", every=timedelta(days=1))
def forget_unmet() -> None:
    """Let go of counts of searches that are older than they are kept."""
    with transaction():
        kept.forget_old()


_begun = threading.Lock()


def begin(app: Flask) -> None:
    """Have what is counted written from now on, once a process."""
    if app.testing or not _begun.acquire(blocking=False):
        return
    threading.Thread(target=_work, args=(app,), name="unmet", daemon=True).start()
    atexit.register(_last, app)


def _work(app: Flask) -> None:
    while True:
        time.sleep(HOUR * random.uniform(0.75, 1.25))  # noqa: S311 - no secret
        with contextlib.suppress(Exception):  # a locked or missing database: the next hour tries anew
            write(app)


def _last(app: Flask) -> None:
    with contextlib.suppress(Exception):
        write(app)


def write(app: Flask) -> None:
    """Write what was counted, all of it or none; what cannot be written is counted on."""
    counts = unmet.taken()
    if not counts:
        return
    try:
        with app.app_context(), transaction():
            kept.add(counts)
    except BaseException:
        unmet.put_back(counts)
        raise
