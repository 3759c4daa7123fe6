"""What a persona has read, follows and keeps, and the lists made of it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from community.accounts.signals import persona_left
from community.accounts.viewer import VISITOR
from community.core import clock
from community.core.announce import announce
from community.core.db import db, transaction
from community.core.errors import BadRequest, Invalid, NotAllowed, NotFound
from community.core.jobs import run_waiting_jobs
from community.forum.models import Bookmark, Follow, Reading, Topic
from community.forum.queries import reading as queries
from community.forum.queries.unread import unread_of
from community.forum.services import reading
from tests.make import forum as make


@pytest.fixture
def square(app):
    return make.space("public-square")


@pytest.fixture
def question(cast, square):
    return make.topic(square, cast["member"])


def again(topic):
    db.session.expire_all()
    return db.session.get_one(Topic, topic.id)


def read(who, topic, number):
    with transaction():
        reading.read_up_to(who.viewer, make.seen(who, topic), number)


def follow(who, topic, level):
    with transaction():
        reading.follow_topic(who.viewer, make.seen(who, topic), level)


def titles(page):
    return [topic.title for topic in page.items]


def latest(who, **narrowed):
    return titles(queries.latest(who.viewer, queries.filters(who.viewer, **narrowed), None))


# Marks


def test_a_topic_never_opened_is_unread(cast, question):
    assert unread_of(cast["policy"].viewer, [again(question)]) == {question.id: 0}


def test_a_visitor_has_read_nothing_and_nothing_is_unread_to_them(question):
    assert unread_of(VISITOR, [again(question)]) == {}


def test_the_asker_has_read_their_own_first_words(cast, question):
    assert unread_of(cast["member"].viewer, [again(question)]) == {}


def test_reading_up_to_the_last_post_leaves_nothing_unread_until_somebody_writes(cast, question):
    read(cast["policy"], question, 1)
    assert unread_of(cast["policy"].viewer, [again(question)]) == {}
    make.post(question, cast["member"])
    assert unread_of(cast["policy"].viewer, [again(question)]) == {question.id: 1}


def test_a_mark_never_moves_back_and_never_beyond_the_last_post(cast, question):
    make.post(question, cast["policy"])
    read(cast["lived"], question, 2)
    read(cast["lived"], question, 1)
    read(cast["lived"], question, 900)
    assert db.session.scalar(select(Reading.last_number)) == 2


def test_a_mark_holds_a_number_and_no_time():
    assert set(Reading.__table__.columns.keys()) == {"persona_id", "topic_id", "last_number"}


def test_what_is_old_and_was_never_opened_is_not_called_unread(cast, square):
    old = make.topic(square, cast["member"], when=clock.now() - timedelta(days=60))
    assert unread_of(cast["policy"].viewer, [again(old)]) == {}


def test_muted_topics_are_never_unread(cast, question):
    follow(cast["policy"], question, "mute")
    assert unread_of(cast["policy"].viewer, [again(question)]) == {}


def test_the_two_names_of_one_person_read_apart(cast, question):
    read(cast["also_lived"], question, 1)
    assert unread_of(cast["lived"].viewer, [again(question)]) == {question.id: 0}


def test_opening_a_page_changes_nothing(cast, question, visit):
    assert visit(cast["policy"]).get(f"/en/topics/{question.key}").status_code == 200
    assert db.session.scalar(select(Reading.last_number)) is None


def test_the_small_post_moves_the_mark_and_tells_a_script_nothing(cast, question, visit):
    browser = visit(cast["policy"])
    answer = browser.post(
        f"/en/topics/{question.key}/read", {"number": "1"}, headers={"X-Requested-With": "fetch"}
    )
    assert (answer.status_code, answer.data) == (204, b"")
    assert db.session.scalar(select(Reading.last_number)) == 1
    assert browser.post(f"/en/topics/{question.key}/read", {"number": "what"}).status_code == 303


# Following


def test_following_gathers_what_is_watched_and_what_one_started(cast, square):
    mine = make.topic(square, cast["member"], "mine")
    watched = make.topic(square, cast["policy"], "watched")
    make.topic(square, cast["policy"], "neither")
    follow(cast["member"], watched, "watch")
    page = queries.following(cast["member"].viewer, queries.Filters(), None)
    assert {topic.id for topic in page.items} == {mine.id, watched.id}


def test_watching_a_space_gathers_its_topics(cast, square):
    make.topic(square, cast["policy"], "in the square")
    with transaction():
        reading.follow_space(cast["member"].viewer, square, "watch")
    assert titles(queries.following(cast["member"].viewer, queries.Filters(), None)) == ["in the square"]


def test_a_muted_space_leaves_the_lists_but_for_the_topic_one_watches(cast, square):
    make.topic(square, cast["policy"], "quiet")
    kept = make.topic(square, cast["policy"], "kept")
    with transaction():
        reading.follow_space(cast["member"].viewer, square, "mute")
    follow(cast["member"], kept, "watch")
    assert latest(cast["member"]) == ["kept"]


def test_normal_leaves_no_row(cast, question):
    follow(cast["policy"], question, "watch")
    follow(cast["policy"], question, "normal")
    assert db.session.scalar(select(Follow.level)) is None


def test_an_unknown_level_is_refused(cast, question):
    with pytest.raises(Invalid), transaction():
        reading.follow_topic(cast["policy"].viewer, again(question), "always")


def test_a_space_one_does_not_see_is_not_followed(cast):
    clinical = make.space("opioids")
    with pytest.raises(NotAllowed), transaction():
        reading.follow_space(cast["member"].viewer, clinical, "watch")


def test_what_one_may_no_longer_see_leaves_the_list_of_what_one_follows(cast):
    topic = make.topic(make.space("opioids"), cast["physician"])
    follow(cast["physician"], topic, "watch")
    with transaction():
        again(topic).state = "hidden"
    assert titles(queries.following(cast["physician"].viewer, queries.Filters(), None)) == []


# Bookmarks


def test_a_post_is_kept_once_and_dropped_once(cast, question, visit):
    post = make.post(question, cast["policy"])
    browser = visit(cast["member"])
    for _ in range(2):
        assert browser.post(f"/en/posts/{post.key}/bookmark").status_code == 303
    assert db.session.scalars(select(Bookmark.post_id)).all() == [post.id]
    assert b"Start low, go slow" in browser.get("/en/bookmarks").data
    answer = browser.post(f"/en/posts/{post.key}/bookmark", {"act": "remove", "back": "bookmarks"})
    assert answer.headers["Location"] == "/en/bookmarks"
    assert db.session.scalar(select(Bookmark.post_id)) is None


def test_a_kept_post_that_may_not_be_read_any_more_shows_nothing(cast, question, visit):
    post = make.post(question, cast["policy"])
    visit(cast["member"]).post(f"/en/posts/{post.key}/bookmark")
    with transaction():
        db.session.get_one(type(post), post.id).state = "withdrawn"
    assert b"Start low, go slow" not in visit(cast["member"]).get("/en/bookmarks").data


def test_a_folded_post_stays_folded_among_the_saved_ones(cast, question, visit):
    post = make.post(question, cast["policy"], note="overdose")
    visit(cast["member"]).post(f"/en/posts/{post.key}/bookmark")
    page = visit(cast["member"]).get("/en/bookmarks").get_data(as_text=True)
    assert "overdose" in page
    assert "Start low, go slow" not in page


def test_a_visitor_keeps_nothing(cast, question, visit):
    post = make.post(question, cast["policy"])
    assert visit(cast["visitor"]).post(f"/en/posts/{post.key}/bookmark").status_code == 403


# Lists


def test_the_latest_shows_only_what_one_may_read(cast, square):
    make.topic(square, cast["member"], "open to all")
    make.topic(make.space("opioids"), cast["physician"], "for clinicians")
    make.topic(square, cast["member"], "hidden", hidden=True)
    assert latest(cast["visitor"]) == ["open to all"]
    assert set(latest(cast["physician"])) == {"open to all", "for clinicians"}


def test_filters_of_the_address_narrow_the_list(cast, square):
    make.topic(square, cast["member"], "québécois", lang="fr", region="qc-06")
    make.topic(square, cast["member"], "talk", kind="discussion", theme="alcohol", region="on")
    who = cast["member"]
    assert latest(who, region_code="qc") == ["québécois"]
    assert latest(who, lang="fr") == ["québécois"]
    assert latest(who, kind="discussion") == ["talk"]
    assert latest(who, theme="alcohol") == ["talk"]
    assert latest(who, space="public-square", region_code="on") == ["talk"]


@pytest.mark.parametrize(
    "query", ["space=opioids", "space=no-such-space", "region=zz", "theme=zz", "kind=zz", "written=zz"]
)
def test_a_filter_that_means_nothing_to_the_reader_is_no_page(cast, visit, query):
    make.space("opioids")
    assert visit(cast["member"]).get(f"/en/latest?{query}").status_code == 404


def test_a_made_up_cursor_is_refused(cast, square, visit):
    with pytest.raises(BadRequest):
        queries.latest(cast["member"].viewer, queries.Filters(), "made up")
    assert visit(cast["member"]).get("/en/latest?after=made-up").status_code == 400


def test_pages_follow_one_another_without_gap_or_repeat(cast, square):
    for number in range(7):
        make.topic(square, cast["member"], f"topic {number}", when=clock.now() - timedelta(hours=number))
    viewer, seen, cursor = cast["member"].viewer, [], None
    while True:
        page = queries.latest(viewer, queries.Filters(), cursor, size=3)
        seen += titles(page)
        cursor = page.next_cursor
        if cursor is None:
            break
    assert seen == [f"topic {number}" for number in range(7)]


def test_my_questions_are_those_of_the_name_that_speaks(cast, square, visit):
    make.topic(square, cast["lived"], "asked under the protected name")
    make.topic(square, cast["also_lived"], "asked under the public name")
    page = visit(cast["lived"]).get("/en/my/questions").get_data(as_text=True)
    assert "asked under the protected name" in page
    assert "asked under the public name" not in page


def test_an_unknown_filter_says_nothing_about_spaces_that_exist(cast):
    make.space("opioids")
    for slug in ("opioids", "no-such-space"):
        with pytest.raises(NotFound):
            queries.filters(cast["member"].viewer, space=slug)


# Budgets


@pytest.mark.parametrize(
    "address", ["/en/latest", "/en/unanswered", "/en/following", "/en/needs-an-answer", "/en/"]
)
def test_thirty_rows_cost_the_same_as_three(cast, square, visit, statements, address):
    browser = visit(cast["member"])

    def cost():
        with statements.recorded():
            assert browser.get(address).status_code == 200
        return len(statements.words)

    def write(number):
        for turn in range(number):
            answered = make.topic(square, cast["member" if turn % 2 else "policy"])
            make.post(answered, cast["lived"])
            make.topic(square, cast["policy"], when=clock.now() - timedelta(hours=turn))

    write(3)
    cost()  # what a process asks once
    few = cost()
    write(27)
    assert cost() == few


def test_saved_messages_cost_the_same_however_many(cast, question, visit, statements):
    browser, viewer = visit(cast["member"]), cast["member"].viewer

    def keep(number):
        for _ in range(number):
            post = make.post(question, cast["policy"])
            with transaction():
                reading.bookmark(viewer, make.seen(cast["member"], post))

    def cost():
        with statements.recorded():
            assert browser.get("/en/bookmarks").status_code == 200
        return len(statements.words)

    keep(3)
    cost()
    few = cost()
    keep(20)
    assert cost() == few


def test_what_a_name_kept_for_itself_goes_when_it_is_left_behind(cast, question):
    left, other = cast["physician"], cast["member"]
    with transaction():
        for who in (left, other):
            db.session.add(Reading(persona_id=who.persona_id, topic_id=question.id, last_number=1))
            db.session.add(Follow(persona_id=who.persona_id, target=f"topic:{question.id}", level="watch"))
        announce(persona_left, persona_id=left.persona_id)
    run_waiting_jobs()
    for table in (Reading, Follow):
        assert set(db.session.scalars(select(table.persona_id))) == {other.persona_id}
