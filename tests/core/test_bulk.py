"""Many rows at once: what is new is kept as it is, what is there stays as it was."""

from __future__ import annotations

import pytest
from sqlalchemy import event, select

from community.core import bulk, clock
from community.core.bulk import insert_new
from community.core.db import db, transaction
from community.directory.models import Record

ODD = ("\\N", "a\tb", "a\nb", "\r\n", "back\\slash", '"quoted"', "é – 𝒳", "", "{}", "NULL")


def row(number, data="{}", parent=None):
    return {
        "kind": "service",
        "id": f"00000000-0000-4000-8000-{number:012}",
        "data": data,
        "parent_id": parent,
        "withheld": bool(number % 2),
        "state": "public",
        "source": "test",
        "changed_at": clock.now(),
    }


def kept():
    rows = select(Record.id, Record.data, Record.parent_id, Record.withheld, Record.changed_at)
    return {one.id: one for one in db.session.execute(rows.where(Record.source == "test"))}


@pytest.mark.parametrize("number", [1, bulk.FEW, bulk.FEW + 1, 500])
def test_rows_are_kept_as_they_are(app, number):
    rows = [row(n, ODD[n % len(ODD)], "x" if n % 3 else None) for n in range(number)]
    with transaction():
        insert_new(Record, rows)
    found = kept()
    assert len(found) == number
    for one in rows:
        there = found[one["id"]]
        assert (there.data, there.parent_id) == (one["data"], one["parent_id"])
        assert (there.withheld, there.changed_at) == (one["withheld"], one["changed_at"])


@pytest.mark.parametrize("there", [0, 7, 49])
def test_of_many_rows_those_that_are_there_stay_and_the_others_come(app, there):
    with transaction():
        insert_new(Record, [row(there, "first")])
    with transaction():
        insert_new(Record, [row(900, "before")])
        insert_new(Record, [row(n, "second") for n in range(50)])
        insert_new(Record, [row(901, "after")])
    said = {id: one.data for id, one in kept().items()}
    assert said.pop(row(there)["id"]) == "first"
    assert sorted(said.values()) == ["after", "before", *["second"] * 49]


def test_no_rows_ask_nothing(app):
    asked = []
    event.listen(db.engine, "before_cursor_execute", listener := lambda *given: asked.append(given[2]))
    insert_new(Record, [])
    event.remove(db.engine, "before_cursor_execute", listener)
    assert asked == []
