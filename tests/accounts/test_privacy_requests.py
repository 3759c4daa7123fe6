"""Requests that came by letter: written down, answered within thirty days, an alarm when they are not."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
import time_machine
from sqlalchemy import select

from community.accounts.privacy import jobs, requests
from community.accounts.privacy.models import PrivacyRequest
from community.accounts.privacy.requests import Came
from community.accounts.services import joining
from community.core import audit, clock, spreadsheets
from community.core.db import db, transaction
from community.core.errors import Conflict, Invalid, NotAllowed, NotFound
from community.core.jobs import run_waiting_jobs
from tests.make import accounts as make

PAGE = "/privacy/requests"


@pytest.fixture
def cast(whole_cast):
    return whole_cast


@pytest.fixture
def keeper(cast):
    return cast["administrator"].viewer


def came(keeper, ago=0, kind="access", file="2026-014"):
    with transaction():
        return requests.add(keeper, Came(kind, clock.today() - timedelta(days=ago), file))


def answered(keeper, row, said="granted", why="", ago=0):
    with transaction():
        requests.answer(keeper, row, said, clock.today() - timedelta(days=ago), why)


def acts():
    return db.session.scalars(select(audit.AuditEntry.act).order_by(audit.AuditEntry.number)).all()


def test_its_thirty_days_run_from_the_day_on_which_it_came_in(keeper):
    row = came(keeper, ago=3)
    assert row.due_on == clock.today() + timedelta(days=27)
    assert acts() == ["request.added"]


def test_it_is_answered_once_and_the_register_of_acts_says_how_late(keeper):
    row = came(keeper, ago=40)
    answered(keeper, row, ago=5)
    entry = db.session.scalars(select(audit.AuditEntry).order_by(audit.AuditEntry.number.desc())).first()
    assert entry
    assert (entry.act, entry.detail["days_late"]) == ("request.answered", 5)
    with pytest.raises(Conflict):
        answered(keeper, row, "refused", "Another answer, which is too late.")


@pytest.mark.parametrize("said", ["partly", "refused", "mistake"])
def test_what_is_refused_has_a_reason(keeper, said):
    row = came(keeper)
    with pytest.raises(Invalid) as problem:
        answered(keeper, row, said, "No.")
    assert problem.value.field == "why"
    answered(keeper, row, said, "Section 37: it would reveal somebody else.")


def test_days_that_cannot_be_are_refused(keeper):
    with pytest.raises(Invalid):
        came(keeper, ago=-1)
    row = came(keeper, ago=2)
    for ago in (-1, 3):
        with pytest.raises(Invalid):
            answered(keeper, row, ago=ago)
    for more in ({"kind": "gossip"}, {"file": "x" * 61}, {"file": " "}):
        with pytest.raises(Invalid):
            came(keeper, **more)


def test_only_those_who_keep_the_register_read_it(cast, keeper):
    row = came(keeper)
    for who in ("visitor", "member", "coordinator", "moderator"):
        assert requests.all_of(cast[who].viewer) == []
        with pytest.raises(NotFound):
            requests.one(cast[who].viewer, row.key)
        with pytest.raises(NotAllowed):
            came(cast[who].viewer)


def test_those_that_wait_come_first_the_nearest_day_on_top(keeper):
    late, soon, done = came(keeper, ago=31), came(keeper, ago=25), came(keeper, ago=29)
    answered(keeper, done)
    assert [row.key for row in requests.all_of(keeper)] == [late.key, soon.key, done.key]
    assert (requests.late_count(), requests.soon_count()) == (1, 1)


@pytest.mark.parametrize(("lang", "late"), [("en", "is past its day"), ("fr", "a dépassé son échéance")])
def test_an_overdue_one_stands_first_at_home_for_those_who_answer_for_it(client, cast, keeper, lang, late):
    came(keeper, ago=31)
    for who, told in (
        ("administrator", True),
        ("coordinator", True),
        ("moderator", False),
        ("member", False),
    ):
        home = cast[who].signs_in(client).get(f"/{lang}/").text
        assert (late in home) is told, who
        assert (f"/{lang}{PAGE}" in home) is (who == "administrator"), who


def test_the_last_day_is_not_late(client, cast, keeper):
    came(keeper, ago=30)
    assert requests.late_count() == 0
    assert "to answer this week" in cast["administrator"].signs_in(client).get("/en/").text


def test_a_letter_says_it_once_to_those_who_agreed_to_mail_and_names_nothing(cast, keeper):
    with transaction():
        for who in ("coordinator", "member"):
            joining.agree(cast[who].member_id, "notifications", "en")
    row = came(keeper, ago=31)
    for _ in range(2):
        jobs.late_requests()
        run_waiting_jobs()
    sent = make.post_box()
    assert len(sent) == 1
    for secret in (row.key, row.file, cast["coordinator"].persona_id, "Solene"):
        assert secret not in f"{sent[0].subject} {sent[0].body}"
    assert "thirty days" in sent[0].body
    assert acts().count("request.late") == 1


def test_a_request_is_written_down_and_answered_on_its_pages(client, cast):
    browser = cast["administrator"].signs_in(client)
    said = {"kind": "rectification", "received_on": str(clock.today()), "file": "2026-020"}
    refused = make.send(browser, f"/en{PAGE}/new", **{**said, "received_on": ""})
    assert refused.status_code == 422
    assert "Give the day on which it came in." in refused.text
    assert "2026-020" in refused.text
    place = make.send(browser, f"/en{PAGE}/new", **said).headers["Location"]
    assert "To have something corrected" in browser.get(place).text
    said = {"answer": "refused", "answered_on": str(clock.today()), "why": "short"}
    assert make.send(browser, f"{place}/answer", form=place, **said).status_code == 422
    said["why"] = "Nothing shows that it is wrong (section 28)."
    assert make.send(browser, f"{place}/answer", form=place, **said).status_code == 302
    page = browser.get(place).text
    assert "Refused, with the reason" in page
    assert "section 28" in page
    assert "<form" not in page.partition("<main")[2].partition("</main>")[0]
    assert "2026-020" in browser.get(f"/fr{PAGE}").text


def test_the_register_is_taken_out_and_that_is_on_record(client, cast, keeper):
    answered(keeper, came(keeper, file="=1+1"), "refused", "Section 39: a proceeding is pending.")
    browser = cast["administrator"].signs_in(client)
    table = make.send(browser, f"/en{PAGE}/take-out/csv", form=f"/en{PAGE}")
    rows = spreadsheets.read(table.data)
    assert (rows[0]["file"], rows[0]["answer"]) == ("=1+1", "refused")
    assert b"'=1+1" in table.data
    whole = make.send(browser, f"/en{PAGE}/take-out/json", form=f"/en{PAGE}")
    assert json.loads(whole.data)[0]["why"].startswith("Section 39")
    assert acts().count("record.exported") == 2


def test_it_is_dropped_five_years_after_its_answer(keeper):
    kept, done = came(keeper), came(keeper)
    answered(keeper, done)
    with time_machine.travel(clock.now() + timedelta(days=1826), tick=False), transaction():
        assert requests.drop_old() == 0
    with time_machine.travel(clock.now() + timedelta(days=1828), tick=False), transaction():
        assert requests.drop_old() == 1
    assert db.session.scalars(select(PrivacyRequest.key)).all() == [kept.key]
    assert acts()[-1] == "request.dropped"
