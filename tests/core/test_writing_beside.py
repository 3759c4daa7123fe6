"""What SQLite refuses past the session, and a connection on which somebody still reads."""

from __future__ import annotations

import sqlite3
from contextlib import nullcontext

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError

from community.core.changes import at_hand, stamps
from community.core.db import db, transaction
from tests.forum.lasting import SQLITE, Looks, lasting
from tests.make import forum as make


@pytest.fixture(scope="module")
def site(tmp_path_factory, worker_id):
    """A community that really keeps what it is sent."""
    with lasting(tmp_path_factory.mktemp("beside"), f"passerelle_beside_{worker_id}") as (app, cast):
        make.topic(make.space(), cast["lived"], "How do I talk about it?")
        yield app, cast


def test_a_cursor_that_nobody_closed_keeps_nobody_from_writing(site):
    """SQLite says at once that the database is locked: what the cursor reads is of before."""
    ask = sa.text("UPDATE topic SET title = title || :more")
    with db.engine.connect().execution_options(writing=True) as other:
        reading = db.session.connection().connection.cursor()
        reading.execute("SELECT name FROM persona")
        reading.fetchone()
        other.execute(ask, {"more": "!"})
        other.commit()
    db.session.rollback()  # its connection is the next that is used
    with transaction() as session:
        session.execute(ask, {"more": "?"})
    assert db.session.scalar(sa.text("SELECT title FROM topic")) == "How do I talk about it?!?"


def test_a_disk_that_lets_no_connection_be_opened_asks_to_come_back(site, monkeypatch):
    """Where kept pages are looked for, too: the page of a topic said that the fault was ours."""
    app, cast = site
    looks = Looks(app, cast)
    key = db.session.scalar(sa.text("SELECT key FROM topic"))
    address = f"topics/{key}"
    assert looks.at("member", "en", address).status_code == 200
    at_hand.of(app).close()

    def full(_self):
        raise sqlite3.OperationalError("database or disk is full")

    monkeypatch.setattr(at_hand.AtHand, "_opened", full)
    with pytest.raises(DBAPIError) if SQLITE else nullcontext():
        stamps.Reader(app).row("SELECT 1", ())
    assert looks.at("member", "en", address).status_code == (503 if SQLITE else 200)
