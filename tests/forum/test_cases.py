"""Cases: a situation in bands, never in facts."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from community.core.db import db
from community.core.errors import Invalid
from community.forum.models import Case, Revision, Topic
from community.forum.permissions import may_accept
from community.forum.queries import queue
from community.forum.queries.home import questions_for_count
from community.forum.queries.reading import Filters, longest_waiting
from community.forum.services.topics import Facts, check_facts
from tests.make import forum as make

CASE = {
    "kind": "case",
    "title": "Switching after a second return to use",
    "body": "What would you try next?",
    "asks": "switching",
    "age": "35-44",
    "province": "on",
    "setting": "outpatient",
    "substances": ["alcohol", "opioids"],
    "tried": ["methadone"],
}


def text(answer):
    return answer.get_data(as_text=True)


@pytest.fixture
def browser(cast, visit):
    make.space("public-square")
    return visit(cast["physician"])


def begin(browser, **more):
    return browser.post("/en/spaces/public-square/new", {**CASE, **more})


def test_a_case_shows_its_bands_over_the_question_in_both_languages(browser):
    answer = begin(browser)
    page = text(browser.get(answer.location))
    for words in (
        "The case",
        "35 to 44 years",
        "Ontario",
        "Clinic or office",
        "Opioids and Alcohol",
        "Methadone",
    ):
        assert words in page
    french = text(browser.get(answer.location.replace("/en/", "/fr/")))
    for words in ("Le cas", "35 à 44 ans", "Opioïdes et Alcool", "Changer de traitement"):
        assert words in french


def test_a_case_needs_a_question_and_takes_only_what_is_offered(browser):
    assert begin(browser, asks="").status_code == 422
    assert begin(browser, age="41").status_code == 422
    assert begin(browser, substances=["alcohol", "x"]).status_code == 422
    assert db.session.scalars(select(Topic)).all() == []
    with pytest.raises(Invalid):
        check_facts(Facts(age="41", asks="dose"))


def test_other_topics_keep_no_bands(browser):
    begin(browser, kind="question")
    assert db.session.scalars(select(Case)).all() == []


def test_cases_are_a_kind_to_narrow_lists_by(browser):
    begin(browser)
    begin(browser, kind="discussion", title="Another thing")
    page = text(browser.get("/en/spaces/public-square?kind=case"))
    assert CASE["title"] in page
    assert "Another thing" not in page


def test_bands_go_with_the_words(browser):
    key = begin(browser).location.rsplit("/", 1)[1]
    post = db.session.scalars(select(Topic).where(Topic.key == key)).one()
    first = make.first_post(post).key
    browser.post(f"/en/posts/{first}/withdraw", {})
    db.session.rollback()
    assert db.session.scalars(select(Case)).all() == []


def test_where_people_speak_of_their_own_lives_no_case_is_offered(cast, visit):
    make.space("lived-experience")
    browser = visit(cast["lived"])
    assert 'value="case"' not in text(browser.get("/en/spaces/lived-experience/new"))
    answer = browser.post("/en/spaces/lived-experience/new", CASE)
    assert answer.status_code == 422


# Changed by its author


def change(browser, topic, **more):
    first = make.first_post(topic)
    kept = {name: CASE[name] for name in ("title", "body", "asks", "age", "province", "setting", "tried")}
    said = {"lang": "en", "version": "1", "substances": CASE["substances"], **kept, **more}
    return browser.post(f"/en/posts/{first.key}/edit", said)


@pytest.fixture
def case(browser):
    key = begin(browser).location.rsplit("/", 1)[1]
    return db.session.scalars(select(Topic).where(Topic.key == key)).one()


def test_its_author_changes_the_bands_and_readers_see_what_they_were(browser, case):
    first = make.first_post(case)
    form = text(browser.get(f"/en/posts/{first.key}/edit"))
    assert '<option selected value="35-44">' in form
    assert change(browser, case, age="45-54", tried=["methadone", "peers"]).status_code == 303
    page = text(browser.get(f"/en/topics/{case.key}"))
    assert "45 to 54 years" in page
    assert "35 to 44 years" not in page
    assert "edited once" in page
    history = text(browser.get(f"/fr/posts/{first.key}/history"))
    assert history.index("45 à 54 ans") < history.index("35 à 44 ans")


def test_the_same_bands_and_words_make_no_version(browser, case):
    change(browser, case)
    db.session.rollback()
    assert db.session.scalars(select(Revision)).all() == []


def test_a_case_keeps_its_bands_where_a_change_names_none_that_is_offered(browser, case):
    assert change(browser, case, asks="").status_code == 422
    assert change(browser, case, age="41").status_code == 422
    db.session.rollback()
    assert db.session.get_one(Case, case.id).age == "35-44"


# A case asks


def test_a_case_waits_for_an_answer_like_a_question(cast, browser, case, visit):
    viewer = cast["member"].viewer
    assert [one.key for one in longest_waiting(viewer, Filters(), None).items] == [case.key]
    assert (queue.overview(viewer).waiting, questions_for_count(viewer)) == (1, 1)
    assert CASE["title"] in text(browser.get("/en/my/questions"))
    post = make.post(case, cast["member"], "I would wait a week.")
    assert queue.overview(viewer).waiting == 0
    assert may_accept(cast["physician"].viewer, make.seen(cast["physician"], post))
    assert not may_accept(cast["claimed"].viewer, make.seen(cast["claimed"], post))


def test_its_author_keeps_an_answer(cast, browser, case):
    post = make.post(case, cast["member"], "I would wait a week.")
    assert "Keep this answer" in text(browser.get(f"/en/topics/{case.key}"))
    assert browser.post(f"/en/posts/{post.key}/accept", {}).status_code == 303
    assert "Kept answer" in text(browser.get(f"/en/topics/{case.key}"))
