"""The questions that need an answer, and how soon answers come."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import event

from community.core import clock
from community.core.db import db, transaction
from community.forum.models import Post, Topic, TopicGuest
from community.forum.queries import many, queue
from community.forum.queries.home import pulse
from community.forum.queries.kept_lists import alike
from community.forum.queries.reading import Filters, filters, longest_waiting
from community.forum.services import posts, reports
from tests.make import forum as make


@pytest.fixture
def square(app):
    return make.space("public-square")


def waiting(who, narrowed=None):
    return [topic.title for topic in longest_waiting(who.viewer, narrowed or Filters(), None).items]


def hours_ago(number):
    return clock.now() - timedelta(hours=number)


def answered(square, cast, after, days=5, **more):
    """A question asked some days ago, with a first answer that many hours later; None: none yet."""
    asked = clock.now() - timedelta(days=days)
    topic = make.topic(square, cast["member"], when=asked, **more)
    if after is not None:
        make.post(topic, cast["policy"], when=asked + timedelta(hours=after))
    return topic


def test_the_longest_wait_comes_first(cast, square):
    for hours in (3, 30, 12):
        make.topic(square, cast["member"], f"waits {hours}", when=hours_ago(hours))
    assert waiting(cast["visitor"]) == ["waits 30", "waits 12", "waits 3"]


def test_a_question_in_which_only_the_asker_wrote_still_waits(cast, square):
    topic = make.topic(square, cast["member"], "still waits")
    make.post(topic, cast["member"])
    assert waiting(cast["visitor"]) == ["still waits"]


def test_an_answer_ends_the_wait_and_its_withdrawal_begins_it_again(cast, square):
    topic = make.topic(square, cast["member"], "asked")
    with transaction():
        post = posts.reply(cast["policy"].viewer, make.seen(cast["policy"], topic), make.writing())
    assert waiting(cast["visitor"]) == []
    with transaction():
        posts.withdraw(cast["policy"].viewer, make.seen(cast["policy"], db.session.get_one(Post, post.id)))
    assert waiting(cast["visitor"]) == ["asked"]


def test_an_answer_that_a_moderator_hides_does_not_count(cast):
    lived = make.space("lived-experience")
    topic = make.topic(lived, cast["lived"], "asked")
    with transaction():
        posts.reply(cast["moderator"].viewer, make.seen(cast["moderator"], topic), make.writing())
        other = make.post(make.topic(lived, cast["moderator"], "hers"), cast["lived"])
    assert waiting(cast["lived"]) == []
    with transaction():
        reports.put_out_of_sight(make.seen(cast["moderator"], other))
    assert waiting(cast["lived"]) == ["hers"]


@pytest.mark.parametrize(
    "more", [{"kind": "discussion"}, {"state": "closed"}, {"state": "hidden"}, {"imported_from": "x:1"}]
)
def test_what_is_no_open_question_of_somebody_here_does_not_wait(cast, square, more):
    make.topic(square, cast["member"], **more)
    assert waiting(cast["visitor"]) == []


def test_nobody_is_told_of_questions_they_may_not_read(cast, square):
    make.topic(make.space("opioids"), cast["physician"], "for clinicians")
    assert waiting(cast["member"]) == []
    assert queue.overview(cast["member"].viewer).themes == ()
    assert [line.code for line in queue.overview(cast["physician"].viewer).themes] == ["opioids"]


def test_a_question_counts_for_its_theme_its_region_and_the_province_around(cast, square):
    make.topic(square, cast["member"], theme="alcohol", region="qc-06", when=hours_ago(50))
    found = queue.overview(cast["visitor"].viewer)
    assert [(line.code, line.waiting) for line in found.themes] == [("alcohol", 1)]
    assert [(line.code, line.waiting) for line in found.regions] == [("qc", 1), ("qc-06", 1)]
    assert waiting(cast["visitor"], filters(cast["visitor"].viewer, region_code="qc", theme="alcohol"))


# How soon


def test_the_median_is_that_of_the_first_answers(cast, square):
    for hours in (1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11):
        answered(square, cast, hours)
    found = queue.first_answer(cast["visitor"].viewer)
    assert (found.seconds, found.base) == (6 * 3600, 11)


def test_below_ten_questions_no_median_is_given(cast, square):
    for hours in range(1, 10):
        answered(square, cast, hours)
    assert not queue.first_answer(cast["visitor"].viewer).shown
    answered(square, cast, 10)
    assert queue.first_answer(cast["visitor"].viewer).shown


def test_questions_that_still_wait_count_as_the_longest_wait(cast, square):
    for hours in (1, 2, 3, 4, None, None, None, None, None, None):
        answered(square, cast, hours)
    assert queue.first_answer(cast["visitor"].viewer).most_wait


def test_imported_recent_and_old_questions_make_no_figure(cast, square):
    for number in range(12):
        answered(square, cast, 1, imported_from=f"x:{number}")
        answered(square, cast, 1, days=0.5)
        answered(square, cast, 1, days=95)
    assert queue.first_answer(cast["visitor"].viewer).base == 0


def test_a_figure_counts_only_what_its_reader_may_read(cast, square):
    clinical = make.space("opioids")
    for _ in range(10):
        answered(clinical, cast, 1)
    assert queue.first_answer(cast["member"].viewer).base == 0
    assert queue.first_answer(cast["physician"].viewer).base == 10


def test_the_pulse_is_silent_below_ten_questions(cast, square):
    for _ in range(9):
        answered(square, cast, 1)
    assert pulse(cast["visitor"].viewer).kept_share is None
    topic = answered(square, cast, 1)
    with transaction():
        db.session.get_one(Topic, topic.id).accepted_count = 1
    assert pulse(cast["visitor"].viewer).kept_share == 0.1


# Of very many


@pytest.fixture
def many_counted(app, monkeypatch):
    """As if ten were very many, to a process that was asked nothing yet."""
    app.extensions.pop("kept_answers", None)
    monkeypatch.setattr(many, "MANY", 9)
    yield
    app.extensions.pop("kept_answers", None)


def medians(who):
    """Everything that is said of how soon answers come, and what waits."""
    opened = queue.overview(who.viewer)
    narrowed = queue.first_answer(who.viewer, Filters(theme="alcohol"))
    return opened, queue.first_answer(who.viewer), narrowed, pulse(who.viewer)


def test_the_figures_are_the_same_whether_few_or_many_are_counted(
    app, cast, square, many_counted, monkeypatch
):
    for number in range(12):
        answered(square, cast, number or None, theme="alcohol" if number % 4 else "opioids", region="qc-06")
    answered(make.space("opioids"), cast, 3)
    of_many = [medians(cast[name]) for name in ("visitor", "member", "physician")]
    assert of_many == [medians(cast[name]) for name in ("visitor", "member", "physician")]
    monkeypatch.setattr(many, "MANY", 1_000)
    app.extensions.pop("kept_answers")
    assert [medians(cast[name]) for name in ("visitor", "member", "physician")] == of_many
    assert [found[1].base for found in of_many] == [12, 12, 13]


def test_the_median_of_many_stands_for_ten_minutes_and_what_waits_is_of_now(
    cast, square, many_counted, monkeypatch
):
    for hours in range(1, 12):
        answered(square, cast, hours)
    assert queue.overview(cast["visitor"].viewer).first_answer.base == 11
    answered(square, cast, 12)
    answered(square, cast, None)
    found = queue.overview(cast["visitor"].viewer)
    assert (found.first_answer.base, found.waiting) == (11, 1)
    now = clock.now() + timedelta(minutes=11)
    monkeypatch.setattr(clock, "now", lambda: now)
    assert queue.overview(cast["visitor"].viewer).first_answer.base == 13


def test_members_with_the_same_rights_are_told_the_same_figure_and_a_guest_their_own(cast, square):
    member, guest = cast["member"].viewer, cast["policy"].viewer
    assert alike(member).viewer == alike(replace(member, name="Another")).viewer
    topic = make.topic(make.space("opioids"), cast["physician"])
    with transaction():
        db.session.add(TopicGuest(topic_id=topic.id, persona_id=guest.persona_id, invited_by=topic.author_id))
    assert alike(guest).viewer.persona_id == guest.persona_id
    assert queue.overview(guest).waiting == queue.overview(member).waiting + 1


# The page


def test_the_page_says_the_age_the_figure_and_how_it_is_made(cast, square, visit):
    make.topic(square, cast["member"], "Waits since yesterday", when=hours_ago(26), theme="alcohol")
    page = visit(cast["visitor"]).get("/en/needs-an-answer").get_data(as_text=True)
    assert "Waiting 26 hours" in page
    assert "fewer than 10 questions" in page
    assert "How these figures are made" in page
    assert "/en/needs-an-answer?theme=alcohol" in page


def test_a_protected_question_says_days_and_never_hours(cast, visit):
    make.topic(make.space("lived-experience"), cast["lived"], "Asked here", when=hours_ago(26))
    page = visit(cast["lived"]).get("/en/needs-an-answer").get_data(as_text=True)
    assert "Asked here" in page
    assert "26 hours" not in page


def test_an_empty_queue_says_what_to_do(cast, square, visit):
    assert "Nothing waits here" in visit(cast["visitor"]).get("/en/needs-an-answer").get_data(as_text=True)


def plan_of(ask):
    """How PostgreSQL finds what ``ask`` reads of waiting questions, sorting being its last resort."""
    sent = []

    def keep(_connection, _cursor, statement, values, *_rest):
        sent.append((statement, values))

    event.listen(db.engine, "before_cursor_execute", keep)
    try:
        ask()
    finally:
        event.remove(db.engine, "before_cursor_execute", keep)
    connection = db.session.connection()
    connection.exec_driver_sql("SET LOCAL enable_sort = off")
    statement, values = next(one for one in sent if "topic.answered_at IS NULL" in one[0])
    return "\n".join(row[0] for row in connection.exec_driver_sql(f"EXPLAIN {statement}", values))


def test_postgresql_reads_the_queue_in_its_order_instead_of_sorting_all_that_waits(square, cast):
    if db.engine.dialect.name == "sqlite":
        pytest.skip("SQLite sorts what waits: two milliseconds of 2,000 questions")
    answered(square, cast, None)
    plan = plan_of(lambda: waiting(cast["member"]))
    assert "ix_topic_waiting" in plan
    assert "Sort Key" not in plan
