"""What became of referrals, as published: once, for everybody, without a count that tells about somebody."""

from __future__ import annotations

import json
from datetime import date

import pytest
import time_machine
from sqlalchemy import select

from community.core import spreadsheets
from community.core.db import db
from community.directory import jobs
from community.directory.figures.rating import Told
from community.directory.models.referrals import ReferralRate
from community.directory.services import rates
from tests.make import referrals as make

JULY, AUGUST, OCTOBER = date(2026, 7, 1), date(2026, 8, 1), date(2026, 10, 1)
ENOUGH = {"taken_in": 60, "waiting": 20, "refused": 15, "declined": 12, "unknown": 30}


@pytest.fixture
def january(app):
    """It is the tenth of January 2027: the third quarter of 2026 can change no more."""
    with time_machine.travel("2027-01-10 15:00", tick=True):
        yield


@pytest.fixture
def services(january):
    """Four in Montréal, three in Toronto; in each place one to which few were referred."""
    montreal = make.services(4, "H2X 0A0", offered=["offers-oat"])
    toronto = make.services(3, "M5V 0A0", offered=["offers-housing"])
    for at, service in enumerate((*montreal[:3], *toronto[:2])):
        make.count(service, JULY if at % 2 else AUGUST, **ENOUGH)
    make.count(montreal[3], JULY, taken_in=4, unknown=1)
    make.count(toronto[2], AUGUST, taken_in=2, refused=3)
    return montreal, toronto


def shown(kind, code=""):
    rows = select(ReferralRate).where(ReferralRate.kind == kind, ReferralRate.code == code)
    return db.session.scalars(rows.execution_options(populate_existing=True)).one()


def published():
    """Do what is due today. Returns the last months of what came out."""
    before = {one.last for one in rates.releases()}
    jobs.publish_rates()
    return sorted({one.last for one in rates.releases()} - before)


def test_a_quarter_is_published_with_both_figures_of_each_line(services):
    jobs.publish_rates()
    every = shown("all")
    assert (every.first, every.last) == (JULY, date(2026, 9, 1))
    assert (every.referred, every.taken_in, every.unknown) == (5 * 137 + 10, 5 * 60 + 6, 151)
    assert shown("region", "qc-06").referred == 3 * 137 + 5
    assert shown("need", "offers-housing").taken_in == 2 * 60 + 2
    assert shown("profession", "nurse").referred == every.referred
    montreal, toronto = services
    told = set(db.session.scalars(select(ReferralRate.code).where(ReferralRate.kind == "service")))
    assert not {montreal[3], toronto[2]} & told
    assert len(told & set(montreal)) == 2  # without the small one, and one that would give it back


def test_what_is_out_never_changes_and_no_month_is_in_two_tables(services):
    jobs.publish_rates()
    before = shown("all").referred
    make.count(services[0][0], JULY, "physician", **ENOUGH)
    jobs.publish_rates()
    assert shown("all").referred == before
    line = Told("all", "", 500, 300, dict.fromkeys(("waiting", "refused", "declined", "unknown")))
    with pytest.raises(ValueError, match="overlaps"):
        rates.publish(AUGUST, OCTOBER, [line])
    with pytest.raises(ValueError, match="frozen"):
        rates.publish(JULY, date(2026, 9, 1), [line])


def test_a_quarter_with_too_few_waits_for_the_next(january):
    [one, two] = make.services(2, "H2X 0A0")
    for service in (one, two):
        make.count(service, JULY, taken_in=6, unknown=4)
    assert published() == []
    for service in (one, two):
        make.count(service, OCTOBER, taken_in=50, unknown=40)
    with time_machine.travel("2027-04-10 15:00"):
        assert published() == [date(2026, 12, 1)]
    assert shown("all").first == JULY
    assert shown("all").referred == 200


def test_nothing_is_published_while_somebody_may_still_say_an_outcome(app):
    [one, two] = make.services(2, "H2X 0A0")
    for service in (one, two):
        make.count(service, JULY, **ENOUGH)
    with time_machine.travel("2026-12-29 15:00"):
        assert published() == []
    with time_machine.travel("2026-12-31 15:00"):
        assert published() == [date(2026, 9, 1)]


