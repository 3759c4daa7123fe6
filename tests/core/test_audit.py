"""The chain of acts shows any entry that was changed, removed or put in between."""

from __future__ import annotations

import random

import pytest
from sqlalchemy import text

from community.core import audit
from community.core.db import transaction

CHANGES = [
    "UPDATE audit_entry SET act = 'other' WHERE number = :n",
    "UPDATE audit_entry SET actor_id = 'somebody' WHERE number = :n",
    'UPDATE audit_entry SET detail = \'{"why": "else"}\' WHERE number = :n',
    "UPDATE audit_entry SET target = 'x' WHERE number = :n",
    "DELETE FROM audit_entry WHERE number = :n",
]


@pytest.fixture
def chain(db_session):
    with transaction():
        for n in range(6):
            audit.record("persona", "space.edited", f"space:{n}", why="because", n=n)
    return db_session


def test_a_whole_chain_has_no_break(chain):
    assert audit.first_break() is None


@pytest.mark.parametrize("change", CHANGES)
def test_any_changed_or_removed_entry_is_found(chain, change):
    number = random.Random(change).randint(1, 5)  # noqa: S311
    with transaction():
        chain.execute(text(change), {"n": number})
    chain.expire_all()
    assert audit.first_break() == number


def test_the_command_says_whether_the_chain_is_whole(app, chain):
    result = app.test_cli_runner().invoke(args=["audit", "verify"])
    assert "whole" in result.output
