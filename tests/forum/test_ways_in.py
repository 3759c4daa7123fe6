"""The list of docs/guard.md: what stands before each column that may hold a sentence."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import sqlalchemy as sa

import community
from community.core.db import db

CODE = Path(community.__file__).parent
GUARD = CODE.parent / "docs" / "guard.md"
SHORT = 40  # a key, a code or a day, and no sentence
_ROW = re.compile(r"^\| ([^|]+) \| ([^|]+) \| [^|]* \|$", re.M)
_PLACE = re.compile(r'\b(?:Text|look|_ask)\(\s*"([a-z_]+)",')


def may_hold_a_sentence(column):
    kind = getattr(column.type, "impl", column.type)
    if isinstance(kind, sa.JSON | sa.LargeBinary):
        return True
    return isinstance(kind, sa.String) and (kind.length or SHORT + 1) > SHORT


@pytest.fixture(scope="module")
def ways():
    """What stands before it, with the columns it stands before."""
    part = GUARD.read_text("utf-8").split("## Every way in")[1].split("\n## ")[0]
    rows = [(way, re.findall(r"`(\w+\.\w+)`", columns)) for way, columns in _ROW.findall(part)]
    return [(way, columns) for way, columns in rows if columns]


def test_each_column_that_may_hold_a_sentence_says_what_stands_before_it(app, ways):
    listed = [column for _way, columns in ways for column in columns]
    there = {
        f"{table.name}.{column.name}"
        for table in db.metadata.tables.values()
        for column in table.columns
        if may_hold_a_sentence(column)
    }
    assert len(listed) == len(set(listed))
    assert there - set(listed) == set(), "say in docs/guard.md what stands before it"
    assert set(listed) - there == set(), "no longer there"


def test_each_place_that_the_hook_is_asked_about_is_in_the_list_and_asked_about(ways):
    named = {place for way, _columns in ways for place in re.findall(r"^hook: `(\w+)`$", way)}
    asked = {place for file in CODE.rglob("*.py") for place in _PLACE.findall(file.read_text("utf-8"))}
    assert named == asked
