"""Days that pages show are those of where the site is: in the evening, UTC has tomorrow already."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from sqlalchemy import select

from community.accounts.members import Authenticator, Passkey
from community.accounts.models import Duty
from community.accounts.services import duties, institutions, operating
from community.accounts.services.credentials_steps import prove
from community.accounts.titles import Institution
from community.conversations.models import Conversation, Member
from community.conversations.services import keeping
from community.core import clock
from community.core.db import db, transaction
from community.core.help import HelpLine
from community.forum.models import Draft
from community.forum.services import drafts
from tests.make import conversations as talks
from tests.make.titles import claim

EVENING = datetime(2026, 11, 24, 3, 30, tzinfo=UTC)  # half past ten in Montréal


@pytest.fixture
def evening(whole_cast):
    with time_machine.travel(EVENING, tick=False):
        yield whole_cast


def test_what_opens_an_account_was_added_on_the_day_of_its_reader(evening):
    member = evening["member"].member_id
    with transaction():
        db.session.add(Passkey(member_id=member, credential_id=b"a key", public_key=b"half", label="A key"))
        db.session.add(Authenticator(member_id=member, sealed=b"a secret"))
    days = [
        db.session.scalar(select(row.added_on).where(row.member_id == member))
        for row in (Passkey, Authenticator)
    ]
    assert days == [date(2026, 11, 23)] * 2


def test_titles_institutions_and_duties_too(evening):
    with transaction():
        row = claim(evening["member"])
        prove(row, "issuer")
        institutions.add(evening["administrator"].viewer, "domain", "clinic.example", "A clinic")
        duties.give(evening["administrator"].viewer, evening["member"].persona_id, "coordinator")
    given = select(Duty.given_on).where(Duty.persona_id == evening["member"].persona_id)
    added = select(Institution.added_on).where(Institution.value == "clinic.example")
    assert row.proved_on == db.session.scalar(given) == db.session.scalar(added) == date(2026, 11, 23)


def test_a_conversation_left_in_the_evening_stays_its_thirty_days(evening):
    """Left by the day here and counted by that of UTC, it would go a day early."""
    talk = talks.between(evening["lived"], evening["member"], subject="Tuesday", body="Would it do?")
    with transaction():
        for row in db.session.scalars(select(Member).where(Member.conversation_key == talk.key)):
            row.left_on = date(2026, 11, 23)
    for days, stays in ((29, True), (30, False)):
        with time_machine.travel(EVENING + timedelta(days=days), tick=False), transaction():
            keeping.drop_ended()
        assert (db.session.scalar(select(Conversation.key)) is not None) == stays


def test_whatever_is_kept_by_a_day_is_kept_by_that_of_its_reader(evening):
    """Drafts, numbers of help lines, what a committee decides: each evening they were of tomorrow."""
    assert clock.today() == date(2026, 11, 23)
    administrator, writer = evening["administrator"].viewer, evening["member"].viewer
    with transaction():
        drafts.keep(writer, "space:public-square", {"body": "Not yet."})
        line = db.session.scalars(select(HelpLine).limit(1)).one()
        operating.called_line(administrator, line)
    saved = db.session.scalar(select(Draft.saved_on).where(Draft.persona_id == writer.persona_id))
    assert saved == line.checked == date(2026, 11, 23)


@pytest.mark.parametrize(("zone", "day"), [("America/St_Johns", 24), ("America/Vancouver", 23)])
def test_the_day_is_that_of_the_zone_of_the_site(evening, app, monkeypatch, zone, day):
    monkeypatch.setitem(app.extensions, "settings", replace(app.extensions["settings"], time_zone=zone))
    assert clock.today() == date(2026, 11, day)
