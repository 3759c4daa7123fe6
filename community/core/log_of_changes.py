"""Emptying the file in which SQLite keeps its last changes, so that what was erased is in it no longer.

``secure_delete`` writes over what is erased in the database file alone. The log beside it (``-wal``) is
written anew from its beginning, and keeps behind that what a busier hour had left: words of a message that
was erased since, for as long as the site runs.
"""

from __future__ import annotations

import sqlite3
from contextlib import closing
from datetime import timedelta

from community.core.db import db
from community.core.jobs import job
from community.core.store import settings

PATIENCE = 0.2  # seconds for readers and a writer to be done: whoever wants to write meanwhile waits as well


@job("core.empty_log", lane="bulk", every=timedelta(hours=1))
def empty_log() -> None:
    """Empty it; where somebody reads for longer (a backup), the next hour does. Harmless whenever it runs."""
    if settings().sqlite:
        db.session.rollback()  # else we would wait for ourselves
        emptied(str(db.engine.url.database))


def emptied(path: str) -> bool:
    """Move what the log holds into the database, and cut the log to nothing.

    :param path: of the database file. :return: whether it is empty now; if not, nothing was lost.
    """
    with closing(sqlite3.connect(path, timeout=PATIENCE)) as connection:
        connection.execute("PRAGMA synchronous=2")
        try:
            busy, _, _ = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
        except sqlite3.OperationalError as problem:
            if problem.sqlite_errorcode != sqlite3.SQLITE_BUSY:
                raise
            return False
    return not busy
