"""A form sent twice makes one thing."""

from __future__ import annotations

import pytest
from sqlalchemy.exc import IntegrityError

from community.core import clock, idempotency
from community.core.db import transaction
from community.core.errors import Invalid
from community.core.idempotency import once
from community.core.store import get, put


def make() -> str:
    put("made", get("made", 0) + 1)
    return f"/made/{get('made')}"


def test_the_second_send_gets_the_first_answer(db_session):
    assert once("key", "ann", make) == "/made/1"
    assert once("key", "ann", make) == "/made/1"
    assert get("made") == 1


def test_a_row_that_is_there_already_is_refused_in_the_words_of_sqlalchemy(db_session):
    with transaction():
        idempotency._TAKE.change(hashed="a", day=clock.today())
    with pytest.raises(IntegrityError), transaction():
        idempotency._TAKE.change(hashed="a", day=clock.today())


def test_another_person_or_form_makes_another_thing(db_session):
    assert once("key", "ann", make) == "/made/1"
    assert once("key", "bob", make) == "/made/2"
    assert once("another", "ann", make) == "/made/3"


def test_a_form_that_failed_can_be_sent_again(db_session):
    def fails() -> str:
        put("made", 9)
        raise Invalid("title", "too short")

    with pytest.raises(Invalid):
        once("key", "ann", fails)
    assert get("made") is None
    assert once("key", "ann", make) == "/made/1"