def test_page_picture_table_csv_and_json_tell_the_same(services, visit, cast):
    for code in ("B3H 0A0", "R3C 0A0"):
        make.count(make.services(1, code, offered=["offers-crisis-line"])[0], JULY, taken_in=8, unknown=8)
    jobs.publish_rates()
    reader = visit(cast["visitor"])
    english = reader.get("/en/directory/rates").get_data(as_text=True)
    assert "July to September 2026" in english
    assert "<svg" in english
    assert "416" in english
    french = reader.get("/fr/directory/rates?from=2026-07").get_data(as_text=True)
    assert "juillet à septembre 2026" in french
    assert "masqué" in french
    assert reader.get("/en/directory/rates?from=2026-04").status_code == 404
    assert reader.get("/en/directory/rates?from=hello").status_code == 404
    listed = json.loads(reader.get("/en/directory/rates.json").get_data(as_text=True))
    sheet = spreadsheets.read(reader.get("/en/directory/rates.csv").get_data())
    assert listed["smallest_count_shown"] == 10
    assert [(line["code"], line["referred"]) for line in listed["lines"]] == [
        (line["code"], int(line["referred"]) if line["referred"] else None) for line in sheet
    ]
    assert {line["hidden"] for line in sheet} == {"yes", "no"}
    kept = [row.referred for row in db.session.scalars(select(ReferralRate).order_by(ReferralRate.code))]
    told = [line["referred"] for line in sorted(listed["lines"], key=lambda line: line["code"])]
    assert sorted(map(str, kept)) == sorted(map(str, told))


def test_a_service_and_a_region_show_their_own_figures(services, visit, cast):
    jobs.publish_rates()
    montreal, _toronto = services
    reader = visit(cast["visitor"])
    told = next(one for one in montreal if told_of(one))
    assert "60 of 137" in reader.get(f"/en/directory/services/{told}").get_data(as_text=True)
    assert "416" in reader.get("/en/regions/qc-06").get_data(as_text=True)


def told_of(service):
    rows = select(ReferralRate).where(ReferralRate.kind == "service", ReferralRate.code == service)
    return db.session.scalars(rows).one_or_none()


def test_a_service_with_few_looks_as_one_to_which_nobody_was_referred(services, visit, cast):
    [nobody] = make.services(1, "H2Y 0A0", offered=["offers-oat"])
    jobs.publish_rates()
    montreal, _toronto = services
    pages = [
        visit(cast["visitor"]).get(f"/en/directory/services/{one}").get_data(as_text=True)
        for one in (montreal[3], nobody)
    ]
    assert {page.count("What became of referrals") for page in pages} == {0}
    listed = visit(cast["visitor"]).get("/en/directory/rates.json").get_data(as_text=True)
    assert montreal[3] not in listed
    page = visit(cast["visitor"]).get("/en/directory/rates").get_data(as_text=True)
    assert "All other services together" in page


def test_a_line_of_an_earlier_table_that_hides_a_service_is_given_no_more(services, visit, cast):
    jobs.publish_rates()
    montreal, _toronto = services
    every = shown("all")
    hidden = {"referred": None, "taken_in": None, "published_on": every.published_on}
    db.session.add(
        ReferralRate(first=every.first, last=every.last, kind="service", code=montreal[3], **hidden)
    )
    db.session.flush()
    reader = visit(cast["visitor"])
    for page in ("rates", "rates.csv", "rates.json", f"services/{montreal[3]}"):
        said = reader.get(f"/en/directory/{page}").get_data(as_text=True)
        assert "hidden to protect people" not in said
        assert page.startswith("services") or montreal[3] not in said


def test_a_region_with_few_is_hidden_as_one_with_nobody(services, visit, cast):
    [few] = make.services(1, "B3H 0A0", offered=["offers-oat"])
    make.services(1, "R3C 0A0", offered=["offers-oat"])
    make.count(few, JULY, taken_in=4, unknown=1)
    jobs.publish_rates()
    reader = visit(cast["visitor"])
    for region in ("ns", "mb"):
        assert shown("region", region).referred is None
        assert "nobody was referred, or few were" in reader.get(f"/en/regions/{region}").get_data(
            as_text=True
        )


def test_nothing_published_says_when_there_will_be(app, visit, cast):
    assert "No figure yet" in visit(cast["visitor"]).get("/en/directory/rates").get_data(as_text=True)
    assert not json.loads(visit(cast["visitor"]).get("/fr/directory/rates.json").get_data())["lines"]


def test_more_lines_cost_no_more_statements(services, visit, cast, statements):
    jobs.publish_rates()
    reader = visit(cast["visitor"])
    reader.get("/en/directory/rates")
    with statements.recorded():
        reader.get("/en/directory/rates")
    assert len(statements.words) <= 5
