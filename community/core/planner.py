"""Letting SQLite count its rows, so that it finds the short way to them.

Without these counts it guessed for the home page, and read every topic of the community where four would
do: 110 ms instead of 0.3 on 2,000 topics. PostgreSQL counts by itself, a minute or so after; whoever brings
in many rows and reads them at once (``count_anew``) does not wait for it.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta

from sqlalchemy import text

from community.core.db import Base, db, transaction
from community.core.jobs import job
from community.core.store import settings

# Of each index: some 20 ms of all of them, a fifth of a second where the file was not read lately, whatever
# the size. Of a thousand, rows without a value were the whole sample: each value counted as five hundred.
ROWS_LOOKED_AT = 10_000


@job("core.count_rows", lane="bulk", every=timedelta(hours=6))
def count_rows() -> None:
    """Have the counts made anew. Harmless whenever it runs."""
    if settings().sqlite:
        count_anew(())


def count_anew(tables: Iterable[type[Base]]) -> None:
    """Have rows counted now: of these tables, whose numbers have changed; on SQLite of all.

    An import into a new site went on with the counts of empty tables: each record of a hundred thousand
    services was looked for by reading a million rows.
    """
    with transaction():
        if settings().sqlite:
            db.session.execute(text(f"PRAGMA analysis_limit={ROWS_LOOKED_AT}"))
            db.session.execute(text("ANALYZE"))
            _tell_others()
        else:
            db.session.execute(text(f"ANALYZE {', '.join(table.__tablename__ for table in tables)}"))


def _tell_others() -> None:
    """Have every other connection read the counts again, at its next statement.

    SQLite reads them with the tables, and those again only where one of them changed: a site that was running
    while a directory came in went on with the counts of before, until it was started anew.
    """
    for said in ("CREATE TABLE counted_anew (at)", "DROP TABLE counted_anew"):
        db.session.execute(text(said))
