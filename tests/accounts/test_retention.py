"""What is kept for a while goes when that while is over: not a moment before, and once."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from sqlalchemy import func, select

from community.accounts.jobs import forget
from community.accounts.titles import MailboxCode
from community.conversations.jobs import drop_ended
from community.conversations.models import Conversation, Message
from community.conversations.queries.talks import talk_seen
from community.conversations.services import keeping, members
from community.core import clock
from community.core.db import db, transaction
from community.notifications.jobs import tidy
from community.notifications.models import Notice
from community.notifications.services import delivery
from tests.make import conversations as talks
from tests.make.titles import a_few, claim

MOMENT = timedelta(minutes=1)


def left(table):
    db.session.expire_all()
    return db.session.scalar(select(func.count()).select_from(table))


def at(moment, job):
    """Run a job at that moment, twice: it is harmless."""
    with time_machine.travel(moment, tick=False):
        job()
        job()


def test_a_code_for_a_mailbox_that_is_over(app):
    ends = clock.now() + timedelta(minutes=30)
    hashes = {"code_hash": b"c" * 32, "institution_hash": b"i" * 32}
    with transaction() as session:
        row = claim(a_few()["member"])
        session.add(MailboxCode(credential_id=row.id, ends_at=ends, **hashes))
    at(ends - MOMENT, forget)
    assert left(MailboxCode) == 1
    at(ends + MOMENT, forget)
    assert left(MailboxCode) == 0


@pytest.mark.parametrize(("read", "stays"), [(True, 0), (False, 1)])
def test_a_notice_that_was_read(whole_cast, read, stays):
    came = clock.now()
    with transaction() as session:
        told = {"event": "welcome:1", "kind": "welcome", "about": "", "at": came, "read": read}
        session.add(Notice(persona_id=whole_cast["member"].persona_id, **told))
    at(came + delivery.READ_KEPT - MOMENT, tidy)
    assert left(Notice) == 1
    at(came + delivery.READ_KEPT + MOMENT, tidy)
    assert left(Notice) == stays


def test_a_conversation_that_everybody_left(whole_cast):
    who = whole_cast["lived"], whole_cast["member"]
    talk = talks.between(*who, subject="Tuesday", body="Would it do?")
    for one in who:
        at(clock.now() + timedelta(days=400), drop_ended)
        assert left(Conversation) == 1  # somebody is still in it
        with transaction():
            members.leave(one.viewer, talk_seen(one.viewer, talk.key))
    today = clock.now()
    at(today + keeping.KEPT - timedelta(days=1), drop_ended)
    assert left(Conversation) == 1
    at(today + keeping.KEPT + timedelta(days=1), drop_ended)
    assert (left(Conversation), left(Message)) == (0, 0)
