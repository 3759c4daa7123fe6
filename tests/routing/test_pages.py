"""The pages of routing, and what it puts on those of others."""

from __future__ import annotations

from datetime import timedelta

import pytest

from community.core.db import db
from community.core.jobs import run_waiting_jobs
from community.routing.models import CanAnswer, OnCall
from community.routing.queries.asking import today
from tests.make import forum
from tests.make import routing as make


@pytest.fixture
def opioids(app):
    return forum.space("opioids")


def page(visit, who, address="/en/", status=200):
    answer = visit(who).get(address)
    assert answer.status_code == status
    return answer.get_data(as_text=True)


def test_a_name_says_what_it_can_answer_and_finds_it_again(cast, visit):
    browser = visit(cast["physician"])
    sent = {"weekly": "4", "themes": ["opioids", "youth"], "langs": ["en"], "regions": ["on"], "by_name": "y"}
    assert browser.post("/en/what-i-can-answer", sent).status_code == 303
    kept = db.session.get_one(CanAnswer, cast["physician"].persona_id)
    assert (kept.weekly, kept.by_name, kept.paused) == (4, True, False)
    assert kept.codes("theme") == {"opioids", "youth"}
    again = browser.get("/en/what-i-can-answer").get_data(as_text=True)
    assert 'value="4"' in again
    assert again.count("checked") == 5
    assert browser.post("/en/what-i-can-answer", {"weekly": "1"}).status_code == 303
    assert db.session.get_one(CanAnswer, cast["physician"].persona_id).codes("theme") == frozenset()


@pytest.mark.parametrize("weekly", ["21", "-1", "many", "", "1e9"])
def test_a_number_beyond_what_is_offered_is_refused_with_a_sentence(cast, visit, weekly):
    answer = visit(cast["member"]).post("/en/what-i-can-answer", {"weekly": weekly})
    assert answer.status_code == 422
    assert "between 0 and 20" in answer.get_data(as_text=True)


def test_what_waits_opens_the_home_page_with_how_long_and_why(cast, visit, opioids):
    who = make.clinician("Fit")
    topic = make.question(opioids, cast["physician"], "Where to begin?")
    run_waiting_jobs()
    make.on_call(who)
    make.later(topic, hours=26)
    shown = page(visit, who)
    assert "No answer for 26 hours" in shown
    assert "You are on call for Opioids until" in shown
    assert "1 thing<" in shown
    assert shown.count(f'/en/topics/{topic.key}"') == 1
    assert "Where to begin?" not in page(visit, cast["member"])


def test_not_me_takes_it_away_and_tells_nobody(cast, visit, opioids):
    who = make.clinician("Fit")
    topic = make.question(opioids, cast["physician"], "Where to begin?")
    run_waiting_jobs()
    browser = visit(who)
    assert "Not me" in browser.get("/en/").get_data(as_text=True)
    assert browser.post(f"/en/topics/{topic.key}/not-me").status_code == 303
    assert "Not me" not in browser.get("/en/").get_data(as_text=True)


def test_an_answer_ends_the_wait(cast, visit, opioids):
    who, other = make.clinician("Fit"), make.clinician("Other", 0)
    topic = make.question(opioids, cast["physician"])
    run_waiting_jobs()
    assert "Not me" in page(visit, who)
    forum.post(topic, other)
    assert "Not me" not in page(visit, who)


def test_the_asker_is_told_how_many_were_asked_and_never_who(cast, visit, opioids):
    everyone = [make.clinician(f"Willing {n}", by_name=n == 9) for n in range(4)]
    topic = make.question(opioids, cast["physician"])
    run_waiting_jobs()
    shown = page(visit, cast["physician"], f"/en/topics/{topic.key}")
    assert "We asked 3 people who know this field." in shown
    assert not [one for one in everyone if one.name in shown or (one.persona_id or "") in shown]
    assert "We asked" not in page(visit, everyone[0], f"/en/topics/{topic.key}")


