"""A database that does not answer, or has the tables of another version, said to an operator in a
sentence."""

from __future__ import annotations

import sys
from types import TracebackType

from sqlalchemy.exc import DBAPIError, OperationalError

# Of PostgreSQL: the connection failed, or the server ends it, is ending or is not ready yet.
_AWAY = ("08", "57P01", "57P02", "57P03")
_NO_FILE = "unable to open database file"
# Of PostgreSQL: there is no such table, or no such column.
_OTHER_TABLES = ("42P01", "42703")


def is_away(problem: OperationalError) -> bool:
    """Whether nothing could be asked at all: a missing table, a lock or a full disk is something else."""
    if problem.connection_invalidated:
        return True
    state = getattr(problem.orig, "sqlstate", _NO_FILE)
    if state == _NO_FILE:  # SQLite's, which have no such codes
        return _NO_FILE in str(problem.orig)
    return state is None or str(state).startswith(_AWAY)


def are_other_tables(problem: DBAPIError) -> bool:
    """Whether a table or a column is asked for that is not there: nobody brought the tables up to date."""
    state = getattr(problem.orig, "sqlstate", None)
    if state is not None:
        return state in _OTHER_TABLES
    return str(problem.orig).startswith(("no such table", "no such column"))


def sentence(problem: OperationalError) -> str:
    """What an operator is told, with what the database or its driver says."""
    said = next(iter(str(problem.orig or problem).splitlines()), "").strip().rstrip(".")
    return f"The database does not answer (DATABASE_URL): {said}. Nothing that was stored is lost."


def say_in_a_sentence() -> None:
    """Have a command that meets it end with that sentence, and with 1, from now on."""
    sys.excepthook = _said


def _said(kind: type[BaseException], problem: BaseException, trace: TracebackType | None) -> None:
    if isinstance(problem, OperationalError) and is_away(problem):
        print(sentence(problem), file=sys.stderr)
        return
    sys.__excepthook__(kind, problem, trace)  # also below: the mistake may be ours
    if isinstance(problem, DBAPIError) and are_other_tables(problem):
        print("\nThe tables may be those of another version: run `flask migrate`.", file=sys.stderr)
