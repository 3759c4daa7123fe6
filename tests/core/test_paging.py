"""Lists page by key: every row once, in order, whatever was added in between; cursors say nothing."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from community.core.db import transaction
from community.core.errors import BadRequest
from community.core.jobs import Job
from community.core.paging import page_by_key

ORDER = [(Job.run_at, "desc"), (Job.id, "asc")]
START = datetime(2026, 1, 1, tzinfo=UTC)


@pytest.fixture
def rows(db_session):
    with transaction():
        for n in range(23):
            moment = START + timedelta(minutes=n // 4)  # several share a moment
            db_session.add(
                Job(id=f"row-{n:02d}", name="none", arguments={}, lane=0, run_at=moment, attempts=0)
            )
    return select(Job).where(Job.name == "none")


def walk(rows, size):
    found, cursor = [], None
    while True:
        page = page_by_key(rows, ORDER, cursor, size)
        found += [row.id for row in page.items]
        cursor = page.next_cursor
        if cursor is None:
            return found


@pytest.mark.parametrize("size", [1, 4, 5, 22, 23, 100])
def test_every_row_comes_once_and_in_order(db_session, rows, size):
    expected = [row.id for row in db_session.scalars(rows.order_by(Job.run_at.desc(), Job.id))]
    assert walk(rows, size) == expected


@pytest.mark.parametrize("cursor", ["x", "AAAAAAAAAAAAAAAAAAAAAAAA", "é", "0" * 500])
def test_a_made_up_cursor_is_not_understood(rows, cursor):
    with pytest.raises(BadRequest):
        page_by_key(rows, ORDER, cursor)


def test_a_cursor_of_another_list_is_not_understood(rows):
    cursor = page_by_key(rows, ORDER, None, 2).next_cursor
    with pytest.raises(BadRequest):
        page_by_key(rows, [(Job.id, "asc")], cursor)


def test_a_cursor_reveals_no_value(rows):
    cursor = page_by_key(rows, ORDER, None, 2).next_cursor
    assert cursor is not None
    assert "row" not in cursor
    assert "2026" not in cursor
