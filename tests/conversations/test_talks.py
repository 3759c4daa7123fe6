"""A conversation: sent, read, left, muted; sealed where it lies, and seen by those in it alone."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
import sqlalchemy as sa
import time_machine
from sqlalchemy import select

from community.accounts.services import joining
from community.conversations import permissions as rules
from community.conversations.models import Conversation, Member, Message
from community.conversations.queries import talks
from community.conversations.services import keeping, members, messages
from community.core import archives, clock, pings
from community.core.db import db, transaction
from community.core.errors import Conflict, NotAllowed, NotFound
from community.core.jobs import run_waiting_jobs
from community.notifications import letters
from community.notifications import queries as told
from community.notifications.models import Letter
from tests import cast as people
from tests.make import conversations as make

SECRET = "Xylophones are what we agreed on"


@pytest.fixture
def talk(cast):
    """The member wrote to the physician, who answered."""
    found = make.between(cast["member"], cast["physician"], body=SECRET, subject="About Tuesday xylophones")
    make.says(cast["physician"], found, "It was so.")
    return found


def test_those_in_it_read_it_in_order(cast, talk):
    for who in ("member", "physician"):
        assert make.bodies(cast[who], talk) == [SECRET, "It was so."]
    page = talks.talk_page(cast["physician"].viewer, talks.talk_seen(cast["physician"].viewer, talk.key))
    assert page.subject == "About Tuesday xylophones"
    assert [one.face.name for one in page.people] == ["Noemie Larch", "Robin Tallgrass"]


def test_seen_one_by_one_and_by_query_are_the_same_for_the_whole_cast(cast, talk):
    make.between(cast["lived"], cast["moderator"])
    with transaction():
        members.leave(cast["physician"].viewer, talks.talk_seen(cast["physician"].viewer, talk.key))
    make.between(cast["coordinator"], cast["physician"], cast["member"])
    of = {row.key: talks.members_of(row.key) for row in db.session.scalars(select(Conversation))}
    every = db.session.scalars(select(Message)).all()
    for name, who in cast.items():
        viewer = who.viewer
        seen = {row.key for row in db.session.scalars(rules.conversations_seen_by(viewer))}
        assert seen == {key for key, those in of.items() if rules.may_see_conversation(viewer, those)}, name
        read = {row.key for row in db.session.scalars(rules.messages_seen_by(viewer))}
        shown = {row.key for row in every if rules.may_see_message(viewer, row, of[row.conversation_key])}
        assert read == shown, name
        assert bool(seen) == (name in {"member", "physician", "lived", "moderator", "coordinator"})


def test_no_duty_opens_it(cast, talk):
    for name in ("administrator", "coordinator", "moderator", "visitor"):
        with pytest.raises(NotFound):
            talks.talk_seen(cast[name].viewer, talk.key)
        with pytest.raises(NotFound):
            make.says(cast[name], talk)


def test_a_copy_of_the_database_reads_none_of_it(cast, talk):
    names = ("conversation", "message", "conversation_member", "job", "notice")
    whole = b"".join(
        bytes(cell) if isinstance(cell, (bytes, memoryview)) else str(cell).encode()
        for name in names
        for row in db.session.execute(sa.text(f"SELECT * FROM {name}"))  # noqa: S608 - names of tables
        for cell in row
    )
    assert whole
    assert b"ylophone" not in whole


def test_a_message_put_in_another_place_does_not_open(cast, talk):
    other = make.between(cast["lived"], cast["moderator"])
    with transaction():
        moved = db.session.scalars(select(Message).where(Message.conversation_key == talk.key)).all()[0]
        there = db.session.scalars(select(Message).where(Message.conversation_key == other.key)).one()
        there.sealed = moved.sealed
    assert make.reads(cast["lived"], other)[0].lost
    assert not make.reads(cast["member"], talk)[0].lost


def test_whoever_left_reads_what_came_before_and_nothing_after(cast, talk):
    with transaction():
        members.leave(cast["physician"].viewer, talks.talk_seen(cast["physician"].viewer, talk.key))
    with pytest.raises(NotAllowed):
        make.says(cast["physician"], talk)
    with pytest.raises(Conflict) as refused:  # nobody is left to read
        make.says(cast["member"], talk, "Words that must not be lost")
    assert refused.value.yours == "Words that must not be lost"
    assert make.bodies(cast["physician"], talk) == [SECRET, "It was so."]
    assert not talks.list_of(cast["physician"].viewer, None).items
    assert len(talks.list_of(cast["physician"].viewer, None, left=True).items) == 1
    page = talks.talk_page(cast["member"].viewer, talks.talk_seen(cast["member"].viewer, talk.key))
    assert [one.left_on for one in page.people] == [None, clock.today()]


@pytest.mark.parametrize(
    ("at", "day"),
    [("2026-11-22T23:59:00+00:00", 22), ("2026-11-23T04:59:00+00:00", 22), ("2026-11-23T05:01:00+00:00", 23)],
)
def test_the_day_somebody_left_is_that_of_the_site_and_not_the_next_one_in_the_evening(cast, talk, at, day):
    """Beside a protected name a day of UTC would tell the evening from the afternoon."""
    with time_machine.travel(at, tick=False), transaction():
        members.leave(cast["physician"].viewer, talks.talk_seen(cast["physician"].viewer, talk.key))
    page = talks.talk_page(cast["member"].viewer, talks.talk_seen(cast["member"].viewer, talk.key))
    assert [one.left_on for one in page.people] == [None, date(2026, 11, day)]


def test_in_a_larger_one_the_others_go_on_and_whoever_left_hears_nothing(cast):
    talk = make.between(cast["member"], cast["physician"], cast["policy"])
    with transaction():
        members.leave(cast["physician"].viewer, talks.talk_seen(cast["physician"].viewer, talk.key))
    other = make.between(cast["member"], cast["physician"], cast["policy"])
    with transaction():
        members.leave(cast["physician"].viewer, talks.talk_seen(cast["physician"].viewer, other.key))
    before = [one.key for one in talks.list_of(cast["physician"].viewer, None, left=True).items]
    for key in (talk, other):  # whichever was the last before: one of them comes to the top
        make.says(cast["policy"], key, "Afterwards.")
        assert [one.key for one in talks.list_of(cast["physician"].viewer, None, left=True).items] == before
    with time_machine.travel(clock.now() + timedelta(days=2)), transaction():
        members.leave(cast["policy"].viewer, talks.talk_seen(cast["policy"].viewer, talk.key))
    page = talks.talk_page(cast["physician"].viewer, talks.talk_seen(cast["physician"].viewer, talk.key))
    assert sum(one.left_on is not None for one in page.people) == 1  # that of the one who looks
    assert make.bodies(cast["member"], talk)[-1] == "Afterwards."
    assert len(make.bodies(cast["physician"], talk)) == 1
    run_waiting_jobs()
    assert told.unread_count(cast["physician"].viewer) == 0


def test_the_unread_mark_moves_forward_only_and_nobody_else_sees_it(cast, talk):
    viewer = cast["member"].viewer
    assert talks.unread_count(viewer) == 1
    with transaction():
        messages.read_up_to(viewer, talks.talk_seen(viewer, talk.key), 99)
        messages.read_up_to(viewer, talks.talk_seen(viewer, talk.key), 1)
    assert talks.unread_count(viewer) == 0
    assert db.session.get_one(Member, (talk.key, cast["member"].persona_id)).read_number == 2


def test_ten_messages_are_one_notice_that_goes_when_they_are_read(cast, talk):
    run_waiting_jobs()
    with transaction():
        messages.read_up_to(cast["member"].viewer, talks.talk_seen(cast["member"].viewer, talk.key), 2)
    run_waiting_jobs()
    assert told.unread_count(cast["member"].viewer) == 0
    for number in range(10):
        make.says(cast["physician"], talk, f"Number {number}")
    run_waiting_jobs()
    assert told.unread_count(cast["member"].viewer) == 1
    view = told.page_of(cast["member"].viewer, None).items[0]
    assert (view.kind, view.who, view.title) == ("message", "", "")
    with transaction():
        messages.read_up_to(cast["member"].viewer, talks.talk_seen(cast["member"].viewer, talk.key), 12)
    run_waiting_jobs()
    assert told.unread_count(cast["member"].viewer) == 0


def test_a_letter_names_nobody_and_nothing(cast, talk):
    with transaction():
        joining.agree(cast["member"].member_id, "notifications", "en")
    run_waiting_jobs()
    letter = db.session.scalars(select(Letter).where(Letter.persona_id == cast["member"].persona_id)).one()
    written = letters.write(letter)
    assert written is not None
    assert written.subject == "You have a new message"
    for words in ("Noemie", "xylophone", "Tuesday", "It was so", talk.key):
        assert words not in written.text + written.html
    assert "/en/conversations" in written.text


def test_open_pages_are_told_the_number_and_where_a_protected_name_takes_part_not_the_minute(
    cast, talk, monkeypatch
):
    said: list[pings.Ping] = []
    monkeypatch.setattr(pings, "_senders", [said.extend])
    make.says(cast["member"], talk, "Once more.")
    other = make.between(cast["lived"], cast["moderator"])
    grown = {ping.room: (ping.ids, ping.coarse) for ping in said if ping.room.startswith("conversation:")}
    assert grown == {
        f"conversation:{talk.key}": ({"number": 3}, False),
        f"conversation:{other.key}": ({"number": 1}, True),
    }


def test_a_muted_conversation_tells_nothing(cast, talk):
    with transaction():
        members.mute(cast["member"].viewer, talks.talk_seen(cast["member"].viewer, talk.key), muted=True)
    make.says(cast["physician"], talk)
    run_waiting_jobs()
    assert told.unread_count(cast["member"].viewer) == 0
    assert talks.unread_count(cast["member"].viewer) == 0


def test_a_protected_name_makes_hours_days_for_everybody(cast):
    talk = make.between(cast["lived"], cast["member"])
    for who in ("lived", "member"):
        assert talks.talk_page(cast[who].viewer, talks.talk_seen(cast[who].viewer, talk.key)).coarse


def test_thirty_conversations_cost_as_many_statements_as_three(cast, statements):
    with transaction():
        others = [people.persona(f"Person Number {number}") for number in range(24)]
    make.no_longer_new(cast["member"])
    for one in others[:3]:
        make.between(one, cast["member"], subject="Hello")
    viewer = cast["member"].viewer
    with statements.recorded():
        assert len(talks.list_of(viewer, None).items) == 3
    few = len(statements.words)
    for one in others[3:]:
        make.between(one, cast["member"])
    with statements.recorded():
        assert len(talks.list_of(viewer, None).items) == 24
    assert len(statements.words) == few <= 3


def test_an_archive_holds_what_the_name_said_and_not_what_others_did(cast, talk):
    archive = archives.of_persona(cast["member"].persona_id)["conversations"]
    assert [row["body"] for row in archive["messages"]] == [SECRET]
    assert archive["conversations"][0]["subject"] == "About Tuesday xylophones"
    assert "It was so." not in str(archive)
    assert archives.of_persona(cast["also_lived"].persona_id)["conversations"]["messages"] == []


def test_a_name_that_goes_without_its_words_takes_them_along(cast, talk):
    with transaction():
        archives.leave(cast["member"].persona_id, keep=False)
    assert make.bodies(cast["physician"], talk) == ["It was so."]
    with pytest.raises(Conflict):
        make.says(cast["physician"], talk)


def test_a_conversation_that_everybody_left_goes_after_thirty_days(cast, talk):
    for who in ("member", "physician"):
        with transaction():
            members.leave(cast[who].viewer, talks.talk_seen(cast[who].viewer, talk.key))
    with transaction():
        assert keeping.drop_ended() == 0
        for row in db.session.scalars(select(Member)):
            row.left_on = clock.ago(days=31).date()
        db.session.flush()
        assert keeping.drop_ended() == 1
    assert not db.session.scalars(select(Message)).all()


def test_what_is_sealed_follows_a_change_of_key(app, cast, talk, monkeypatch):
    from community.core.sealing import Keyring

    old = app.extensions["keyring"]
    newer = Keyring((b"another key for tests, 32 bytes.", *old.secrets))
    monkeypatch.setitem(app.extensions, "keyring", newer)
    for table in (keeping.reseal_subjects, keeping.reseal_messages):
        with transaction():
            after = table("")
            while after:
                after = table(after)
    monkeypatch.setitem(app.extensions, "keyring", Keyring(newer.secrets[:1]))
    db.session.expire_all()
    assert make.bodies(cast["member"], talk) == [SECRET, "It was so."]
