"""The home page: what waits for this person, and how the community is doing."""

from __future__ import annotations

from datetime import timedelta

import pytest

from community.core import clock
from community.core.db import transaction
from community.forum.queries import home, replied
from community.forum.services import answers, drafts, reading
from tests.make import forum as make


@pytest.fixture
def square(app):
    return make.space("public-square")


def waits_for(who):
    return [topic.title for topic in home.questions_for(who.viewer, most=20)[0]]


def page(visit, who, lang="en"):
    return visit(who).get(f"/{lang}/").get_data(as_text=True)


def test_questions_of_the_spaces_one_may_answer_in_wait_longest_first(cast, square):
    make.topic(square, cast["policy"], "yesterday", when=clock.now() - timedelta(hours=30))
    make.topic(square, cast["policy"], "today", when=clock.now() - timedelta(hours=3))
    make.topic(square, cast["member"], "one's own")
    make.topic(make.space("opioids"), cast["physician"], "for clinicians")
    assert waits_for(cast["member"]) == ["yesterday", "today"]


def test_regional_questions_of_elsewhere_wait_for_others_unless_one_watches_there(cast):
    ontario, quebec = make.space("on"), make.space("qc")
    make.topic(ontario, cast["social_worker"], "in Ontario")
    make.topic(quebec, cast["social_worker"], "in Québec")
    assert waits_for(cast["physician"]) == ["in Ontario"]
    with transaction():
        reading.follow_space(cast["physician"].viewer, quebec, "watch")
    assert set(waits_for(cast["physician"])) == {"in Ontario", "in Québec"}


def test_what_one_muted_waits_for_nobody(cast, square):
    make.topic(square, cast["policy"], "quiet")
    with transaction():
        reading.follow_space(cast["member"].viewer, square, "mute")
    assert waits_for(cast["member"]) == []


def test_how_far_one_read_elsewhere_says_nothing_of_ones_own_questions(cast, square):
    for number in range(2):
        elsewhere = make.topic(square, cast["policy"], f"elsewhere {number}")
        make.post(elsewhere, cast["physician"])
        with transaction():
            reading.read_up_to(cast["member"].viewer, make.seen(cast["member"], elsewhere), 2)
    topic = make.topic(square, cast["member"], "my own")
    make.post(topic, cast["physician"])
    assert [answer.new for answer in replied.replies_to(cast["member"].viewer)] == [1]


def test_new_replies_to_ones_questions_wait_until_they_are_read(cast, square, visit):
    topic = make.topic(square, cast["member"], "My own question")
    make.post(topic, cast["physician"])
    make.post(topic, cast["policy"])
    make.post(topic, cast["policy"], state="withdrawn")
    found = replied.replies_to(cast["member"].viewer)
    assert [(answer.topic.id, answer.new) for answer in found] == [(topic.id, 2)]
    assert found[0].label is not None
    shown = page(visit, cast["member"])
    assert "2 new replies to your question" in shown
    assert "a verified professional among them" in shown
    with transaction():
        reading.read_up_to(cast["member"].viewer, make.seen(cast["member"], topic), 4)
    assert [answer.new for answer in replied.replies_to(cast["member"].viewer)] == [0]
    assert "Your question was answered, and no answer is kept" in page(visit, cast["member"])


def test_a_question_waits_for_its_asker_until_an_answer_is_kept(cast, square):
    topic = make.topic(square, cast["member"], "My own question")
    answer = make.post(topic, cast["physician"])
    with transaction():
        reading.read_up_to(cast["member"].viewer, make.seen(cast["member"], topic), 2)
        answers.accept(cast["member"].viewer, make.seen(cast["member"], answer))
    assert replied.replies_to(cast["member"].viewer) == []


def test_what_one_wrote_oneself_is_no_reply(cast, square):
    make.post(make.topic(square, cast["member"]), cast["member"])
    assert replied.replies_to(cast["member"].viewer) == []


def test_the_replies_of_a_public_name_do_not_wait_for_the_protected_one(cast, square):
    make.post(make.topic(square, cast["also_lived"]), cast["policy"])
    assert replied.replies_to(cast["lived"].viewer) == []


def test_drafts_wait_too(cast, square, visit):
    with transaction():
        drafts.keep(cast["member"].viewer, "space:public-square", {"title": "Half a question", "body": ""})
    assert "Half a question" in page(visit, cast["member"])


def test_an_empty_community_says_what_to_do(cast, square, visit):
    shown = page(visit, cast["member"])
    assert "Nothing waits for you" in shown
    assert "No figure yet" in shown


def test_a_visitor_is_shown_where_to_begin_and_what_is_open_to_all(cast, square, visit):
    make.topic(square, cast["member"], "Open to everyone")
    make.topic(make.space("opioids"), cast["physician"], "For clinicians")
    shown = page(visit, cast["visitor"])
    assert "Where to begin" in shown
    assert "/en/spaces/public-square" in shown
    assert "Open to everyone" in shown
    assert "For clinicians" not in shown
    assert "What waits for you" not in shown


def test_hidden_topics_are_nowhere_on_it(cast, square, visit):
    make.topic(square, cast["policy"], "Hidden one", hidden=True)
    assert "Hidden one" not in page(visit, cast["member"])


def test_the_menu_counts_what_waits(cast, square, visit):
    make.topic(square, cast["policy"])
    menu = visit(cast["member"]).get("/en/menu").get_data(as_text=True)
    assert "Needs an answer" in menu
    assert "Keep the spaces" not in menu
    assert "Keep the spaces" in visit(cast["administrator"]).get("/en/menu").get_data(as_text=True)
