"""Where, how far, how fresh, and whom to refer to: rules, each with its reason."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from community.core.regions import REGIONS
from community.directory.finding import finder, freshness, marks, places
from community.directory.finding.finder import Candidate, Situation
from community.directory.hsds.profile import TERMS

TODAY = date(2026, 11, 22)
ALCOHOL = frozenset({"substances-alcohol"})


@pytest.mark.parametrize(
    ("typed", "region"),
    [
        ("qc-06", "qc-06"),
        ("Montréal", "qc-06"),
        ("h2x 1y4", "qc-06"),
        ("A1C", "nl"),
        ("Rimouski", "qc-01"),
        ("Québec", "qc"),
        ("St. John's", "nl"),
        ("Toronto", "on"),
        ("Saint-Jérôme", "qc-15"),
        ("X0A", "nu"),
        # Of several towns of one name the largest, or that of the province that is said.
        ("Kingston", "on"),
        ("Victoria", "bc"),
        ("Windsor", "on"),
        ("Windsor, Québec", "qc-05"),
        ("Windsor (Nouvelle-Écosse)", "ns"),
        ("Woodstock NB", "nb"),
        ("Tofino, BC", "bc"),
        ("Longueuil", "qc-16"),
        # Half of a name, as people say it.
        ("Saguenay", "qc-02"),
        ("Gaspésie", "qc-11"),
        ("Abitibi", "qc-08"),
        ("Rouyn", "qc-08"),
        ("Sudbury", "on"),
    ],
)
def test_a_place_is_understood_as_people_write_it(typed, region):
    found = places.understood(typed)
    assert found
    assert found.region == region


@pytest.mark.parametrize("typed", ["", "nowhere at all", "90210", "é" * 500, "Z9Z", "Saint"])
def test_a_place_nobody_knows_is_said_so(typed):
    assert places.understood(typed) is None


def test_a_whole_postal_code_is_cut_to_its_area():
    assert places.cut("H2X 1Y4") == "H2X"
    assert places.understood("H2X 1Y4") == places.understood("H2X")


def test_every_area_lies_in_a_region_that_there_is():
    assert len(places.areas()) == 1644  # without H0H, which lies at the North Pole
    assert {area.region for area in places.areas().values()} <= set(REGIONS)


def test_the_middle_of_a_town_or_region_lies_in_it():
    for typed, north, east in (
        ("Kingston", 44.2, -76.5),
        ("Victoria", 48.4, -123.4),
        ("Nunavik", 60.0, -70.0),
    ):
        found = places.understood(typed)
        assert found
        assert (found.latitude, found.longitude) == pytest.approx((north, east), abs=0.2)


def test_a_town_of_an_address_is_the_one_in_its_province():
    assert places.region_of("", "QC", "Windsor") == "qc-05"
    assert places.region_of("", "Ontario", "Windsor") == "on"
    assert places.region_of("", "NS", "Windsor") == "ns"


def test_a_distance_is_that_of_the_great_circle():
    montreal, toronto = places.areas()["H2X"], places.areas()["M5V"]
    away = places.distance(montreal, toronto.latitude, toronto.longitude)
    assert away == pytest.approx(504, abs=6)  # Montréal to Toronto, as the crow flies
    assert places.distance(montreal, None, None) is None


@pytest.mark.parametrize(("days", "state"), [(0, "fresh"), (91, "aging"), (179, "aging"), (180, "stale")])
def test_what_nobody_confirmed_for_half_a_year_says_so(days, state):
    assert freshness.state(TODAY - timedelta(days=days), TODAY) == state
    assert freshness.reminds(TODAY - timedelta(days=days), TODAY) == (days >= 150)


@pytest.mark.parametrize(("days", "state"), [(7, "shown"), (8, "grey"), (30, "grey"), (31, "hidden")])
def test_free_places_are_told_for_a_month_at_most(days, state):
    assert freshness.capacity_state(TODAY - timedelta(days=days), TODAY) == state


def test_every_word_of_the_profile_has_its_bit():
    codes = {term.full for group in TERMS.values() for term in group.values()}
    assert codes <= set(marks.WORDS)
    assert len(marks.WORDS) <= 63
    assert marks.words(marks.number(marks.WORDS)) == set(marks.WORDS)


def service(key="a", *words, **facts):
    return Candidate(key, frozenset(words), **{"freshness": "fresh", **facts})


@pytest.mark.parametrize(
    ("asked", "given", "why"),
    [
        (Situation(age="youth"), service(minimum_age=18), "age"),
        (Situation(age="senior"), service(maximum_age=25), "age"),
        (Situation(age="youth"), service("a", "people-adults"), "age"),
        (Situation(needs=frozenset({"offers-oat"})), service("a", "offers-housing"), "need"),
        (
            Situation(substances=frozenset({"substances-alcohol"})),
            service("a", "substances-opioids"),
            "substance",
        ),
        (Situation(by_clinician=False), service("a", "access-corridor"), "access"),
        (Situation(people=frozenset({"women"})), service("a", "people-men"), "people"),
        (Situation(people=frozenset({"pregnancy"})), service("a", "people-men", "people-adults"), "people"),
    ],
)
def test_what_cannot_be_the_answer_is_left_out_and_says_why(asked, given, why):
    assert finder.refused(asked, given) == why
    assert finder.ranked(asked, [given]) == []


def test_a_service_for_women_and_men_takes_both():
    asked = Situation(people=frozenset({"women"}))
    assert not finder.refused(asked, service("a", "people-men", "people-women"))
    assert not finder.refused(Situation(), service("a", "people-men"))


def test_a_service_that_names_no_substance_takes_all():
    assert not finder.refused(Situation(substances=frozenset({"substances-ghb"})), service())


def test_today_puts_first_who_starts_today():
    asked = Situation(urgency="today")
    found = finder.ranked(
        asked, [service("waits", wait_days=20), service("now", "start-same-day", open_now=True)]
    )
    assert [one.candidate.key for one in found] == ["now", "waits"]
    assert [reason.code for reason in finder.for_reason(found[0])][:2] == ["same-day", "open"]
    assert [reason.code for reason in finder.against_reason(found[1])] == ["wait"]


def test_stale_sinks_below_far():
    near, far = service("near", freshness="stale", distance=5.0), service("far", distance=120.0)
    assert [one.candidate.key for one in finder.ranked(Situation(), [near, far])] == ["far", "near"]


def test_a_pregnant_person_is_sent_first_where_pregnancy_is_known():
    asked = Situation(people=frozenset({"pregnancy"}))
    found = finder.ranked(asked, [service("a"), service("b", "people-pregnancy")])
    assert found[0].candidate.key == "b"
    assert found[0].reasons[0].facts == ("people-pregnancy",)


def test_equal_services_stand_in_a_steady_order():
    found = finder.ranked(Situation(), [service("b"), service("a")])
    assert [one.candidate.key for one in found] == ["a", "b"]
