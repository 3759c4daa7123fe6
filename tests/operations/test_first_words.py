"""Words a community was started with: an upgrade brings them up to date where nobody changed them."""

from __future__ import annotations

import runpy

import pytest
import sqlalchemy as sa
from alembic.migration import MigrationContext
from alembic.operations import Operations

from community.core.db import db, transaction
from community.core.help import load_lines
from community.forum.services.spaces import load_first_spaces
from community.moderation.services.keeping import load_reasons
from ground.console import ROOT

STEP = runpy.run_path(str(ROOT / "migrations" / "versions" / "2026_11_26_first_words.py"))


def at(table, key, one, column):
    """The column of the words, and which row is meant."""
    row = sa.table(table, sa.column(key), sa.column(column))
    return row, row.c[column], row.c[key] == one


def now(*where):
    _, words, one = at(*where)
    return db.session.scalar(sa.select(words).where(one))


def write(*where, words):
    row, column, one = at(*where)
    db.session.execute(sa.update(row).where(one).values({column: words}))
    assert now(*where) == words


def upgrade():
    with Operations.context(MigrationContext.configure(db.session.connection())):
        STEP["upgrade"]()


@pytest.fixture
def started(app):
    """A community as it begins: its spaces, its help lines, the words of its decisions."""
    with transaction():
        for load in (load_lines, load_first_spaces, load_reasons):
            load()


@pytest.mark.usefixtures("started")
@pytest.mark.parametrize("row", STEP["WORDS"], ids=lambda row: f"{row[0]} {row[2]}")
def test_words_of_before_become_those_a_community_begins_with_now(row):
    *where, before, _ = row
    begun = now(*where)
    write(*where, words=before)
    upgrade()
    upgrade()
    assert now(*where) == begun


@pytest.mark.usefixtures("started")
@pytest.mark.parametrize("row", STEP["WORDS"], ids=lambda row: f"{row[0]} {row[2]}")
def test_words_that_somebody_changed_stay(row):
    *where, before, _ = row
    write(*where, words=f"{before[:-1]}!")
    upgrade()
    assert now(*where) == f"{before[:-1]}!"
