"""What a persona chooses: levels, quiet hours; and the digests that come of it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import pytest
import time_machine
from sqlalchemy import select, update

from community.accounts.models import Persona
from community.core.db import db, transaction
from community.core.jobs import run_waiting_jobs
from community.notifications import digests, jobs, letters, queries, rules
from community.notifications.jobs import deliver_due, plan
from community.notifications.models import Letter, MailChoice, Notice
from community.notifications.services import choosing, people
from tests.make import forum as make
from tests.notifications.conftest import agree, delivered, later, outbox, say, watch

MONDAY = datetime(2026, 3, 2, 13, 7, 41, tzinfo=UTC)  # after eight in Toronto


def choose(person, **levels):
    with transaction():
        for kind, level in levels.items():
            choosing.choose(person.viewer, kind, level)


def speaks(person, lang, region=None):
    with transaction():
        db.session.execute(
            update(Persona).where(Persona.id == person.persona_id).values(lang=lang, region=region)
        )


def digest_day(hours: float = 4):
    """Plan the digests, let the morning pass, run what is due. The mails that came."""
    before = len(outbox())
    plan()
    with later(hours=hours):
        run_waiting_jobs()
        for _ in range(3):
            deliver_due()
            run_waiting_jobs()
    return outbox()[before:]


@pytest.fixture
def monday():
    with time_machine.travel(MONDAY, tick=False) as clock:
        yield clock


def test_choices_are_made_on_a_page_and_hold(cast, square, visit):
    browser = visit(cast["member"])
    page = browser.get("/en/notifications/preferences").text
    assert "No mail is sent to you: you have not agreed to it." in page
    sent = {"kind:answer": "never", "kind:reply": "weekly"}
    assert browser.post("/en/notifications/preferences", sent).status_code == 303
    assert people.choices_of(cast["member"].persona_id) == {("answer", 0): "never", ("reply", 0): "weekly"}
    for wrong in ({"kind:answer": "always"}, {"kind:nothing": "now"}, {"kind:unanswered": "now"}):
        assert browser.post("/en/notifications/preferences", wrong).status_code == 422
    assert browser.post("/en/notifications/preferences", {"space:opioids": "now"}).status_code == 404


def test_a_space_can_have_a_level_of_its_own(cast, square, visit):
    topic = make.topic(square, cast["member"])
    watch(cast["member"], square)
    agree(cast["member"])
    browser = visit(cast["member"])
    assert "space:public-square" in browser.get("/en/notifications/preferences").text
    browser.post("/en/notifications/preferences", {"space:public-square": "never"})
    say(cast["physician"], topic)
    assert delivered() == []
    browser.post("/en/notifications/preferences", {"space:public-square": ""})
    assert db.session.scalars(select(MailChoice)).all() == []


def test_a_mail_in_quiet_hours_comes_when_they_end(cast, square, visit, monday):
    topic = make.topic(square, cast["member"])
    agree(cast["member"])
    browser = visit(cast["member"])
    hours = {"quiet_from": "8", "quiet_until": "10", "zone": "America/Toronto"}
    assert browser.post("/en/notifications/hours", hours).status_code == 303
    assert browser.post("/en/notifications/hours", {**hours, "zone": "Nowhere"}).status_code == 422
    say(cast["physician"], topic)
    assert delivered(minutes=60) == []
    assert len(delivered(minutes=150)) == 1


def test_a_letter_that_is_late_waits_for_the_end_of_quiet_hours_too(cast, square, visit, monday):
    topic = make.topic(square, cast["member"])
    agree(cast["member"])
    say(cast["physician"], topic)
    run_waiting_jobs()  # it is written, and due within a minute
    hours = {"quiet_from": "8", "quiet_until": "10", "zone": "America/Toronto"}
    assert visit(cast["member"]).post("/en/notifications/hours", hours).status_code == 303
    assert delivered(minutes=60) == []
    before = len(outbox())
    with later(minutes=150):
        deliver_due()  # as the clock does
        run_waiting_jobs()
    assert len(outbox()) == before + 1


def test_above_twenty_mails_in_a_day_the_rest_waits_for_the_digest(cast, square, monday):
    topic = make.topic(square, cast["member"])
    agree(cast["member"])
    for number in range(rules.MOST_A_DAY + 3):
        say(cast["physician"], topic, f"Word {number}.")
    assert len(delivered()) == rules.MOST_A_DAY
    levels = db.session.scalars(select(Notice.told).where(Notice.kind == "answer")).all()
    assert levels.count("daily") == 3
    [mail] = digest_day()
    assert mail.subject == "Your day in short"


def test_a_digest_begins_with_what_waits_near_and_in_ones_language(cast, monday):
    agree(cast["physician"])
    speaks(cast["physician"], "en", "on")
    choose(cast["physician"], unanswered="daily", reply="daily")
    near, square = make.space("on"), make.space()
    make.topic(square, cast["member"], "A question from anywhere")
    make.topic(near, cast["physician"], "My own question")
    from tests import cast as makers

    with transaction():
        colleague = makers.persona("Ada Reed", groups=["physician"])
        makers.title(colleague, "physician")
    make.topic(near, colleague, "A question from Ontario")
    make.topic(near, colleague, "Une question en français", lang="fr")
    talk = make.topic(square, cast["policy"], "A talk", kind="discussion")
    watch(cast["physician"], talk)
    say(cast["member"], talk)
    run_waiting_jobs()
    [mail] = digest_day()
    body = mail.body
    assert mail.subject == "Your day in short"
    assert body.index("Near you: Ontario") < body.index("A question from Ontario")
    assert body.index("A question from Ontario") < body.index("A question from anywhere")
    assert body.index("A question from anywhere") < body.index("New since the last summary")
    assert "Robin Tallgrass writes in a topic you watch" in body
    assert "1 question waits in French." in body
    assert "My own question" not in body
    assert "Une question" not in body


def test_a_digest_comes_once_a_day_and_tells_nothing_twice(cast, square, monday):
    agree(cast["policy"])
    choose(cast["policy"], reply="daily")
    talk = make.topic(square, cast["member"], kind="discussion")
    watch(cast["policy"], talk)
    say(cast["physician"], talk)
    run_waiting_jobs()
    assert len(digest_day()) == 1
    assert digest_day(hours=5) == []
    monday.move_to(MONDAY.replace(day=3), tick=False)
    assert digest_day() == []  # nothing new: no mail
    say(cast["physician"], talk, "Again.")
    run_waiting_jobs()
    monday.move_to(MONDAY.replace(day=4), tick=False)
    assert len(digest_day()) == 1


def test_what_is_told_while_a_digest_is_handed_over_stands_in_the_next(cast, square, monday, monkeypatch):
    agree(cast["policy"])
    choose(cast["policy"], reply="daily")
    talk = make.topic(square, cast["member"], kind="discussion")
    watch(cast["policy"], talk)
    say(cast["physician"], talk)
    run_waiting_jobs()

    def from_a_slow_server(letter):
        written = letters.write(letter)
        if written is not None:  # the weekly one of the same day has nothing to say
            monkeypatch.undo()
            say(cast["claimed"], talk, "Meanwhile.")
            run_waiting_jobs()
        return written

    plan()
    before = len(outbox())
    monkeypatch.setattr(jobs, "letters", SimpleNamespace(write=from_a_slow_server))
    with time_machine.travel(MONDAY + timedelta(hours=4), tick=True):
        deliver_due()
        run_waiting_jobs()
    assert len(outbox()) == before + 1
    monday.move_to(MONDAY.replace(day=3), tick=False)
    [mail] = digest_day()
    assert "in a topic you watch" in mail.body


def test_the_weekly_digest_comes_on_mondays_in_the_readers_language(cast, square, monday):
    agree(cast["policy"])
    speaks(cast["policy"], "fr")
    choose(cast["policy"], reply="weekly")
    talk = make.topic(square, cast["member"], kind="discussion")
    watch(cast["policy"], talk)
    say(cast["physician"], talk)
    run_waiting_jobs()
    [mail] = digest_day()
    assert mail.subject == "Votre semaine en bref"
    assert "Noemie Larch écrit dans un sujet que vous suivez" in mail.body
    say(cast["physician"], talk, "Again.")
    run_waiting_jobs()
    monday.move_to(MONDAY.replace(day=3), tick=False)
    assert digest_day() == []
    say(cast["physician"], talk, "And again.")
    run_waiting_jobs()
    # No worker runs on the Monday that follows: it comes on the day after, once.
    monday.move_to(MONDAY.replace(day=10), tick=False)
    [mail] = digest_day()
    assert mail.subject == "Votre semaine en bref"
    for day, mails in ((11, 0), (16, 1)):
        monday.move_to(MONDAY.replace(day=day), tick=False)
        assert len(digest_day()) == mails, day
        say(cast["physician"], talk, "Once more.")
        run_waiting_jobs()


def test_a_digest_says_that_it_does_not_hold_all_news(cast, square, monday, monkeypatch):
    monkeypatch.setattr(digests, "MOST_NEWS", 2)
    agree(cast["member"])
    choose(cast["member"], reply="daily")
    for number, more in ((2, False), (3, True)):
        for _talk in range(number):
            talk = make.topic(square, cast["member"], kind="discussion")
            watch(cast["member"], talk)
            say(cast["physician"], talk)
        run_waiting_jobs()
        [mail] = digest_day()
        for words in (mail.body, mail.alternatives[0][0]):
            assert ("Only the newest stand here" in words) == more
        monday.move_to(MONDAY.replace(day=3), tick=False)


def test_a_digest_shows_what_the_reader_may_see_when_it_leaves(cast, monday):
    """Not what was to be seen when it was told, and nothing of protected spaces by name."""
    agree(cast["lived"])
    place, committee = make.space("lived-experience"), make.space()
    for person in ("also_lived", "moderator"):
        choose(cast[person], reply="daily", unanswered="daily")
    agree(cast["moderator"])
    topic = make.topic(place, cast["lived"], "Words of a protected place")
    talk = make.topic(committee, cast["member"], "Words of the open place", kind="discussion")
    watch(cast["moderator"], topic)
    watch(cast["also_lived"], talk)
    post = say(cast["physician"], talk, "Seen, then taken back.")
    say(cast["lived"], topic, "A reply.")
    run_waiting_jobs()
    from community.forum.services import posts

    with transaction():
        posts.withdraw(cast["physician"].viewer, make.seen(cast["physician"], post))
    mails = digest_day()
    [mail] = [one for one in mails if one.subject == "News for you"]
    assert "protected place" not in mail.body + mail.alternatives[0][0]
    assert not [one for one in mails if "Words of the open place" in one.body]


def test_unsubscribing_from_a_digest_stops_all_that_gathers_in_it(cast):
    choose(cast["member"], reply="daily", topic="weekly", unanswered="daily")
    with transaction():
        choosing.stop(cast["member"].persona_id, "daily", 0)
    kept = people.choices_of(cast["member"].persona_id)
    assert kept == {("reply", 0): "never", ("topic", 0): "weekly", ("unanswered", 0): "never"}


def test_nobody_new_is_written_to(cast, square):
    """Privacy by default: without a word of theirs, no mail and no digest."""
    topic = make.topic(square, cast["member"])
    say(cast["physician"], topic)
    assert delivered() == []
    plan()
    assert db.session.scalars(select(Letter).where(Letter.notice_id.is_(None))).all() == []
    assert digests.compose(cast["member"].viewer, "daily", {}, None).empty
    assert queries.unread_count(cast["member"].viewer) == 1
