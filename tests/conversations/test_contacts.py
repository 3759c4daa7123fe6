"""A new name hands over no number, address or handle in private; who keeps trying is stopped for a day."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlalchemy import update

from community.conversations.contacts import hands_over, may_be_new
from community.conversations.models import ContactAttempt, Message
from community.conversations.services.contacts import note_attempt
from community.core import clock
from community.core.db import db, transaction
from community.core.errors import Invalid
from tests.make import conversations as make

HANDED_OVER = [
    "Call me: 514 555-0142",
    "Appelle-moi au (438)555-0142 ce soir",
    "+1 604.555.0199",
    "five one four, no: 5145550142",
    "write to someone.new@example.org",
    "someone (at) example (dot) org",
    "écris à quelqu.un arobase exemple point ca",
    "je suis sur Telegram: grand_heron",
    "my Insta is grand.heron",
    "mon snap c’est grand_heron22",
    "@grand_heron on Wickr",
    "t.me/grand_heron",
    "５１４ ５５５ ０１４２",
    "514\u200b555\u200b0142",
    "cinq un quatre cinq cinq cinq zéro un quatre deux",
    "**514** ~~555~~ 0142",
    "514&nbsp;555&nbsp;0142",
]
NOT = [
    "Naloxone 0.4 mg, then 2 mg after 3 minutes.",
    "The line is 1 866 585-0445, day and night.",
    "Appelez Info-Santé 811 ou 1-800-265-2626.",
    "DIN 02247374, since 2021-06-15, 12 patients of 340.",
    "@Noemie Larch said it in the public square.",
    "Methadone 60 mg on 2026-11-03 and 80 mg on 2026-11-17.",
    "Nos réunions ont lieu sur Teams le 14 à 13 h 30.",
    "That signal is weak; the session is tomorrow.",
]


@pytest.mark.parametrize("text", HANDED_OVER)
def test_ways_to_be_reached_elsewhere_are_found(text):
    assert hands_over(text)


@pytest.mark.parametrize("text", NOT)
def test_doses_dates_and_known_lines_are_not(text):
    assert not hands_over(text)


def test_long_texts_are_read_through():
    assert not hands_over("a@" * 10_000)
    assert not hands_over("1 2 " * 5_000)


def test_a_name_counts_as_new_until_its_month_is_a_week_behind():
    assert may_be_new(date(2026, 11, 1), date(2026, 11, 22))
    assert may_be_new(date(2026, 11, 1), date(2026, 12, 6))
    assert not may_be_new(date(2026, 11, 1), date(2026, 12, 7))


def test_a_new_name_is_told_why_and_nothing_is_stored(cast, visit):
    talk = make.between(cast["member"], cast["physician"])
    page = visit(cast["member"]).post(f"/en/conversations/{talk.key}/messages", {"body": HANDED_OVER[0]})
    assert page.status_code == 422
    assert "514 555-0142" in page.text  # what was typed is still there
    assert "A new name cannot hand these over" in page.text
    assert len(db.session.scalars(db.select(Message)).all()) == 1
    assert db.session.get_one(ContactAttempt, cast["member"].persona_id).count == 1


def test_a_name_that_is_not_new_says_what_it_likes(cast):
    talk = make.between(make.no_longer_new(cast["member"]), cast["physician"])
    assert make.says(cast["member"], talk, HANDED_OVER[0])


def test_who_keeps_trying_begins_nothing_for_a_day(cast, visit):
    talk = make.between(cast["member"], cast["physician"])
    browser = visit(cast["member"])
    for _ in range(3):
        browser.post(f"/fr/conversations/{talk.key}/messages", {"body": HANDED_OVER[1]})
    page = browser.post("/fr/conversations/new", {"to": "Noemie Larch", "body": "Bonjour."})
    assert page.status_code == 422
    assert "Vous ne pouvez pas commencer de conversation aujourd’hui" in page.text
    assert make.says(cast["member"], talk, "What has begun goes on.")
    with transaction():
        row = db.session.get_one(ContactAttempt, cast["member"].persona_id)
        row.on_day = clock.today() - timedelta(days=2)
    assert make.begins(cast["member"], cast["physician"])


def test_two_tries_at_once_are_two(cast):
    viewer = cast["member"].viewer
    with transaction():
        note_attempt(viewer)
    with transaction():
        held = db.session.get_one(ContactAttempt, viewer.persona_id)
        assert held.count == 1
        # Somebody else has counted one since this session read the row.
        counted = update(ContactAttempt).where(ContactAttempt.persona_id == viewer.persona_id)
        db.session.execute(counted.values(count=2), execution_options={"synchronize_session": False})
        note_attempt(viewer)
    assert held.count == 3


def test_it_stands_in_the_subject_too(cast):
    make.lets_write(cast["physician"])
    with pytest.raises(Invalid) as refused:
        make.begins(cast["member"], cast["physician"], subject=HANDED_OVER[0])
    assert refused.value.field == "subject"
