"""A file that is brought again does not undo what people changed; where both changed, people decide."""

from __future__ import annotations

import json

import pytest
from sqlalchemy import func, select

from community.accounts.viewer import OPERATOR, VISITOR
from community.core.db import db, transaction
from community.core.errors import Conflict
from community.directory.hsds.rows import Report, Row
from community.directory.mending.merging import settle
from community.directory.mending.spots import NEW, Mended
from community.directory.models import Correction, FileValue
from community.directory.services import bringing, corrections, keeping, mending
from community.directory.services.runs import Import
from tests import cast as people
from tests.make import directory as make

SERVICE = make.uuid("Clinic of the Two Lanterns")
PHONE = make.uuid("Clinic of the Two Lanterns phone")
AT = make.uuid("Clinic of the Two Lanterns at")
PLACE = make.uuid("Clinic of the Two Lanterns place")
ADDRESS = make.uuid("Clinic of the Two Lanterns place address")
OWNER = make.uuid("organization")
ROOT = ("service", SERVICE)


def week(opens="08:00"):
    return {"id": make.uuid("week"), "freq": "WEEKLY", "byday": "MO", "opens_at": opens, "closes_at": "12:00"}


def given(opens="08:00", **more):
    """The service as a file has it."""
    french = {"fr": {"description": {"text": "Ce qu’on y fait."}}}
    made = make.service(minimum_age=18, assured_date="2026-05-01", translations=french, **more)
    made["service_at_locations"][0]["schedules"] = [week(opens)]
    return made


@pytest.fixture
def brought(app):
    make.keep(given())


def change(*some, all_right=False):
    with transaction():
        keeping.edit(OPERATOR, OWNER, ROOT, list(some), all_right=all_right)
    make.write_up()


def mended(name, after, part="", kind="service", id=SERVICE, **more):
    return Mended(kind, id, name, part, "", after, **more)


def told(report):
    """Columns that stay as they were changed here."""
    return sorted(one.column for one in report.kept)


def waiting():
    db.session.rollback()
    rows = select(Correction).where(Correction.state == "waiting", Correction.origin == "import")
    found = list(db.session.scalars(rows.order_by(Correction.what)))
    db.session.expunge_all()
    db.session.remove()
    return found


def days(document):
    return {
        (one["byday"], one["opens_at"]) for one in document["service_at_locations"][0].get("schedules") or ()
    }


def test_a_file_that_says_what_it_said_before_undoes_nothing(brought):
    change(
        mended("minimum_age", "16"),
        mended("description", "Nurses, at night.", "en"),
        mended("description", "Des infirmières, la nuit.", "fr"),
        mended("number", "", kind="phone", id=PHONE, holder=ROOT),
        mended("number", "555-0177", kind="phone", id=NEW, holder=ROOT),
        mended("hours", "10:00-12:00", "MO", kind="service_at_location", id=AT),
        mended("address_2", "Door 4", kind="address", id=ADDRESS),
        all_right=True,
    )
    before = make.shown()
    report = make.keep(given())
    assert make.shown() == before
    assert (before["minimum_age"], [one["number"] for one in before["phones"]]) == (16, ["555-0177"])
    assert days(before) == {("MO", "10:00")}
    assert before["assured_date"] > "2026-05-01"
    assert (report.total("changed"), report.kept, waiting()) == (0, [], [])


def test_what_both_changed_stays_as_people_have_it_and_waits_to_be_decided(brought):
    change(
        mended("minimum_age", "16"),
        mended("description", "Des infirmières, la nuit.", "fr"),
        mended("number", "555-0177", kind="phone", id=PHONE),
        mended("hours", "10:00-12:00", "MO", kind="service_at_location", id=AT),
    )
    before = make.shown()
    again = given(opens="09:00", status="inactive")
    again["minimum_age"] = 14
    again["phones"][0]["number"] = "555-0188"
    again["translations"]["fr"]["description"]["text"] = "Autre chose."
    report = make.keep(again)
    assert told(report) == ["description (fr)", "minimum_age", "number", "schedules"]
    assert {"here “16”, in the file “14”"} == {
        str(one).partition(": ")[2].partition(": ")[2] for one in report.kept if one.column == "minimum_age"
    }
    after = make.shown()
    assert after["status"] == "inactive"  # what only the file changed
    assert (after["minimum_age"], after["phones"]) == (16, before["phones"])
    assert (after["translations"], days(after)) == (before["translations"], {("MO", "10:00")})
    found = {row.what: json.loads(row.said) for row in waiting()}
    assert set(found) == {"fields", "phone", "hours"}
    assert {(one["name"], one["before"], one["after"]) for one in found["fields"]} == {
        ("minimum_age", "16", "14"),
        ("description", "Des infirmières, la nuit.", "Autre chose."),
    }
    assert [(one["part"], one["after"]) for one in found["hours"]] == [("MO", "09:00-12:00")]
    report = make.keep(again)
    assert (report.total("changed"), report.kept, len(waiting())) == (0, [], 3)


