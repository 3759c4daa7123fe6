"""A process opens few connections of SQLite, and still never makes anybody wait for somebody who waits."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine, create_engine, event

from community.core import connections
from community.core.connections import FewConnections
from community.core.db import _set_sqlite

FEW = 2


@pytest.fixture
def opened() -> list[object]:
    return []


@pytest.fixture
def engine(tmp_path: Path, opened: list[object]) -> Iterator[Engine]:
    """One that counts what it opens, and what of that is closed again."""
    made = create_engine(
        f"sqlite:///{tmp_path / 'a.db'}", poolclass=FewConnections, pool_size=FEW, max_overflow=8
    )
    event.listen(made, "connect", lambda one, _record: opened.append(one))
    event.listen(made, "close", lambda one, _record: opened.remove(one))
    yield made
    made.dispose()


def test_whoever_comes_to_many_waits_for_one_of_theirs(
    engine: Engine, opened: list[object], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connections, "PATIENCE", 30.0)
    held = [engine.connect() for _ in range(FEW)]
    got = threading.Event()

    def ask() -> None:
        with engine.connect():
            got.set()

    asking = threading.Thread(target=ask)
    asking.start()
    assert not got.wait(0.2)
    held.pop().close()
    assert got.wait(10)
    asking.join(10)
    held.pop().close()
    assert len(opened) == FEW


def test_nobody_waits_long_for_one_that_does_not_come_back(engine: Engine, opened: list[object]) -> None:
    held = [engine.connect() for _ in range(FEW + 3)]  # the same thread: nobody else could give one back
    assert len(opened) == FEW + 3
    for one in held:
        one.close()
    assert len(opened) == FEW


def test_the_most_are_still_a_bound(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connections, "PATIENCE", 0.0)
    held = [engine.connect() for _ in range(FEW + 8)]
    monkeypatch.setattr(engine.pool, "_timeout", 0.01)
    with pytest.raises(Exception, match="QueuePool limit"):
        engine.connect()
    for one in held:
        one.close()


def test_what_is_erased_is_written_over_whatever_the_build_does_unasked(tmp_path: Path) -> None:
    path = tmp_path / "a.db"
    with sqlite3.connect(path) as connection:
        connection.execute("PRAGMA secure_delete=OFF")
        _set_sqlite(connection, None)
        connection.execute("CREATE TABLE kept (words TEXT)")
        connection.execute("INSERT INTO kept VALUES ('an address that was erased')")
        connection.execute("DELETE FROM kept")
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    connection.close()
    assert b"an address that was erased" not in path.read_bytes()
