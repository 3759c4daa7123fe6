"""Is what is stored as it must be? Each domain says what must hold of its rows; ``flask check`` asks.

A check yields a sentence for each thing that is wrong, without anybody's words. It reads one still
picture of the database, so that people who write meanwhile cause no false alarm. What merely counts
other rows may be mended; anything else needs a person.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import islice

import sqlalchemy as sa
from sqlalchemy import func, select
from sqlalchemy.exc import DBAPIError

from community.core import audit
from community.core.db import db, transaction
from community.core.idempotency import Once
from community.core.jobs import Job
from community.core.sealing import KeyFileProblem, keyring
from community.operations import schema

Findings = Iterator[str]
MOST_SHOWN = 20


@dataclass(frozen=True)
class Check:
    """One thing that must hold."""

    name: str
    look: Callable[[], Findings]
    mend: Callable[[], int] | None = None


@dataclass
class Result:
    """What a check found: its first sentences, and how many there are. ``skipped`` says why not."""

    name: str
    found: list[str] = field(default_factory=list)
    more: int = 0
    mended: int = 0
    skipped: str = ""

    @property
    def good(self) -> bool:
        """Whether nothing is wrong (any more)."""
        return not self.found and not self.skipped


_checks: dict[str, Check] = {}


def add(name: str, look: Callable[[], Findings], *, mend: Callable[[], int] | None = None) -> None:
    """Have something checked.

    :param look: yields a sentence for each thing that is wrong.
    :param mend: puts counters right in the open transaction; returns how many were wrong.
    """
    _checks[name] = Check(name, look, mend)


def run(*, mend: bool = False) -> Iterator[Result]:
    """Every check, one after the other; with ``mend``, counters are put right and looked at again."""
    for check in list(_checks.values()):
        result = _run(check)
        if mend and result.found and check.mend is not None:
            with transaction():
                mended = check.mend()
            result = _run(check)
            result.mended = mended
        yield result


def _run(check: Check) -> Result:
    result = Result(check.name)
    try:
        _still_picture()
        found = check.look()
        result.found = list(islice(found, MOST_SHOWN))
        result.more = sum(1 for _ in found)
    except KeyFileProblem as problem:
        result.skipped = f"needs the key file: {problem}"
    except DBAPIError as problem:
        result.skipped = f"the tables cannot be read: {_first_line(problem)}"
    finally:
        db.session.rollback()
    return result


def _first_line(problem: DBAPIError) -> str:
    """What the engine says, without the statement and its values."""
    return next(iter(str(problem.orig).splitlines()), type(problem.orig).__name__)


def _still_picture() -> None:
    db.session.rollback()
    if db.engine.dialect.name == "postgresql":
        db.session.connection(execution_options={"isolation_level": "REPEATABLE READ"})


def engine() -> Findings:
    """The engine's own checks of its file. PostgreSQL refuses a broken reference by itself."""
    if db.engine.dialect.name != "sqlite":
        return
    said = db.session.scalars(sa.text("PRAGMA integrity_check")).all()
    if said != ["ok"]:
        yield f"integrity_check: {said[:3]}"
    for row in db.session.execute(sa.text("PRAGMA foreign_key_check")):
        yield f"a row of {row[0]} names one of {row[2]} that is not there"


def tables() -> Findings:
    """The tables are those of this program."""
    at, wanted = schema.revision(db.session.connection()), schema.newest()
    if at != wanted:
        yield f"the tables are at {at or 'nothing'}, this program needs {wanted}: flask migrate"


def key_file() -> Findings:
    """The key file is there and that of this community: without it the site does not start."""
    keyring()
    yield from ()


def chain() -> Findings:
    """No entry of the audit chain was changed or removed."""
    broken = audit.first_break()
    if broken is not None:
        yield f"the audit chain breaks at entry {broken}"


def dead_jobs() -> Findings:
    """No job was given up."""
    given_up = select(Job.name, Job.problem, func.count()).where(Job.state == "dead")
    for name, problem, count in db.session.execute(given_up.group_by(Job.name, Job.problem)):
        yield f"{count} times {name} was given up: {problem}"


def sent_forms() -> Findings:
    """No form that is called sent led nowhere."""
    if empty := db.session.scalar(select(func.count()).select_from(Once).where(Once.answer == "")):
        yield f"{empty} forms are called sent and led nowhere"


add("engine", engine)
add("tables", tables)
add("key file", key_file)
add("audit chain", chain)
add("jobs given up", dead_jobs)
add("sent forms", sent_forms)
