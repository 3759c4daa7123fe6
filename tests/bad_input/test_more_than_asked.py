"""Fields that a form does not have are no back door: what is saved is the same to the last column."""

from __future__ import annotations

import pytest
import sqlalchemy as sa
import time_machine

from community.core import clock
from community.core.db import db
from tests.conftest import ENGINE
from tests.rules import route_table, things
from tests.worlds.dice import loaded

# A draft keeps whatever form somebody is writing in, sealed and for themselves.
KEEPS_EVERYTHING = ("forum.keep_draft",)
ROWS = [
    row
    for row in route_table.read()
    if row.method != "GET" and "done" in row.answers.values() and row.endpoint not in KEEPS_EVERYTHING
]


def extra(place):
    """What an attacker would like to say of a row, under the names our tables use."""
    world = place.world
    other = world.cast["policy"].persona_id
    return {
        "id": "1",
        "author_id": other,
        "author": other,
        "persona_id": other,
        "persona": other,
        "member_id": world.cast["policy"].member_id,
        "reporter_id": other,
        "accepted_by": other,
        "invited_by": other,
        "actor_id": other,
        "by": other,
        "space_id": "1",
        "topic_id": "1",
        "post_id": "1",
        "state": "verified",
        "standing": "keeper",
        "duty": "administrator",
        "duties": "administrator",
        "role": "admin",
        "is_admin": "1",
        "administrator": "1",
        "verified": "1",
        "active": "0",
        "protected": "0",
        "archived": "1",
        "hidden": "1",
        "accepted": "1",
        "accepted_at": "2020-01-01 00:00:00",
        "answered_at": "2020-01-01 00:00:00",
        "created_at": "2020-01-01 00:00:00",
        "edited_at": "2020-01-01 00:00:00",
        "since": "2020-01-01",
        "until": "2099-01-01",
        "made_on": "2020-01-01",
        "number": "999",
        "last_number": "999",
        "post_count": "999",
        "helpful_count": "999",
        "html": "<script>",
        "html_version": "9",
        "skeleton": "x",
        "recovery_hash": "x",
        "imported_from": "x",
        "slug": "taken-over",
        "fs_uniquifier": "x",
        "confirmed_at": "2020-01-01",
        "see": "everyone",
        "audiences": "everyone",
        "moderate": "member",
    }


def differing(one, other):
    """The tables that hold other rows; where PostgreSQL puts a row that was changed says nothing."""
    return {
        name
        for name in {*one, *other}
        if sorted(map(repr, one.get(name, []))) != sorted(map(repr, other.get(name, [])))
    }


def _count_from_the_start():
    """PostgreSQL numbers rows on from those that were taken back; here each form gets the same numbers."""
    if ENGINE != "postgresql":
        return
    with db.engine.begin() as connection:
        counted = "SELECT setval(quote_ident(sequencename), 1000000) FROM pg_sequences"
        connection.execute(sa.text(f"{counted} WHERE schemaname = current_schema()"))


@pytest.fixture
def saved(place):
    """``saved(who, row, address, form)``: the answer, and every table that the form changes, as it leaves it.

    All forms of a test are sent in the same second, and with the same dice.
    """
    moment = clock.now()

    def send(who, row, address, form):
        _count_from_the_start()
        with time_machine.travel(moment, tick=False), loaded() as dice:
            dice.begin(str(row))
            return place.change(who, row.method, address, data=form)

    return send


@pytest.mark.parametrize("row", ROWS, ids=str)
def test_fields_that_a_form_does_not_have_are_ignored(place, saved, row):
    who = next(who for who, answer in row.answers.items() if answer == "done")
    address, form = place.path(row.endpoint, row.thing), things.form(place.world, row.endpoint, row.thing)
    # The fields the page really has are not more than asked.
    own = (*form, *things.OPTIONAL.get(row.endpoint, ()))
    more = {name: value for name, value in extra(place).items() if name not in own}
    sent = {**more, **{f"{name}[]": value for name, value in more.items()}, **form}
    answer, plain = saved(who, row, address, form)
    other, found = saved(who, row, f"{address}?{'&'.join(f'{n}={v}' for n, v in more.items())}", sent)
    if differing(plain, found):
        answer, plain = saved(who, row, address, form)  # some things are drawn the first time only
    assert other.status_code == answer.status_code
    changed = differing(plain, found)
    assert not changed, f"extra fields of {row}, in the form or in its address, change {changed}"


def test_the_forms_leave_something_that_can_be_compared(place, saved):
    row = next(row for row in ROWS if row.endpoint == "forum.reply" and row.answers["member"] == "done")
    address, form = place.path(row.endpoint, row.thing), things.form(place.world, row.endpoint, row.thing)
    _, plain = saved("member", row, address, form)
    _, other = saved("member", row, address, {**form, "body": "Something else."})
    assert "post" in differing(plain, other)