def test_the_asker_chooses_among_names_that_allow_it(cast, visit, opioids):
    allows = make.clinician("Allows It", by_name=True, weekly=1)
    make.clinician("Hidden One", 0)
    topic = make.question(opioids, cast["physician"])
    browser = visit(cast["physician"])
    address = f"/en/topics/{topic.key}/ask-someone"
    shown = browser.get(address).get_data(as_text=True)
    assert "Allows It" in shown
    assert "Hidden One" not in shown
    assert browser.post(address, {"persona": cast["member"].persona_id}).status_code == 422
    assert browser.post(address, {"persona": allows.persona_id}).status_code == 303
    assert "The person who asked chose you by name" in page(visit, allows)
    assert visit(allows).get(address).status_code == 403


def days(first, last):
    return {"first": str(today() + timedelta(days=first)), "last": str(today() + timedelta(days=last))}


def test_one_takes_days_on_call_and_the_calendar_shows_who_and_the_gaps(cast, visit, opioids):
    who = make.clinician("Ready Now")
    browser = visit(who)
    assert browser.post("/en/on-call/opioids", days(0, 3)).status_code == 303
    assert browser.post("/en/on-call/opioids", days(0, 3)).status_code == 303
    assert len(db.session.query(OnCall).all()) == 1
    assert browser.post("/en/on-call/opioids", days(2, 5)).status_code == 422
    assert browser.post("/en/on-call/opioids", days(9, 8)).status_code == 422
    assert browser.post("/en/on-call/opioids", days(-1, 3)).status_code == 422
    assert browser.post("/en/on-call/opioids", days(5, 90)).status_code == 422
    shown = page(visit, cast["physician"], "/en/on-call/opioids")
    assert "Ready Now" in shown
    assert "Days without anybody" in shown
    assert "Today: Ready Now" in page(visit, cast["physician"], "/en/on-call")
    page(visit, cast["member"], "/en/on-call/opioids", 404)
    assert "Ready Now" not in page(visit, cast["member"], "/en/on-call")


def test_keepers_propose_others_who_agree_or_decline(cast, visit, opioids):
    from tests import cast as people

    keeper, other = make.clinician("Keeper"), make.clinician("Willing")
    people.duty(keeper, "moderator", "opioids")
    db.session.commit()
    keeping = visit(keeper)
    address = "/en/on-call/opioids/propose"
    assert keeping.post(address, {"name": "Robin Tallgrass", **days(0, 2)}).status_code == 422
    assert keeping.post(address, {"name": "Nobody", **days(0, 2)}).status_code == 422
    assert keeping.post(address, {"name": "Willing", **days(0, 2)}).status_code == 303
    assert visit(other).post(address, {"name": "Keeper", **days(0, 2)}).status_code == 403
    row = db.session.query(OnCall).one()
    assert row.state == "proposed"
    assert "Willing" not in page(visit, cast["physician"], "/en/on-call/opioids")
    assert "Would you be on call for Opioids?" in page(visit, other)
    assert visit(cast["physician"]).post(f"/en/on-call/days/{row.key}/agree").status_code == 404
    assert visit(keeper).post(f"/en/on-call/days/{row.key}/agree").status_code == 403
    assert visit(other).post(f"/en/on-call/days/{row.key}/agree").status_code == 303
    db.session.expire_all()
    assert "Willing" in page(visit, cast["physician"], "/en/on-call/opioids")
    assert visit(cast["physician"]).post(f"/en/on-call/days/{row.key}/end").status_code == 403
    assert visit(other).post(f"/en/on-call/days/{row.key}/end").status_code == 303
    db.session.expire_all()
    assert db.session.query(OnCall).all() == []


def test_many_questions_cost_the_home_page_as_much_as_few(cast, visit, opioids, statements):
    who = make.clinician("Fit", 20)
    browser = visit(who)

    def cost(many):
        for number in range(many):
            make.question(opioids, cast["physician"], f"Question {number}")
        run_waiting_jobs()
        with statements.recorded():
            browser.get("/en/")
        return len(statements.words)

    assert cost(3) >= cost(6)
