"""With the database away a command ends with one sentence, and a server tries again."""

from __future__ import annotations

import os
import subprocess
import sys

import psycopg
import pytest
from sqlalchemy.exc import OperationalError

from community.core.unreachable import is_away
from ground.console import ROOT
from tests.conftest import ENGINE

SAID = "The database does not answer (DATABASE_URL): "
AWAY = {
    "sqlite": ("sqlite:////nowhere/at/all.db", "unable to open database file"),
    "postgresql": ("postgresql://someone:not-said@127.0.0.1:1/away", "connection failed"),
}


def run(tmp_path, *words):
    address, _ = AWAY[ENGINE]
    away = {"PASSERELLE_ENV": "development", "INSTANCE_DIR": str(tmp_path), "DATABASE_URL": address}
    return subprocess.run(
        [sys.executable, "-m", *words],
        cwd=ROOT,
        env={**os.environ, **away},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


@pytest.mark.parametrize("words", [("check",), ("migrate",), ("backup", "there.tar"), ("worker",)])
def test_a_command_says_so_in_a_sentence(tmp_path, words):
    answer = run(tmp_path, "flask", "--app", "wsgi", *words)
    assert answer.returncode == 1
    (line,) = answer.stderr.strip().splitlines()
    assert line.startswith(SAID + AWAY[ENGINE][1])
    assert "not-said" not in line
    assert not (tmp_path / "there.tar").exists()


def test_a_server_ends_so_that_it_is_begun_again(tmp_path):
    """3 would tell gunicorn that it can never boot."""
    answer = run(tmp_path, "wsgi")
    assert answer.returncode == 1
    assert SAID in answer.stderr
    assert "Traceback" not in answer.stderr


@pytest.mark.parametrize(
    ("raised", "said"),
    [
        ("1 / 0", "ZeroDivisionError"),
        ("raise OperationalError('', {}, sqlite3.OperationalError('no such table: job'))", "no such table"),
        ("raise ProgrammingError('', {}, psycopg.errors.UndefinedTable('a table'))", "a table"),
        ("raise OperationalError('', {}, sqlite3.OperationalError('database is locked'))", "is locked"),
        ("raise OperationalError('', {}, psycopg.errors.DiskFull('no space'))", "no space"),
        ("raise OperationalError('', {}, psycopg.errors.LockNotAvailable('a lock'))", "a lock"),
    ],
)
def test_any_other_mistake_keeps_its_trace(raised, said):
    """An operator who forgot to migrate would look for the mistake in the address of the database."""
    words = (
        "import sqlite3, psycopg; from sqlalchemy.exc import OperationalError, ProgrammingError; "
        f"from community.core.unreachable import *; say_in_a_sentence(); {raised}"
    )
    answer = subprocess.run(
        [sys.executable, "-c", words], cwd=ROOT, capture_output=True, text=True, timeout=60, check=False
    )
    assert answer.returncode == 1
    assert said in answer.stderr
    assert "Traceback" in answer.stderr
    assert ("flask migrate" in answer.stderr) == ("table" in said), "a trace alone helps nobody who forgot to"
    assert SAID not in answer.stderr


@pytest.mark.parametrize("kind", ["AdminShutdown", "CannotConnectNow", "ConnectionFailure"])
def test_a_server_that_goes_is_a_database_that_is_away(kind):
    assert is_away(OperationalError("", {}, getattr(psycopg.errors, kind)("gone")))
    assert is_away(OperationalError("", {}, Exception("gone"), connection_invalidated=True))