def test_what_people_decide_about_a_file_stands_from_then_on(brought):
    change(mended("minimum_age", "16"), mended("hours", "10:00-12:00", "MO", "service_at_location", AT))
    again = given(opens="09:00")
    again["minimum_age"] = 14
    make.keep(again)
    for row in waiting():
        with transaction():
            corrections.accept(OPERATOR, db.session.get_one(Correction, row.key), {0})
    make.write_up()
    after = make.shown()
    assert (after["minimum_age"], days(after)) == (14, {("MO", "09:00")})
    assert {one["updated_by"] for one in after["metadata"]} == {"coordinator", "import"}
    make.keep(again)
    assert make.shown() == after
    assert db.session.scalar(select(func.count()).where(FileValue.name == "minimum_age")) == 0
    db.session.remove()


def test_a_value_that_no_form_asks_for_is_ours_or_the_files(brought, visit):
    """A keeper decides about it on the page of corrections; what a later file says takes its place."""
    rows = [Row("service", SERVICE, {"id": SERVICE, "wait_time": "A month", "tags": ["new"]}, "")]
    with transaction():
        mending.keep(rows, "coordinator")
    make.keep(given(wait_time="A year", tags=["old", "small"]))
    (row,) = waiting()
    said = {one["name"]: (one["before"], one["after"]) for one in json.loads(row.said)}
    assert said == {"wait_time": ("A month", "A year"), "tags": ('["new"]', '["old", "small"]')}
    make.keep(given(wait_time="Two years", tags=["old", "small"]))
    (row,) = waiting()
    with transaction():
        who = people.persona("Solene")
        people.duty(who, "coordinator")
    client = visit(who)
    page = client.get(f"/en/directory/corrections/{row.key}").text
    assert "<del>A month</del> <ins>Two years</ins>" in page
    assert "<del>new</del> <ins>old, small</ins>" in page
    assert "Changed since" not in page
    place = [one["name"] for one in json.loads(row.said)].index("wait_time")
    sent = {"act": "accept", "taken": str(place)}
    assert client.post(f"/en/directory/corrections/{row.key}", data=sent).status_code == 303
    make.write_up()
    after = make.shown()
    assert (after["wait_time"], after["tags"]) == ("Two years", ["new"])
    assert make.keep(given(wait_time="Two years", tags=["old", "small"])).kept == []
    make.keep(given(wait_time="None", tags=["old", "small"]))
    assert make.shown()["wait_time"] == "None"


def test_what_the_file_no_longer_says_is_not_taken_over(brought):
    rows = [Row("service", SERVICE, {"id": SERVICE, "wait_time": "A month"}, "")]
    with transaction():
        mending.keep(rows, "coordinator")
    make.keep(given(wait_time="A year"))
    make.keep(given(wait_time="A month"))
    (row,) = waiting()
    with pytest.raises(Conflict), transaction():
        corrections.accept(OPERATOR, db.session.get_one(Correction, row.key), {0})
    db.session.remove()
    assert make.shown()["wait_time"] == "A month"


def test_a_value_that_people_put_back_belongs_to_the_file_again(brought):
    change(mended("minimum_age", "16"))
    change(mended("minimum_age", "18"))
    again = given()
    again["minimum_age"] = 14
    assert make.keep(again).kept == []
    assert make.shown()["minimum_age"] == 14


def test_a_withheld_address_stays_withheld_and_is_offered_to_nobody(brought):
    change(mended("address_2", "Door 4", kind="address", id=ADDRESS))
    with transaction():
        keeping.withhold(OPERATOR, OWNER, SERVICE, PLACE)
    again = given(description=f"Come to {make.STREET}.")
    place = again["service_at_locations"][0]["location"]
    place["address_withheld"] = False
    place["addresses"][0]["address_2"] = "Door 5"
    report = make.keep(again)
    assert set(told(report)) == {"address_withheld", "address_2"}
    assert waiting() == []
    assert make.STREET not in json.dumps(make.shown(), ensure_ascii=False)


def test_a_dry_run_reports_the_same_and_offers_nothing(brought):
    change(mended("minimum_age", "16"))
    rows = [Row("service", SERVICE, {"id": SERVICE, "minimum_age": 14}, "/0")]
    run = Import("dry", Report())
    bringing.bring(OPERATOR, rows, run)
    db.session.rollback()
    assert told(run.report) == ["minimum_age"]
    assert "kept as changed here: services /0: minimum_age" in "\n".join(run.report.as_lines())
    assert waiting() == []


@pytest.mark.parametrize(
    ("name", "base", "ours", "theirs", "value"),
    [
        ("assured_date", "2026-05-01", "2026-11-20", "2026-10-01", "2026-11-20"),
        ("assured_date", "2026-05-01", "2026-11-20", "2026-11-21", "2026-11-21"),
        ("capacity", None, {"as_of": "2026-11-20"}, {"as_of": "2026-11-01"}, {"as_of": "2026-11-20"}),
        ("address_withheld", None, False, True, True),
    ],
)
def test_the_later_day_and_the_safer_word_stand_without_asking_anybody(name, base, ours, theirs, value):
    settled = settle("service", SERVICE, name, base, ours, theirs)
    assert (settled.value, settled.clashes) == (value, ())


def test_nobody_reads_what_a_file_said(brought):
    """What is remembered is for imports alone: no page, file or answer holds it."""
    change(mended("description", "Nurses, at night.", "en"))
    from community.directory.queries import documents

    document = documents.service(VISITOR, SERVICE) or {}
    assert document["description"] == "Nurses, at night."
    del document["metadata"]
    assert given()["description"] not in json.dumps(document, ensure_ascii=False)
