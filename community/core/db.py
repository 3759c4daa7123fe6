"""The database: typed base model, two engines, and the one way to write.

Edges (a view, a job, a command) write inside ``with transaction():``. Services never commit.
On SQLite a writer starts with BEGIN IMMEDIATE, so that it waits its turn instead of failing when
it turns from reader into writer (SQLITE_BUSY_SNAPSHOT); on PostgreSQL it is an ordinary
READ COMMITTED transaction and services lock the rows they count.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from typing import Any

from flask import g
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import DateTime, MetaData, event
from sqlalchemy.engine import Connection, Dialect, Engine, ExceptionContext
from sqlalchemy.exc import DBAPIError, InvalidRequestError
from sqlalchemy.orm import DeclarativeBase, Session
from sqlalchemy.types import TypeDecorator

from community.core.turns import Turns

NAMES = {
    "ix": "ix_%(column_0_N_label)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}

# Rows of people keep no insertion order in the file: a rowid would tie a persona to the account
# that was made just before it (ARCHITECTURE section 3).
WITHOUT_ORDER = {"sqlite_with_rowid": False}


class Base(DeclarativeBase):
    """Base of every table. Models subclass it and name their ``__tablename__``."""

    metadata = MetaData(naming_convention=NAMES)


class Database(SQLAlchemy):
    """As the library has it, but for the end of a page whose connection was cut meanwhile."""

    def _teardown_session(self, exc: BaseException | None) -> None:
        """Let go of what was read: the page is made, or refused in words, whatever its connection does."""
        try:
            super()._teardown_session(exc)
        except DBAPIError:
            with suppress(DBAPIError, InvalidRequestError):
                self.session.registry().invalidate()
            self.session.registry.clear()


db = Database(
    model_class=Base, session_options={"expire_on_commit": False, "join_transaction_mode": "create_savepoint"}
)


class UtcDateTime(TypeDecorator[datetime]):
    """A moment in UTC. Always aware in Python, whatever the engine gives back."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Refuse a moment without a zone: it would be read as another moment elsewhere."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a moment without a time zone cannot be stored")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """SQLite gives naive moments back; they are UTC."""
        if value is None or value.tzinfo is not None:
            return value
        return value.replace(tzinfo=UTC)


writers = Turns()
PATIENCE = 5.0  # seconds; then SQLite's busy timeout begins
# Of PostgreSQL, for pages, in milliseconds: as long as SQLite lets somebody wait (five seconds for a turn
# and ten for a lock), and for the longest statement of a page. Whoever waited that long is told so (503),
# and may send again.
PAGE_PATIENCE = {"lock_timeout": 15_000, "statement_timeout": 20_000}
POOL_PATIENCE = 15  # seconds for a free connection
# A server that vanished without a word is noticed within some 15 s instead of a quarter of an hour.
REACHABLE = {
    "connect_timeout": 5,
    "keepalives_idle": 5,
    "keepalives_interval": 3,
    "keepalives_count": 3,
    "tcp_user_timeout": 15_000,
}
SQLITE_SETTINGS = {
    "foreign_keys": "1",
    "journal_mode": "wal",
    "synchronous": "2",
    "busy_timeout": "10000",
    # What is erased is written over in the file. Some builds of SQLite do so unasked, others do not.
    "secure_delete": "1",
    # Half a megabyte of each connection, of which there may be a hundred: the system keeps the file anyway.
    "cache_size": "-512",
}


def postgres_options(*, patient: bool) -> dict[str, Any]:
    """How to connect to PostgreSQL. ``patient``: operators' commands and workers may take their time."""
    limits = {} if patient else PAGE_PATIENCE
    said = " ".join(f"-c {name}={milliseconds}" for name, milliseconds in limits.items())
    return {
        "pool_size": 10,
        "max_overflow": 30,
        "pool_pre_ping": True,
        "pool_timeout": POOL_PATIENCE,
        "connect_args": {**REACHABLE, "options": said},
    }


def set_up_engine(engine: Engine) -> None:
    """Give a SQLite engine its durable settings; each connection sets them and reads them back."""
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _set_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
        event.listen(engine, "handle_error", _let_go_of_what_reads)


def _set_sqlite(connection: Any, _record: object) -> None:
    connection.isolation_level = None  # we say BEGIN ourselves
    for name, wanted in SQLITE_SETTINGS.items():
        # Read to the end: now and then a setting of which an answer was left lay open, and read what was
        # before for as long as the connection lived.
        connection.execute(f"PRAGMA {name}={wanted}").fetchall()
        (found,) = (str(value) for (value,) in connection.execute(f"PRAGMA {name}").fetchall())
        if found != wanted and found != "memory":
            raise RuntimeError(f"SQLite refuses {name}={wanted}: it says {found}")


BEGIN_WRITING = "BEGIN IMMEDIATE"


def _begin_sqlite(connection: Connection) -> None:
    writing = connection.get_execution_options().get("writing", False)
    connection.exec_driver_sql(BEGIN_WRITING if writing else "BEGIN")


def _let_go_of_what_reads(context: ExceptionContext) -> None:
    """Close a connection that cannot begin to write because something on it still reads what was before.

    A cursor that nobody closed outlives its transaction: SQLite then refuses at once, without waiting.
    """
    name = getattr(context.original_exception, "sqlite_errorname", "")
    if context.statement == BEGIN_WRITING and name == "SQLITE_BUSY_SNAPSHOT":
        context.is_disconnect = True
        context.invalidate_pool_on_disconnect = False


# In ``g``: what this request has read of what is kept; a transaction of its own makes it old.
READ_BEFORE = "read_before"


def in_transaction() -> bool:
    """Whether a ``with transaction():`` is open in this session."""
    # Asked at every request: a session would be made for nothing, and taken down again.
    return db.session.registry.has() and bool(db.session().info.get("writing"))


@contextmanager
def transaction() -> Iterator[Session]:
    """Open the write transaction of one edge; commit at the end, roll back on any error.

    Ends the reading snapshot first, so rows loaded before are read again when touched. Inside
    another ``transaction()`` it joins the outer one.
    """
    session = db.session()
    if session.info.get("writing"):
        yield session
        return
    session.rollback()
    g.pop(READ_BEFORE, None)
    with _in_turn():
        session.info["writing"] = True
        try:
            _begin(session)
            yield session
            session.commit()
        except BaseException:
            session.rollback()
            raise
        finally:
            session.info.pop("writing", None)


def _begin(session: Session) -> None:
    """Begin to write; once more where the connection was closed for what still read on it."""
    try:
        session.connection(execution_options={"writing": True})
    except DBAPIError as problem:
        if not problem.connection_invalidated or db.engine.dialect.name != "sqlite":
            raise
        session.rollback()
        session.connection(execution_options={"writing": True})


@contextmanager
def _in_turn() -> Iterator[None]:
    """On SQLite the writers of this process go one after the other, in the order in which they came.

    SQLite has no queue: it lets each look again every tenth of a second, and whoever looks at the right
    moment overtakes those who wait, some of them for seconds. Writers of other processes, and whoever
    lost patience, wait SQLite's own way.
    """
    if db.engine.dialect.name == "sqlite":
        with writers.turn(PATIENCE):
            yield
    else:
        yield
