"""I referred someone here: one click, a list of one's own for ninety days, and counts that are nobody's."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import inspect, select

from community.core import archives, clock
from community.core.db import db, transaction
from community.core.errors import NotAllowed, NotFound, TooOften
from community.core.jobs import run_waiting_jobs
from community.directory import jobs
from community.directory.models.referrals import Referral, ReferralCount
from community.directory.services import referrals
from community.notifications.models import Notice
from tests.make import directory
from tests.make import referrals as make

LANTERNS = "Clinic of the Two Lanterns"


@pytest.fixture
def service(app):
    directory.keep(directory.service())
    return directory.uuid(LANTERNS)


def click(browser, service, lang="en"):
    return browser.post(f"/{lang}/directory/services/{service}/referrals", {"idem": "a key of this page"})


def test_one_click_counts_one_and_stands_on_ones_own_list(cast, visit, service):
    physician = visit(cast["physician"])
    page = physician.get(f"/en/directory/services/{service}").get_data(as_text=True)
    assert "I referred someone" in page
    answer = click(physician, service)
    assert answer.status_code == 303
    click(physician, service)  # a double click
    assert make.counts() == {"unknown": 1}
    listed = physician.get("/en/directory/referrals").get_data(as_text=True)
    assert LANTERNS in listed
    assert "No word yet" in listed
    assert LANTERNS not in visit(cast["social_worker"]).get("/en/directory/referrals").get_data(as_text=True)


def test_only_public_names_of_professionals_are_offered_the_click(cast, visit, service):
    for name in ("visitor", "member", "lived", "also_lived", "moderator", "policy"):
        page = visit(cast[name]).get(f"/fr/directory/services/{service}").get_data(as_text=True)
        assert "/referrals" not in page, name
        with pytest.raises(NotAllowed), transaction():
            referrals.refer(cast[name].viewer, service)
    for name in ("claimed", "physician", "expired", "social_worker"):
        make.referral(cast[name], service)
    professions = set(db.session.scalars(select(ReferralCount.profession)))
    assert professions == {"physician", "social_worker"}
    with pytest.raises(NotFound), transaction():
        referrals.refer(cast["physician"].viewer, directory.uuid("no such service"))


def test_no_field_can_hold_a_person(app):
    columns = {
        table: {column["name"] for column in inspect(db.engine).get_columns(table)}
        for table in ("referral", "referral_count", "referral_rate")
    }
    assert columns["referral"] == {
        *("key", "persona_id", "service_id", "made_on", "outcome", "profession", "asked")
    }
    assert columns["referral_count"] == {"service_id", "month", "outcome", "profession", "count"}
    assert "persona_id" not in columns["referral_rate"]


def test_what_is_written_in_a_form_besides_is_kept_nowhere(cast, visit, service):
    physician = visit(cast["physician"])
    sent = {"idem": "k", "note": "Madame Tremblay", "patient": "Tremblay", "outcome": "taken_in"}
    physician.post(f"/en/directory/services/{service}/referrals", sent)
    [kept] = make.own(cast["physician"])
    assert "Tremblay" not in str(vars(kept))
    assert make.counts() == {"unknown": 1}


def test_another_outcome_moves_one_unit_and_taking_back_removes_it(cast, visit, service):
    physician = visit(cast["physician"])
    key = make.referral(cast["physician"], service)
    make.referral(cast["social_worker"], service)
    physician.post(f"/en/directory/referrals/{key}/outcome", {"outcome": "waiting"})
    assert make.counts() == {"unknown": 1, "waiting": 1}
    physician.post(f"/en/directory/referrals/{key}/outcome", {"outcome": "taken_in"})
    physician.post(f"/en/directory/referrals/{key}/outcome", {"outcome": "taken_in"})
    assert make.counts() == {"unknown": 1, "taken_in": 1}
    assert physician.post(f"/en/directory/referrals/{key}/outcome", {"outcome": "dead"}).status_code == 422
    assert physician.post(f"/fr/directory/referrals/{key}/take-back").status_code == 303
    assert make.counts() == {"unknown": 1}
    assert not make.own(cast["physician"])


def test_after_a_day_a_click_is_not_taken_back(cast, visit, service):
    key = make.referral(cast["physician"], service, days_ago=2)
    assert visit(cast["physician"]).post(f"/en/directory/referrals/{key}/take-back").status_code == 403
    assert make.counts() == {"unknown": 1}


def test_what_is_on_the_list_of_another_is_not_there(cast, visit, service):
    key = make.referral(cast["physician"], service)
    for name in ("social_worker", "coordinator", "administrator"):
        other = visit(cast[name])
        assert other.post(f"/en/directory/referrals/{key}/outcome", {"outcome": "waiting"}).status_code == 404
        assert other.post(f"/en/directory/referrals/{key}/take-back").status_code == 404


def test_one_is_asked_after_a_fortnight_and_after_45_days_and_not_again(cast, service):
    make.referral(cast["physician"], service, days_ago=13)
    make.referral(cast["physician"], service, days_ago=14)
    make.referral(cast["physician"], service, days_ago=20, outcome="taken_in")
    make.referral(cast["social_worker"], service, days_ago=50, outcome="waiting")
    jobs.ask_what_became()
    jobs.ask_what_became()
    run_waiting_jobs()
    told = db.session.scalars(select(Notice).where(Notice.kind == "directory")).all()
    assert {row.persona_id for row in told} == {
        cast["physician"].persona_id,
        cast["social_worker"].persona_id,
    }
    assert len(told) == 2
    assert all(service not in f"{row.about}" for row in told)
    assert sorted(row.asked for row in make.own(cast["physician"])) == [0, 0, 1]
    assert [row.asked for row in make.own(cast["social_worker"])] == [2]


def test_after_ninety_days_nothing_ties_a_name_to_a_count(cast, visit, service):
    key = make.referral(cast["physician"], service, days_ago=91)
    make.referral(cast["physician"], service, days_ago=89)
    before = make.counts()
    physician = visit(cast["physician"])
    assert physician.post(f"/en/directory/referrals/{key}/outcome", {"outcome": "waiting"}).status_code == 404
    jobs.let_go_of_referrals()
    assert len(make.own(cast["physician"])) == 1
    assert make.counts() == before == {"unknown": 2}


def test_who_leaves_takes_the_list_along_and_the_counts_stay(cast, service):
    make.referral(cast["physician"], service)
    archive = archives.of_persona(cast["physician"].persona_id)["referrals"]
    assert [row["service_id"] for row in archive["referrals"]] == [service]
    with transaction():
        referrals.leave(cast["physician"].persona_id, True)
    assert not make.own(cast["physician"])
    assert make.counts() == {"unknown": 1}


def test_nobody_refers_more_people_in_a_day_than_one_person_can(cast, service, monkeypatch):
    monkeypatch.setattr(referrals, "MOST_A_DAY", 2)
    make.referral(cast["physician"], service)
    make.referral(cast["physician"], service)
    with pytest.raises(TooOften), transaction():
        referrals.refer(cast["physician"].viewer, service)


def test_counts_hold_no_day_and_lists_no_hour(cast, service):
    make.referral(cast["physician"], service)
    [counted] = db.session.scalars(select(ReferralCount))
    assert counted.month == clock.today().replace(day=1)
    assert [row.made_on for row in db.session.scalars(select(Referral))] == [clock.today()]
    assert clock.today() - timedelta(days=1) < make.own(cast["physician"])[0].made_on
