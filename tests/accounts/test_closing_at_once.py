"""Closing an account while something else happens to it: no name is left with nobody behind it."""

from __future__ import annotations

import pytest

from community.accounts import checks, proposals, vault
from community.accounts.members import User
from community.accounts.privacy import closing
from community.accounts.services import personas
from community.accounts.services.personas import Wish
from community.core.db import db, transaction
from tests import cast as people
from tests.at_once import stored_at_once
from tests.make import accounts as make

ROUNDS = 6


@pytest.fixture(scope="module")
def apart(tmp_path_factory, worker_id):
    """A community of its own: threads see only what was really stored."""
    with make.own_app(tmp_path_factory.mktemp("closing"), f"passerelle_closing_{worker_id}") as app:
        yield app


def both_at_once(app, *acts):
    """How each ended: the kind of refusal, or nothing."""
    ended = stored_at_once(app, acts)
    db.session.expire_all()
    return sorted(type(one).__name__ if isinstance(one, Exception) else "" for one in ended)


def _somebody(number):
    with transaction():
        return people.persona(f"Robin Tallgrass {number}")


@pytest.mark.parametrize("number", range(ROUNDS))
def test_a_name_made_while_the_account_closes_is_not_left_behind(apart, number):
    who = _somebody(number)
    chosen = {who.persona_id: "former"}
    wish = Wish("protected", proposals.propose("en", 1)[0], (), None, "en")
    ended = both_at_once(
        apart,
        lambda: closing.close(who.member_id, chosen),
        lambda: personas.make(who.member_id, wish),
    )
    closed = db.session.get(User, who.member_id) is None
    assert ended == (["", "NotFound"] if closed else ["", "Invalid"])
    assert closed == (vault.personas_of(who.member_id) == {})
    assert not list(checks.halves())


def test_of_two_who_close_it_at_once_one_finds_it_closed(apart):
    who = _somebody(ROUNDS)
    chosen = {who.persona_id: "former"}
    twice = [lambda: closing.close(who.member_id, chosen)] * 2
    assert both_at_once(apart, *twice) == ["", "NotFound"]
    assert db.session.get(User, who.member_id) is None
