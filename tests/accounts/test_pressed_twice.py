"""A button pressed twice, or in two windows: it is done once, and nobody is told that nothing was saved."""

from __future__ import annotations

import pytest
from sqlalchemy import func, select

from community.accounts.members import Authenticator, Consent, KnownDevice
from community.accounts.models import Duty
from community.accounts.services import authenticator, devices, duties, joining
from community.conversations.models import ContactAttempt, Reach
from community.conversations.services import contacts, starting
from community.core.db import db, transaction
from tests import cast as people
from tests.at_once import at_once, stored_at_once
from tests.make import accounts as make

MANY = 6


@pytest.fixture(scope="module")
def apart(tmp_path_factory, worker_id):
    """A community of its own: threads see only what was really stored."""
    with make.own_app(tmp_path_factory.mktemp("twice"), f"passerelle_twice_{worker_id}") as app:
        with transaction():
            ada = people.persona("Ada Ash")
            people.duty(ada, "administrator")
        yield app, ada


def many_at_once(app, act):
    """What each of many got who did this at the same moment; a fault is given back as it is."""
    return at_once(app, [act] * MANY)


def kept(app, change):
    """The same for a change that is stored."""
    return stored_at_once(app, [change] * MANY)


def rows(table):
    return db.session.scalar(select(func.count()).select_from(table))


def test_signing_in_from_a_new_browser_twice_at_once_keeps_it_once(apart):
    app, _ada = apart
    someone = make.account("robin@example.org")
    for device, new in (("Firefox/Linux", 0), ("Safari/iPhone", 1)):
        got = kept(app, lambda device=device: devices.recognize(someone.member_id, device))
        assert sorted(got) == [False] * (MANY - new) + [True] * new
    assert rows(KnownDevice) == 2


def test_signing_in_is_answered_each_time(apart):
    app, _ada = apart
    make.account("lea@example.org", "Lea Orme")
    got = many_at_once(app, lambda: make.sign_in(app.test_client(), "lea@example.org").status_code)
    assert got == [302] * MANY


def test_one_consent_one_choice_one_app_one_duty(apart):
    app, ada = apart
    someone = make.account("mo@example.org", "Mo Alder")
    secret = authenticator.draw()
    code = authenticator.code_now(secret)
    viewer = ada.viewer
    for table, act in (
        (Consent, lambda: joining.choose(someone.member_id, "research", True, "en")),
        (Reach, lambda: starting.open_door(viewer, "anybody")),
        (Authenticator, lambda: authenticator.set_up(someone.member_id, secret, code)),
        (Duty, lambda: bool(duties.give(viewer, someone.persona_id, "coordinator"))),
    ):
        before = rows(table)
        db.session.remove()
        got = kept(app, act)
        assert not [one for one in got if isinstance(one, Exception)], table
        assert rows(table) == before + 1, table


def test_each_first_try_to_hand_over_a_number_counts(apart):
    app, ada = apart
    assert kept(app, lambda: contacts.note_attempt(ada.viewer)) == [None] * MANY
    db.session.remove()
    assert db.session.get_one(ContactAttempt, ada.persona_id).count == MANY
