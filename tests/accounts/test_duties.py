"""Duties, the register of acts, failed jobs and help lines."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from community.accounts.models import Duty
from community.accounts.services import duties
from community.accounts.viewer import OPERATOR
from community.core import clock, help, jobs
from community.core.audit import AuditEntry
from community.core.db import db, transaction
from community.core.errors import Conflict, Invalid, NotAllowed
from community.core.help import HelpLine
from tests import cast
from tests.make import accounts as make

PAGES = ("duties", "register", "jobs", "help-lines", "help-lines/new")


@pytest.fixture
def people(whole_cast):
    return whole_cast


@pytest.mark.parametrize(
    "who", ["visitor", "member", "coordinator", "moderator", "policy", "physician", "lived"]
)
def test_only_administrators_give_and_take_duties(people, who):
    with pytest.raises(NotAllowed):
        duties.give(people[who].viewer, people["member"].persona_id, "coordinator")
    with pytest.raises(NotAllowed):
        duties.take(people[who].viewer, people["coordinator"].persona_id, "coordinator")


def test_giving_twice_gives_once_and_both_ways_are_in_the_register(people):
    admin, member = people["administrator"].viewer, people["member"].persona_id
    duties.give(admin, member, "coordinator")
    duties.give(admin, member, "coordinator")
    assert people["member"].viewer.coordinator
    duties.take(admin, member, "coordinator")
    assert not people["member"].viewer.coordinator
    acts = db.session.scalars(select(AuditEntry.act).where(AuditEntry.target == member)).all()
    assert acts == ["duty.given", "duty.taken"]


def test_the_last_administrator_cannot_be_removed(people):
    admin = people["administrator"]
    with pytest.raises(Conflict):
        duties.take(admin.viewer, admin.persona_id, "administrator")
    duties.give(admin.viewer, people["member"].persona_id, "administrator")
    duties.take(admin.viewer, admin.persona_id, "administrator")
    assert not admin.viewer.administrator


def test_a_protected_name_may_moderate_but_neither_coordinate_nor_administer(people):
    lived = people["lived"].persona_id
    duties.give(OPERATOR, lived, "moderator", "lived-experience")
    assert people["lived"].viewer.moderates == {"lived-experience"}
    for duty in ("coordinator", "administrator"):
        with pytest.raises(Invalid):
            duties.give(OPERATOR, lived, duty)


@pytest.mark.parametrize(
    ("duty", "scope"),
    [("king", ""), ("moderator", ""), ("coordinator", "opioids"), ("moderator", "no-such-space")],
)
def test_a_duty_that_does_not_exist_is_refused(people, monkeypatch, duty, scope):
    monkeypatch.setattr(duties, "_scopes", [lambda slug: slug == "opioids"])
    with pytest.raises(Invalid):
        duties.give(OPERATOR, people["member"].persona_id, duty, scope)


@pytest.mark.parametrize("page", PAGES)
def test_pages_of_administrators_do_not_exist_for_others(client, app, people, page):
    for name in ("visitor", "member", "coordinator", "moderator", "policy"):
        browser = app.test_client()
        people[name].signs_in(browser)
        assert browser.get(f"/en/{page}").status_code == 404, name
    people["administrator"].signs_in(client)
    assert client.get(f"/en/{page}").status_code == 200


def test_an_administrator_types_the_password_again_before_acting(client, people):
    people["administrator"].signs_in(client)
    with client.session_transaction() as cookie:
        cookie["fs_paa"] = 1.0
    assert client.get("/en/duties").location == "/en/sign-in/again?next=/en/duties"


def test_an_administrator_gives_a_duty_by_the_address_of_a_page(client, people):
    people["administrator"].signs_in(client)
    address = f"https://example.org/en/people/{people['member'].persona_id}/"
    assert make.send(client, "/en/duties", persona=address, duty="coordinator", scope="").status_code == 302
    assert people["member"].viewer.coordinator
    answer = make.send(client, "/en/duties", persona="0" * 22, duty="coordinator", scope="")
    assert answer.status_code == 422
    taken = {"persona": people["member"].persona_id, "duty": "coordinator", "scope": ""}
    make.send(client, "/en/duties/take", form="/en/duties", **taken)
    assert not people["member"].viewer.coordinator
    page = client.get("/en/register").text
    assert "Duty given" in page
    assert "Desmond Oak" in page


def test_the_register_is_read_in_pages_and_a_made_up_cursor_is_refused(client, people):
    for _ in range(30):
        duties.give(OPERATOR, people["member"].persona_id, "coordinator")
        duties.take(OPERATOR, people["member"].persona_id, "coordinator")
    db.session.commit()
    people["administrator"].signs_in(client)
    first = client.get("/en/register")
    assert 'rel="next"' in first.text
    assert client.get("/en/register?after=made-up").status_code == 400


def test_a_failed_job_is_listed_and_tried_again(client, people):
    db.session.add(
        jobs.Job(
            name="core.send_mail",
            arguments={},
            lane=0,
            run_at=cast.clock.now(),
            state="dead",
            attempts=5,
            problem="ConnectionError at mail.py:80",
        )
    )
    db.session.commit()
    job = jobs.dead_jobs()[0]
    people["administrator"].signs_in(client)
    assert "ConnectionError" in client.get("/en/jobs").text
    assert make.send(client, f"/en/jobs/{job.id}/retry", form="/en/jobs").status_code == 302
    db.session.expire_all()
    assert (job.state, job.attempts) == ("waiting", 0)
    assert make.send(client, f"/en/jobs/{job.id}/retry", form="/en/duties").status_code == 409


LINE = {
    "kind": "crisis",
    "regions": "on",
    "but": "",
    "shown_fr": "555 555-0142",
    "shown_en": "555 555-0142",
    "tel": "5555550142",
    "text": "",
    "name_fr": "Ligne fictive",
    "name_en": "Fictitious line",
    "says_fr": "Une ligne pour cet essai.",
    "says_en": "A line for this test.",
    "source": "This test.",
    "source_date": "2026-11-01",
    "position": "5",
}


def test_an_administrator_adds_changes_calls_and_removes_a_help_line(client, people):
    people["administrator"].signs_in(client)
    assert make.send(client, "/en/help-lines/new", **LINE).status_code == 302
    line = db.session.scalars(select(HelpLine).where(HelpLine.name_en == "Fictitious line")).one()
    assert (line.regions, line.source_date, line.status) == (["on"], date(2026, 11, 1), "")
    assert "555 555-0142" in client.get("/en/help?province=on").text
    make.send(client, f"/en/help-lines/{line.id}", **{**LINE, "shown_en": "555 555-0199"})
    assert "555 555-0199" in client.get("/en/help?province=on").text
    make.send(client, f"/en/help-lines/{line.id}/called", form="/en/help-lines")
    db.session.expire_all()
    assert (line.status, line.checked) == ("called", cast.clock.today())
    make.send(client, f"/en/help-lines/{line.id}/remove", form="/en/help-lines")
    assert "555 555-0199" not in client.get("/en/help?province=on").text
    acts = db.session.scalars(select(AuditEntry.act).order_by(AuditEntry.number)).all()
    assert acts == ["help_line.saved", "help_line.saved", "help_line.called", "help_line.removed"]
    help.forget()


@pytest.mark.parametrize(("days", "waits", "old"), [(149, 0, 0), (152, 1, 0), (182, 1, 1)])
def test_a_line_that_nobody_checked_is_to_be_called_and_then_said_to_be_old(client, people, days, waits, old):
    with transaction():
        for line in db.session.scalars(select(HelpLine)):
            line.checked = clock.today()
        line.checked = clock.today() - timedelta(days=days)
        line.kind, line.regions, line.but = "overdose", ["*"], []
    help.forget()
    for lang, of_one, of_all in (
        ("en", "Not checked since", "were not checked since"),
        ("fr", "Pas vérifié depuis", "n’ont pas été vérifiés depuis"),
    ):
        page = client.get(f"/{lang}/help").text
        assert (page.count(of_one), page.count(of_all)) == (old, old)
    people["member"].signs_in(client)
    assert "to check again" not in client.get("/en/").text
    people["administrator"].signs_in(client)
    assert client.get("/en/").text.count("1 help line to check again") == waits
    help.forget()


@pytest.mark.parametrize(
    "change",
    [
        {"regions": "atlantis"},
        {"but": "zz"},
        {"tel": "call me"},
        {"name_fr": ""},
        {"source": ""},
        {"says_en": "x" * 401},
    ],
)
def test_a_help_line_without_a_source_or_a_place_is_refused(client, people, change):
    people["administrator"].signs_in(client)
    answer = make.send(client, "/en/help-lines/new", **{**LINE, **change})
    assert answer.status_code == 422
    assert not db.session.scalars(select(HelpLine).where(HelpLine.name_en == "Fictitious line")).all()


def test_duties_of_the_cast_are_what_the_table_says(people):
    held = {(row.duty, row.scope) for row in db.session.scalars(select(Duty))}
    assert held == {("coordinator", ""), ("administrator", ""), ("moderator", "lived-experience")}
