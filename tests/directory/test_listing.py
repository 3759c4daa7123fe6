"""Rows of lists follow the documents, and never hold what is withheld."""

from __future__ import annotations

import json
from datetime import timedelta

import time_machine
from sqlalchemy import select, update

from community.core import clock
from community.core.db import db, transaction
from community.core.jobs import Job
from community.directory import jobs
from community.directory.finding import marks
from community.directory.models import Listing
from community.directory.services import listing
from tests.make import directory as make

EVERY_DAY = {"freq": "WEEKLY", "byday": "MO,TU,WE,TH,FR,SA,SU"}
OPEN = [{"id": make.uuid("hours"), **EVERY_DAY, "opens_at": "00:00", "closes_at": "00:00"}]


def rows():
    return list(db.session.scalars(select(Listing).order_by(Listing.id)))


def brought(*services, **how):
    make.keep(*services, **how)
    with transaction():
        listing.write([one["id"] for one in services])


def test_a_service_is_listed_with_its_region_and_what_it_says(app):
    given = make.service(
        offered=["offers-naloxone", "oat-methadone"],
        languages=[{"id": make.uuid("fr"), "code": "fr", "name": "French"}],
        schedules=OPEN,
        assured_date=make.LATELY,
    )
    given["service_at_locations"][0]["location"]["addresses"][0]["postal_code"] = "H2X 0A0"
    brought(given)
    (row,) = rows()
    assert (row.region, row.zone) == ("qc-06", "America/Toronto")
    assert {"offers-naloxone", "offers-oat", "oat-methadone", "lang-fr"} <= marks.words(row.marks)
    assert row.open_from < clock.now() < row.open_until


def test_a_withheld_address_never_enters_a_list(app):
    given = make.service()
    given["service_at_locations"][0]["location"] = make.location(
        "refuge", address_withheld=True, front_door="By phone only"
    )
    brought(given)
    (row,) = rows()
    held = json.dumps([row.region, row.latitude, row.longitude, row.card, row.schedules])
    assert make.STREET not in held
    assert make.CODE not in held
    assert "Montr" not in held
    assert row.latitude is row.longitude is None
    assert "By phone only" in row.card


def test_what_is_in_preparation_or_closed_is_in_no_list(app):
    brought(make.service("A draft"), state="draft")
    brought(make.service("It closed", status="defunct"))
    assert rows() == []


def test_a_second_writing_changes_nothing(app):
    brought(make.service())
    before = [(row.service_id, row.card) for row in rows()]
    with transaction():
        listing.write([make.service()["id"]])
    assert [(row.service_id, row.card) for row in rows()] == before


def test_an_opening_that_passed_makes_way_for_the_next(app):
    brought(make.service(schedules=OPEN))
    (row,) = rows()
    with transaction():
        row.open_from, row.open_until = clock.ago(days=2), clock.ago(days=1)
    with transaction():
        assert listing.move_openings_on() == 1
    db.session.expire_all()
    assert rows()[0].open_until > clock.now() + timedelta(hours=1)


def test_what_opens_next_season_is_open_then_though_nobody_touches_its_record(app):
    first = clock.today() + timedelta(days=160)
    season = {"valid_from": first.isoformat(), "valid_to": (first + timedelta(days=90)).isoformat()}
    brought(make.service(schedules=[{**OPEN[0], **season}]))
    with time_machine.travel(clock.now() + timedelta(days=165)):
        with transaction():
            listing.move_openings_on()
        db.session.expire_all()
        (row,) = rows()
        assert row.open_from
        assert row.open_from <= clock.now() < row.open_until


def listed_as_closed(*names):
    """Services with hours whose rows were made when nothing of them was in sight."""
    brought(*(make.service(name, schedules=OPEN) for name in names))
    with transaction():
        db.session.execute(update(Listing).values(open_from=None, open_until=None))


def test_what_was_listed_without_an_opening_is_looked_at_again_day_by_day(app, monkeypatch):
    monkeypatch.setattr(listing, "CLOSED_AT_ONCE", 2)
    listed_as_closed(*(f"Season {one}" for one in range(5)))
    for opened in (2, 4, 5, 5):
        jobs.look_for_openings(left=2)
        db.session.expire_all()
        assert len([row for row in rows() if row.open_until]) == opened
    with transaction():
        rows()[0].open_until = None
    jobs.look_for_openings(left=2)
    db.session.expire_all()
    assert rows()[0].open_until


def test_a_day_looks_at_so_many_and_one_without_hours_is_none_of_them(app, monkeypatch):
    monkeypatch.setattr(listing, "CLOSED_AT_ONCE", 2)
    listed_as_closed(*(f"Season {one}" for one in range(5)))
    brought(make.service("Without hours"))
    jobs.look_for_openings(left=4)
    asked = select(Job.arguments).where(Job.name == "directory.look_for_openings")
    assert db.session.scalars(asked).all() == [{"left": 2}]
    jobs.look_for_openings(left=2)
    assert len(db.session.scalars(asked).all()) == 1
    assert len(listing.closed(10)) == 1
