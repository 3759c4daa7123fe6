"""Rules that stand behind another one: no page would show at once that they fail, so each is asked alone.

A page of a committee's meeting first asks for its committee, and the register of incidents first asks for a
duty. Were only the rule on the rows lost, every page would still answer as before, until the day somebody
lists them elsewhere. ``rows.txt`` says by hand who sees some of the rows and who sees all.
"""

from __future__ import annotations

from importlib import import_module
from pathlib import Path

import pytest
from sqlalchemy import select

from community.core.db import db
from community.directory.permissions import terms_seen_by
from ground import mutate
from tests import cast as people

GROUPS = {"everybody": people.NAMES, "members": people.NAMES[1:], "-": ()}


def _who(words):
    return {name for word in words.split() for name in GROUPS.get(word, (word,))}


def _read():
    lines = (Path(__file__).parent / "rows.txt").read_text("utf-8").splitlines()
    cells = [
        [cell.strip() for cell in line.split("|")] for line in lines if line and not line.startswith("#")
    ]
    return {rule: (_who(some), _who(every)) for rule, some, every in cells}


TABLE = _read()


def test_the_table_holds_every_rule_that_keeps_something_from_somebody():
    assert sorted(TABLE) == sorted(rule for rule in mutate.rules() if not mutate.is_open(rule))


@pytest.mark.parametrize("named", TABLE)
def test_rows_are_seen_by_those_the_table_says(place, named):
    module, _, name = named.partition(":")
    rule = getattr(import_module(module), name)
    with place.app.app_context():
        rows = {who: _keys(rule(place.world.cast[who].viewer)) for who in people.NAMES}
        table = rule(place.world.cast["visitor"].viewer).column_descriptions[0]["entity"]
        every = _keys(select(table))
        db.session.remove()
    assert every, "a table without rows shows nothing"
    assert {who for who in rows if rows[who]} == TABLE[named][0]
    assert {who for who in rows if rows[who] == every} == TABLE[named][1]


def _keys(rows):
    found = db.session.scalars(rows.options()).unique()
    return {tuple(map(str, db.inspect(row).identity)) for row in found}


def test_terms_are_for_everybody_and_nothing_else_is_among_them(place):
    visitor = place.world.cast["visitor"].viewer
    wanted = str(terms_seen_by(visitor).compile(compile_kwargs={"literal_binds": True}))
    assert "'taxonomy', 'taxonomy_term'" in wanted
    assert "state = 'public'" in wanted
