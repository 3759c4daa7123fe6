"""In which order rows were written, and by which transaction: forgotten, since it would tie people to names.

SQLite keeps the rows of people by their keys, which are chance, and no number of a transaction. PostgreSQL
leaves rows where they were written and keeps with each the number of the transaction that wrote it (``xmin``)
and of the one that held it last (``xmax``), which every query may ask for. Without what is done here a
member and the first name would share such a number, and the agreements of members would stand in the order
of the groups of their names.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from sqlalchemy import text
from sqlalchemy.exc import OperationalError

from community.core.db import Base, db, transaction

# On the side of the names, what is written in one go with what is on that of accounts.
_BESIDE = ("vault", "persona", "persona_archive", "leaving")
_AT_ONCE = ("vault", "member", *_BESIDE[1:])
PATIENCE_MS = 100  # shorter than PostgreSQL's deadlock_timeout: two who join at once both go on
QUICK_ROWS = 5_000


def forget() -> bool:
    """Write every row of accounts, of the vault and of the names anew, table by table, each in a transaction
    of its own, and lay them in the order of their keys. True when that was done, or need not be.

    Nobody waits for it: a table somebody is reading (a backup reads all of them for its whole length)
    is left as it is, and False says that it must be done later. While one is written nobody reads it: for a
    quarter of a second at most with 5,000 members, for 2.7 s with 100,000 (``member``; two shared cores).
    """
    if db.engine.dialect.name != "postgresql":
        return True
    done = True
    for table in (*sorted(_of_accounts()), *_BESIDE):
        with transaction():
            done = _within_patience((table,), anew=True) and done
    return done


def lay_by_key(tables: Sequence[str] = _AT_ONCE) -> bool:
    """Lay these tables in the order of their keys, in the open transaction: of what it has just written, too.

    Who wrote what is still to be seen until ``forget`` has come by, a moment later.
    """
    return db.engine.dialect.name != "postgresql" or _within_patience(tables, anew=False)


def is_quick() -> bool:
    """Whether there are so few names that all of it takes half a second."""
    if db.engine.dialect.name != "postgresql":
        return True
    rows = db.session.scalar(text("SELECT max(reltuples) FROM pg_class WHERE relname = 'persona'"))
    return (rows or 0) <= QUICK_ROWS


def _of_accounts() -> set[str]:
    """``member`` and whatever points at it, directly or through another."""
    found = {"member"}
    while more := set(_pointing_at(found)):
        found |= more
    return found


def _pointing_at(found: set[str]) -> Iterator[str]:
    for name, table in Base.metadata.tables.items():
        if name not in found and any(key.column.table.name in found for key in table.foreign_keys):
            yield name


def _within_patience(tables: Sequence[str], *, anew: bool) -> bool:
    attempt = db.session.begin_nested()
    try:
        db.session.execute(text(f"SET LOCAL lock_timeout = '{PATIENCE_MS}ms'"))
        for table in tables:
            db.session.execute(text(f"LOCK TABLE {table} IN ACCESS EXCLUSIVE MODE"))
            if anew:
                key = Base.metadata.tables[table].primary_key.columns[0].name
                db.session.execute(text(f"UPDATE {table} SET {key} = {key}"))  # noqa: S608 (names of ours)
            db.session.execute(text(f"CLUSTER {table} USING pk_{table}"))
    except OperationalError:
        attempt.rollback()
        return False
    attempt.commit()
    db.session.execute(text("SET LOCAL lock_timeout TO DEFAULT"))
    return True
