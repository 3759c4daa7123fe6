"""The database is locked, the disk is full, the index is gone: nobody loses what they wrote."""

from __future__ import annotations

import contextlib
import shutil

import pytest
import sqlalchemy as sa

from community.core import db as database
from community.core.db import db
from tests import cast as people
from tests.conftest import ENGINE, Browser, build_app
from tests.make import world as worlds

WORDS = "Words that took an hour to find: never lose them."


@pytest.fixture(scope="module")
def site(tmp_path_factory, worker_id):
    """A community that really saves what it is sent, and does not wait long for a lock."""
    patience, pages = database.SQLITE_SETTINGS["busy_timeout"], dict(database.PAGE_PATIENCE)
    database.SQLITE_SETTINGS["busy_timeout"] = "100"
    database.PAGE_PATIENCE["lock_timeout"] = 100
    app = build_app(tmp_path_factory.mktemp("machines"), f"passerelle_machines_{worker_id}")
    app.config["WTF_CSRF_ENABLED"] = False
    app.test_client_class = Browser
    with app.app_context():
        world = worlds.build(people.assemble())
        db.session.remove()
        yield app, world
        db.session.remove()
        db.engine.dispose()
    database.SQLITE_SETTINGS["busy_timeout"] = patience
    database.PAGE_PATIENCE.update(pages)


@pytest.fixture
def robin(site):
    app, world = site
    return world.cast["member"].signs_in(app.test_client())


def topic_address(site):
    return f"/en/topics/{site[1].topics['public-square open'].key}"


def posts(site):
    """How many are there; holds no lock afterwards, not even a reader's."""
    db.session.remove()
    count = db.session.scalar(sa.text("SELECT count(*) FROM post"))
    db.session.remove()
    return count


@contextlib.contextmanager
def locked():
    """Somebody else holds the database for writing."""
    engine = sa.create_engine(db.engine.url)
    with engine.connect() as other:
        if ENGINE == "sqlite":
            other.exec_driver_sql("BEGIN IMMEDIATE")
        else:
            other.exec_driver_sql("LOCK TABLE post, topic, once, draft IN EXCLUSIVE MODE")
        try:
            yield
        finally:
            other.rollback()
    engine.dispose()


@contextlib.contextmanager
def full():
    """The disk takes nothing more: SQLite may not grow by a page; PostgreSQL says so at the commit."""
    if ENGINE == "sqlite":
        yield from _full_sqlite()
        return
    with db.engine.begin() as connection:
        connection.exec_driver_sql(
            "CREATE OR REPLACE FUNCTION disk_full() RETURNS trigger AS $$ BEGIN "
            "RAISE EXCEPTION 'could not extend file' USING ERRCODE = '53100'; END $$ LANGUAGE plpgsql"
        )
        connection.exec_driver_sql(
            "CREATE CONSTRAINT TRIGGER full_disk AFTER INSERT ON post DEFERRABLE INITIALLY DEFERRED "
            "FOR EACH ROW EXECUTE FUNCTION disk_full()"
        )
    try:
        yield
    finally:
        with db.engine.begin() as connection:
            connection.exec_driver_sql("DROP TRIGGER full_disk ON post")


def _full_sqlite():
    def no_more(connection, _record, *_more):
        pages = connection.execute("PRAGMA page_count").fetchone()[0]
        connection.execute(f"PRAGMA max_page_count={pages}")

    sa.event.listen(db.engine, "checkout", no_more)
    try:
        yield
    finally:
        sa.event.remove(db.engine, "checkout", no_more)
        db.session.remove()
        db.engine.dispose()  # each connection was told; new ones know of no limit


def test_a_locked_database_gives_the_words_back(site, robin):
    before = posts(site)
    with locked():
        answer = robin.post(f"{topic_address(site)}/replies", data={"body": WORDS})
        assert answer.status_code == 503
        assert WORDS in answer.get_data(as_text=True)
        assert answer.headers["Retry-After"]
        assert robin.get(topic_address(site)).status_code == 200, "reading goes on"
    assert posts(site) == before
    assert robin.post(f"{topic_address(site)}/replies", data={"body": WORDS}).status_code == 303
    assert posts(site) == before + 1


@pytest.mark.skipif(ENGINE == "sqlite", reason="SQLite has no limit for a statement")
def test_a_statement_without_end_is_ended_for_pages_and_not_for_commands(site):
    limits = ("lock_timeout", "statement_timeout")
    for patient, found in ((False, ["100ms", "20s"]), (True, ["0", "0"])):
        engine = sa.create_engine(db.engine.url, **database.postgres_options(patient=patient))
        with engine.connect() as connection:
            assert [connection.exec_driver_sql(f"SHOW {name}").scalar() for name in limits] == found
        engine.dispose()


def test_a_full_disk_gives_the_words_back(site, robin):
    before = posts(site)
    long = WORDS + " word" * 3000
    with full():
        answer = robin.post(f"{topic_address(site)}/replies", data={"body": long})
        assert answer.status_code == 503
        assert WORDS in answer.get_data(as_text=True)
        assert robin.get(topic_address(site)).status_code == 200, "reading goes on"
    assert posts(site) == before
    assert robin.post(f"{topic_address(site)}/replies", data={"body": long}).status_code == 303
    assert posts(site) == before + 1


def test_a_database_that_is_away_says_so_in_both_languages(site, robin, monkeypatch):
    def away(*_facts, **_named):
        raise sa.exc.OperationalError("SELECT 1", {}, OSError("connection refused"))

    engine = db.engine
    db.session.remove()
    engine.dispose()
    sa.event.listen(engine, "do_connect", away)
    try:
        for lang in ("fr", "en"):
            answer = robin.get(f"/{lang}/")
            assert answer.status_code == 503
            assert f'lang="{lang}' in answer.get_data(as_text=True)
        assert site[0].test_client().get("/healthz").status_code == 200
        assert site[0].test_client().get("/readyz").status_code == 503
        kept = robin.post(f"{topic_address(site)}/replies", data={"body": WORDS})
        assert kept.status_code == 503
        assert WORDS in kept.get_data(as_text=True)
    finally:
        sa.event.remove(engine, "do_connect", away)
    assert robin.get("/en/").status_code == 200


@pytest.mark.skipif(ENGINE != "sqlite", reason="in the large size the index is in the database")
def test_an_index_deleted_while_running_is_built_again(site, robin):
    from community.core.jobs import run_waiting_jobs

    app, _ = site
    robin.post(f"{topic_address(site)}/replies", data={"body": "Chrysanthemum is a word of this test."})
    run_waiting_jobs()
    found = robin.get("/en/search?q=chrysanthemum")
    assert found.status_code == 200
    assert "public-square open" in found.get_data(as_text=True)
    folders = [
        path
        for path in app.extensions["settings"].instance_dir.iterdir()
        if "index" in path.name or "search" in path.name
    ]
    assert folders, "where is the index?"
    for folder in folders:
        shutil.rmtree(folder)
    for _ in range(2):
        answer = robin.get("/en/search?q=chrysanthemum")
        assert answer.status_code in {200, 503}, "it answers, or says that it cannot"
    run_waiting_jobs()
    again = robin.get("/en/search?q=chrysanthemum")
    assert again.status_code == 200
    assert "public-square open" in again.get_data(as_text=True)
