"""Cases: a situation in bands, never in facts."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from community.core.db import db
from community.core.errors import Invalid
from community.forum.models import Case, Topic
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
