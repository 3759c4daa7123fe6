"""What was erased stays neither in the database of SQLite nor in the log beside it."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest

from community.core import log_of_changes
from community.core.db import _set_sqlite, db, transaction
from community.core.store import get, put, settings
from tests.operations.conftest import instance

WORDS = b"an address that was erased"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "a.db"


@pytest.fixture
def site(path: Path) -> Iterator[sqlite3.Connection]:
    """A connection that stays open, as those of a site do; something was written and erased."""
    connection = sqlite3.connect(path)
    _set_sqlite(connection, None)
    connection.execute("CREATE TABLE kept (words TEXT)")
    connection.execute("INSERT INTO kept VALUES (?)", (WORDS.decode(),))
    connection.execute("DELETE FROM kept")
    yield connection
    connection.close()


def left(path: Path) -> bool:
    return any(WORDS in file.read_bytes() for file in path.parent.glob("a.db*"))


def test_what_was_erased_leaves_the_log_while_the_site_runs(path, site):
    assert left(path), "it lay in the log: else this shows nothing"
    assert log_of_changes.emptied(str(path))
    assert not left(path)


def test_who_reads_for_long_is_not_disturbed_and_it_is_done_later(path, site, monkeypatch):
    monkeypatch.setattr(log_of_changes, "PATIENCE", 0.01)
    reader = sqlite3.connect(path, isolation_level=None)
    reader.execute("BEGIN")
    assert reader.execute("SELECT count(*) FROM kept").fetchone() == (0,)
    site.execute("INSERT INTO kept VALUES ('a word of now')")
    assert not log_of_changes.emptied(str(path))
    assert reader.execute("SELECT count(*) FROM kept").fetchone() == (0,)
    reader.close()
    assert log_of_changes.emptied(str(path))
    assert site.execute("SELECT words FROM kept").fetchall() == [("a word of now",)]


def test_while_somebody_writes_it_waits_for_the_next_hour(path, site, monkeypatch):
    monkeypatch.setattr(log_of_changes, "PATIENCE", 0.01)
    site.execute("BEGIN IMMEDIATE")
    site.execute("INSERT INTO kept VALUES ('a word of now')")
    assert not log_of_changes.emptied(str(path))
    site.execute("COMMIT")
    assert log_of_changes.emptied(str(path))


def test_the_job_empties_the_log_of_a_site_and_leaves_postgresql_alone(tmp_path, worker_id):
    with instance(tmp_path, f"erasing_{worker_id}"):
        for value in (WORDS.decode(), None):
            with transaction():
                put("erased", value)
        get("erased")  # a reading of its own does not stand in the job's way
        log = Path(f"{db.engine.url.database}-wal")
        assert not settings().sqlite or WORDS in log.read_bytes()
        log_of_changes.empty_log()
        assert get("erased") is None
        assert not settings().sqlite or not log.stat().st_size
