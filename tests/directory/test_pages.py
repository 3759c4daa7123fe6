"""Finding help and whom to refer to, as pages: without an account, in both languages."""

from __future__ import annotations

from datetime import date

import pytest
from babel.dates import format_date

from community.core import clock
from community.core.db import transaction
from community.directory.services import listing
from tests.make import directory as make


def placed(name, code="H2X 0A0", **more):
    given = make.service(name, **{"assured_date": make.LATELY, **more})
    given["service_at_locations"][0]["location"]["addresses"][0]["postal_code"] = code
    return given


@pytest.fixture
def services(app):
    """A clinic in Montréal that starts today, a house in Toronto, a refuge whose address is withheld."""
    french = {"fr": {"name": {"text": "Clinique des Deux Lanternes", "as_of": "2026-11-01"}}}
    clinic = placed(
        "Clinic of the Two Lanterns",
        offered=["oat-methadone", "access-clinician", "start-same-day"],
        minimum_age=18,
        texts_in="en",
        translations=french,
    )
    house = placed("House of the Long Pier", "M5V 0A0", offered=["offers-housing", "access-self"])
    refuge = placed("Refuge", offered=["offers-housing", "access-self"])
    refuge["service_at_locations"][0]["location"]["address_withheld"] = True
    refuge["service_areas"] = [{"id": make.uuid("area"), "name": "Montréal"}]
    make.keep(clinic, house, refuge)
    with transaction():
        listing.write([clinic["id"], house["id"], refuge["id"]])
    return {"clinic": clinic["id"], "house": house["id"], "refuge": refuge["id"]}


def page(client, address):
    answer = client.get(address)
    assert answer.status_code == 200
    return answer.text


def test_a_region_shows_its_services_and_no_others(client, services):
    text = page(client, "/en/directory?where=qc-06")
    assert "Clinic of the Two Lanterns" not in text  # nobody comes to it without a referral
    assert "Refuge" in text
    assert "House of the Long Pier" not in text


def test_a_clinician_is_told_why_a_service_comes_first(client, services):
    text = page(client, "/en/directory/refer?where=Montréal&need=offers-oat&age=adult&urgency=today")
    assert "Clinic of the Two Lanterns" in text
    assert "starts the same day" in text
    assert "Clinique des Deux Lanternes" in page(client, "/fr/directory/refer?where=Montréal&need=offers-oat")


def test_what_the_person_is_not_eligible_for_is_left_out(client, services):
    assert "Two Lanterns" not in page(client, "/en/directory/refer?where=qc-06&need=offers-oat&age=youth")


def test_where_nothing_fits_the_next_region_is_shown(client, services):
    text = page(client, "/en/directory/refer?where=on&need=offers-oat")
    assert "Clinic of the Two Lanterns" in text
    assert "Nothing fits in the region asked." in text


def test_the_page_is_never_empty(client, services):
    text = page(client, "/en/directory?where=nu&need=offers-managed-alcohol")
    assert "Nothing fits everything" in text
    assert "tel:911" in text


def test_a_whole_postal_code_never_stays_in_the_address(client, services):
    answer = client.get("/en/directory?where=h2x+1y4&need=offers-housing")
    assert answer.status_code == 302
    assert answer.location == "/en/directory?where=H2X&need=offers-housing"


@pytest.mark.parametrize(
    "query",
    [
        "where=" + "é" * 400,
        "page=0",
        "page=99999999999",
        "need=%00&age=older&lang=xx",
        "where=<script>alert(1)</script>",
        "&".join("need=offers-oat" for _ in range(500)),
    ],
)
def test_what_makes_no_sense_is_left_out(client, services, query):
    text = page(client, f"/en/directory?{query}")
    assert "<script>alert" not in text


def test_a_place_nobody_knows_is_said_so_and_kept(client, services):
    text = page(client, "/en/directory?where=Atlantis")
    assert "We do not know this place" in text
    assert 'value="Atlantis"' in text


@pytest.mark.parametrize(
    "address", ["directory?where=qc-06", "directory/services/{refuge}", "directory/refer?where=H2X"]
)
def test_a_withheld_address_is_on_no_page(client, services, address):
    text = page(client, "/en/" + address.format(**services))
    if "services/" in address:
        assert make.STREET not in text
        assert "The address is not published, for safety." in text
    refuge = text.split("Refuge")[1].split("</li>")[0]
    assert "km" not in refuge
    assert "Montréal" not in refuge


def test_a_service_tells_who_when_and_when_it_was_confirmed(client, services):
    text = page(client, f"/en/directory/services/{services['clinic']}")
    assert 'href="tel:5550100"' in text
    assert "From 18 years of age." in text
    confirmed = format_date(date.fromisoformat(make.LATELY), "d MMMM y", locale="en")
    assert f"Confirmed {confirmed}" in text


@pytest.mark.parametrize("id", ["nothing", "00000000-0000-5000-8000-000000000000", "%00"])
def test_a_service_that_is_not_there_is_not_found(client, services, id):
    assert client.get(f"/en/directory/services/{id}").status_code == 404


def test_what_else_the_organization_gives_stands_there_in_the_language_of_the_page(client, services):
    assert "Clinique des Deux Lanternes" in page(client, f"/fr/directory/services/{services['house']}")
    assert "Clinic of the Two Lanterns" in page(client, f"/en/directory/services/{services['house']}")


def test_where_nothing_fits_one_may_ask_for_less_or_look_further(client, services):
    text = page(client, "/en/directory/refer?where=qc-17&need=offers-managed-alcohol")
    assert "Nothing fits everything" in text
    assert 'href="/en/directory/refer?where=qc&amp;need=offers-managed-alcohol"' in text
    assert "Everything listed here: Nunavik" in text


def test_where_only_a_place_was_asked_nobody_is_told_to_remove_a_word(client):
    text = page(client, "/en/directory?where=nu")
    assert "No service is listed for this place yet" in text
    assert "Ask for less" not in text
    assert "tel:911" in text


def test_an_answer_to_whom_to_refer_says_on_paper_when_and_where_it_was_printed(client, services):
    text = page(client, "/en/directory/refer?where=qc-06&need=offers-oat")
    line = text.partition('<p class="printed">')[2].partition("</p>")[0]
    assert line.startswith(f"Printed on {format_date(clock.today(), 'd MMMM y', locale='en_CA')}.")
    assert line.endswith("/en/directory/refer?where=qc-06&amp;need=offers-oat")
    assert 'class="printed"' not in page(client, "/en/directory/refer"), (
        "a form is filled in, not handed over"
    )
