"""After an import the database knows how large its tables are: nothing is read through that has an index."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy import select

from community.accounts.viewer import VISITOR
from community.core import clock
from community.core.db import db, transaction
from community.core.jobs import Job
from community.core.planner import count_anew
from community.directory.cli import imports as commands
from community.directory.finding.wanted import Wanted
from community.directory.hsds.asking import understood
from community.directory.models import Document
from community.directory.permissions import documents_seen_by
from community.directory.queries import exchange, finding
from tests.conftest import build_app
from tests.make.directory import uuid

EMPTY = {
    "state": "public",
    "words": "",
    "listed": "{}",
    "digest": "",
    "changed_at": clock.now(),
}


@pytest.fixture
def site(tmp_path, worker_id, monkeypatch) -> Iterator[Flask]:
    monkeypatch.setattr(commands, "BREATH", 0)
    made = build_app(tmp_path, f"passerelle_counted_{worker_id}")
    with made.app_context():
        yield made
        db.session.remove()
        db.engine.dispose()


def grow(site: Flask, number: int) -> None:
    answer = site.test_cli_runner().invoke(args=["directory", "grow", str(number)])
    assert answer.exit_code == 0, answer.output


def bring_in(first: int, last: int) -> None:
    """Organizations as they stand in the table when an import begins to write; then they are counted."""
    with transaction():
        made = [{"kind": "organization", "id": uuid(str(one)), **EMPTY} for one in range(first, last)]
        db.session.execute(sa.insert(Document), made)
    count_anew([Document])


def plan(connection: sa.Connection, many: int) -> str:
    """How the services of so many ids are looked for; what is explained twice is not looked at again."""
    some = Document.id.in_([uuid(str(one)) for one in range(many)])
    asked = documents_seen_by(VISITOR).where(Document.kind == "service", some)
    said = asked.compile(connection, compile_kwargs={"literal_binds": True})
    words = "EXPLAIN" if connection.dialect.name == "postgresql" else "EXPLAIN QUERY PLAN"
    connection.execute(sa.text("SELECT count(*) FROM directory_document"))
    rows = connection.execute(sa.text(f"{words} {said}")).all()
    return "\n".join(str(row[-1]) for row in rows).upper()


def test_a_process_that_ran_meanwhile_finds_what_came_in_by_its_index(site):
    bring_in(0, 200)
    with sa.create_engine(db.engine.url, poolclass=sa.NullPool).connect() as before:
        assert "SCAN DIRECTORY" in plan(before, 50).replace("SEQ SCAN ON", "SCAN")
        before.commit()
        bring_in(200, 5_000)
        assert "SCAN DIRECTORY" not in plan(before, 51).replace("SEQ SCAN ON", "SCAN")


def test_once_lists_are_made_of_it_all_is_counted_again(site):
    grow(site, 2)
    names = db.session.scalars(select(Job.name).order_by(Job.run_at, Job.id)).all()
    assert names.index("core.count_rows") > names.index("directory.receivers.lists_show_them")


def explained(about, ask):
    """How the database finds what the first statement that says this is asked for."""
    heard = []

    def hear(_connection, _cursor, statement, values, *_):
        if about in statement:
            heard.append((statement, values))

    sa.event.listen(db.engine, "before_cursor_execute", hear)
    ask()
    sa.event.remove(db.engine, "before_cursor_execute", hear)
    connection = db.session.connection()
    words = "EXPLAIN" if connection.dialect.name == "postgresql" else "EXPLAIN QUERY PLAN"
    statement, values = heard[0]
    return "\n".join(row[-1] for row in connection.exec_driver_sql(f"{words} {statement}", values))


def test_what_is_open_now_is_not_looked_for_by_when_it_closes(site):
    wanted = Wanted(wish=frozenset({"open"}))
    said = explained("open_from <=", lambda: finding.search(VISITOR, wanted, by_clinician=False))
    assert said
    assert "ix_directory_listing_open_until" not in said


def test_services_that_carry_a_term_are_counted_without_their_texts(site):
    asked = understood("services", [("taxonomy_term_id", uuid("term"))])
    said = explained("count(", lambda: exchange.page(VISITOR, "services", asked))
    assert "state=? AND id=?" in said or "directory_document.id" in said
    assert "directory_document.service_id" not in said


def test_what_fits_is_found_in_the_index_without_the_cards(site):
    """A card fills a fifth of a page of PostgreSQL's: to read them took twice as long as the index."""
    if db.engine.dialect.name == "postgresql":  # few rows are read at once, whatever the index holds
        db.session.execute(sa.text("SET LOCAL enable_seqscan = off"))
        db.session.execute(sa.text("SET LOCAL enable_bitmapscan = off"))
    wanted = Wanted(wish=frozenset({"free"}))
    said = explained("LIMIT", lambda: finding.search(VISITOR, wanted, by_clinician=False))
    assert re.search("(COVERING INDEX|Index Only Scan using) ix_directory_listing_find", said)
