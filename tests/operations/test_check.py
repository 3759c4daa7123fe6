"""`flask check`: each thing that can be wrong is seen, and only counters are mended."""

from __future__ import annotations

import json

import pytest
from sqlalchemy import delete, select, text, update

from community.accounts.models import VaultRow
from community.core import audit, jobs
from community.core.audit import AuditEntry
from community.core.db import db, transaction
from community.core.idempotency import Once
from community.core.jobs import Job
from community.core.sealing import KeyFileProblem
from community.forum.models import Post, Topic
from community.search import services as search
from community.search.engine import site_index
from tests.make import forum as make


@pytest.fixture(autouse=True)
def sound(lived_in):
    """A sound community, an entry in its audit chain, and, after the test, as it was."""
    search.rebuild()
    yield
    db.session.remove()


def ask(app, *more):
    """The exit code, and what is wrong by the name of its check."""
    result = app.test_cli_runner().invoke(args=["check", "--json", *more])
    said = json.loads(result.stdout)
    wrong = {one["name"]: one["found"] or [one["skipped"]] for one in said["checks"] if not one["good"]}
    assert said["good"] == (not wrong)
    assert result.exit_code == (1 if wrong else 0)
    return wrong


def change(statement):
    with transaction():
        db.session.execute(statement)


def test_a_sound_community_is_good(lived_in):
    with transaction():
        audit.record("operator", "test")
    assert ask(lived_in[0]) == {}


@pytest.mark.parametrize(
    ("model", "column", "value", "name"),
    [
        (Topic, "post_count", 50, "counters of topics"),
        (Topic, "accepted_count", 3, "counters of topics"),
        (Post, "helpful_count", 9, "reactions"),
    ],
)
def test_a_counter_that_is_wrong_is_seen_and_mended(lived_in, model, column, value, name):
    row = db.session.scalars(select(model).where(model.state.in_(("open", "shown")))).all()[0]
    key, right = row.id, getattr(row, column)
    change(update(model).where(model.id == key).values({column: value}))
    assert set(ask(lived_in[0])) == {name}
    assert ask(lived_in[0], "--mend") == {}
    db.session.expire_all()
    assert getattr(db.session.get_one(model, key), column) == right


def test_half_a_link_is_seen_and_nobody_is_named(lived_in):
    app, world, _ = lived_in
    row = db.session.scalars(select(VaultRow)).all()[0]
    tag, sealed = row.tag, row.sealed
    change(delete(VaultRow).where(VaultRow.tag == tag))
    wrong = ask(app, "--mend")
    with transaction():
        db.session.add(VaultRow(tag=tag, sealed=sealed))
    assert set(wrong) == {"vault halves"}
    assert not any(one.persona_id in str(wrong) for one in world.cast.values() if one.persona_id)


def test_without_the_key_the_vault_is_not_called_good(lived_in):
    app = lived_in[0]
    ring = app.extensions["keyring"]
    app.extensions["keyring"] = KeyFileProblem("The key file cannot be read.")
    try:
        assert set(ask(app)) == {"key file", "vault halves"}
    finally:
        app.extensions["keyring"] = ring


def test_tables_of_another_version_are_told_of_and_the_rest_is_looked_at(lived_in):
    db.session.remove()
    with db.engine.begin() as connection:
        connection.execute(text("ALTER TABLE reaction RENAME TO reaction_of_before"))
    try:
        wrong = ask(lived_in[0], "--mend")
    finally:
        db.session.remove()
        with db.engine.begin() as connection:
            connection.execute(text("ALTER TABLE reaction_of_before RENAME TO reaction"))
    [sentence] = wrong["reactions"]
    assert sentence.startswith("the tables cannot be read: ")
    assert "reaction" in sentence
    assert "SELECT" not in sentence
    assert "audit chain" not in wrong
    assert ask(lived_in[0]) == {}


def test_a_changed_entry_a_dead_job_and_a_form_that_led_nowhere_are_seen(lived_in):
    with transaction():
        entry = audit.record("operator", "test")
        jobs.enqueue("core.forget_sent_forms")
        number, act = entry.number, entry.act
        day = db.session.scalars(select(Post)).all()[0].created_at.date()
        db.session.add(Once(key_hash="0" * 64, answer="", made_on=day))
    change(update(Job).values(state="dead"))
    change(update(AuditEntry).where(AuditEntry.number == number).values(act="other"))
    assert set(ask(lived_in[0])) == {"audit chain", "jobs given up", "sent forms"}
    change(delete(Job))
    change(delete(Once))
    change(update(AuditEntry).where(AuditEntry.number == number).values(act=act))


def test_an_index_that_lacks_something_or_has_too_much_is_seen(lived_in, monkeypatch):
    monkeypatch.setattr("community.search.checks.PAUSE", 0)
    app, world, _ = lived_in
    make.post(world.topics["public-square open"], world.cast["member"])
    assert set(ask(app)) == {"index against tables"}
    search.rebuild()
    hidden = db.session.scalars(select(Post).where(Post.state == "shown")).all()[0].id
    change(update(Post).where(Post.id == hidden).values(state="hidden"))
    assert "index against tables" in ask(app)
    change(update(Post).where(Post.id == hidden).values(state="shown"))
    assert site_index().ready()
