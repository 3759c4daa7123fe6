"""Corridors, windows and contacts as pages: who reads what, forms that say what is wrong, the way to take."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta

import pytest

from community.accounts.viewer import OPERATOR
from community.core import clock
from community.core.db import transaction
from community.directory.finding.finder import Situation
from community.directory.queries import arrangements as queries
from community.directory.queries import ways
from community.directory.queries.parties import works_at
from community.directory.services import arrangements as services
from community.directory.services import listing
from community.directory.views import arrangement_panels
from tests import cast as people
from tests.make import arrangements as make
from tests.make import directory

SERVICE = f"/directory/services/{directory.uuid(make.HERE)}"


@pytest.fixture
def coordinator(app, visit):
    """The coordinator's browser, two services there are."""
    make.two_services()
    with transaction():
        who = people.persona("Solene")
        people.duty(who, "coordinator")
    return visit(who)


def page(client, address, status=200):
    answer = client.get(address)
    assert answer.status_code == status, answer.text
    return answer.text


def said(answer):
    return re.findall(r'<span class="err"[^>]*>.*?</svg>\s*(.*?)</span>', answer.text, re.DOTALL)


def press(browser, place, act, **fields):
    """Press a button of the page, which says what its reader read."""
    action = re.search(rf'action="([^"]*/{act}\?seen=[^"]+)"', page(browser, place))
    assert action is not None, act
    return browser.post(action[1], data=fields)


def test_a_corridor_is_written_agreed_changed_and_ended_by_forms(coordinator):
    page(coordinator, f"/en/directory/corridors/new?to=/en{SERVICE}")
    answer = coordinator.post("/en/directory/corridors/new", data=make.form("corridor"))
    assert answer.status_code == 303, said(answer)
    place = answer.location
    assert "Nobody but its parties sees this draft" in page(coordinator, place)
    for side in ("from", "to"):
        assert press(coordinator, place, "agree", side=side).status_code == 303
    text = page(coordinator, place)
    assert "House of the Long Pier to Clinic of the Two Lanterns" in text
    assert "Two Lanterns grid" in text
    changed = make.form("corridor", version="3", population_en="Everybody")
    assert coordinator.post(f"{place}/edit", data=changed).status_code == 303
    text = page(coordinator, place)
    assert "<del>Pregnant people</del>" in text
    assert "<ins>Everybody</ins>" in text
    stale = coordinator.post(f"{place}/refuse?seen=0000")
    assert (stale.status_code, "Other terms were written" in stale.text) == (409, True)
    assert press(coordinator, place, "refuse").status_code == 303
    assert press(coordinator, place, "confirm").status_code == 303
    assert coordinator.post(f"{place}/end").status_code == 303
    assert "This has ended" in page(coordinator, place)
    assert "Cela a pris fin" in page(coordinator, place.replace("/en/", "/fr/"))
    assert page(coordinator, f"{place}/history").count("the coordination of the community") == 7


def test_the_services_of_a_window_are_chosen_by_name(coordinator):
    """A name that two of them bear comes back with both; a name of none is said."""
    other = {"id": directory.uuid("other organization"), "name": "Pier Trust (made up)"}
    other["description"] = "None."
    places = [{"id": directory.uuid("twin at"), "location": directory.location("twin place")}]
    twin = {"id": directory.uuid("twin"), "organization": other, "service_at_locations": places}
    directory.keep(directory.service(make.HERE, **twin))
    new = "/en/directory/access-mechanisms/new"
    answer = coordinator.post(new, data=make.form("mechanism", services="House of No Pier"))
    assert answer.status_code == 422
    assert "has this name or address: House of No Pier" in answer.text
    lines = f"{make.BEYOND}\n\n  {make.HERE.lower()}"
    answer = coordinator.post(new, data=make.form("mechanism", services=lines))
    assert answer.status_code == 422
    assert "tick those you mean" in answer.text
    offered = re.findall(r'<input[^>]*name="services_are"[^>]*>', answer.text)
    assert len(offered) == 2
    assert "of Pier Trust (made up)" in answer.text
    sent = make.form("mechanism", services=lines, services_are=[directory.uuid("twin"), "\x00", "'"])
    answer = coordinator.post(new, data=sent)
    assert answer.status_code == 303, said(answer)
    text = page(coordinator, answer.location)
    assert re.findall(r'directory/services/([-0-9a-f]{36})">', text).count(directory.uuid("twin")) == 1
    text = page(coordinator, f"{answer.location}/edit")
    assert f"{make.BEYOND}\n{make.HERE}</textarea>" in text
    kept = re.findall(r'<input type="hidden" name="services_are" value="([^"]+)"', text)
    assert kept == [directory.uuid(make.BEYOND), directory.uuid("twin")]


def test_only_the_first_word_of_a_list_has_a_capital(coordinator):
    languages = [
        {"id": directory.uuid(one), "name": one, "translations": {"fr": {"name": {"text": french}}}}
        for one, french in (("French", "Français"), ("English", "Anglais"))
    ]
    directory.keep(
        directory.service(
            "Loud Bell Clinic", offered=["access-self", "access-clinician"], languages=languages
        )
    )
    address = f"directory/services/{directory.uuid('Loud Bell Clinic')}"
    french, english = page(coordinator, f"/fr/{address}"), page(coordinator, f"/en/{address}")
    assert "Orientation par tout clinicien ou toute clinicienne, vous y allez" in french
    assert "Français, anglais" in french
    assert "Referred by any clinician, go or call yourself" in english
    assert "French, English" in english


@pytest.mark.parametrize("kind", ["mechanism", "liaison", "support"])
def test_the_others_are_written_in_one_form_and_read_in_both_languages(coordinator, kind):
    many = {"mechanism": "access-mechanisms", "liaison": "liaison-contacts", "support": "expert-support"}[
        kind
    ]
    answer = coordinator.post(f"/en/directory/{many}/new", data=make.form(kind))
    assert answer.status_code == 303, said(answer)
    names = {
        "mechanism": ("Youth window", "Guichet jeunesse"),
        "liaison": ("Liaison worker", "Agente de liaison"),
    }
    for lang, name in zip(
        ("en", "fr"), names.get(kind, ("Perinatal support", "Soutien en périnatalité")), strict=True
    ):
        assert name in page(coordinator, answer.location.replace("/en/", f"/{lang}/"))
        assert name in page(coordinator, f"/{lang}/directory/{many}?region=qc-06")
    assert "in this list" in page(coordinator, f"/en/directory/{many}?region=on")


@pytest.mark.parametrize(
    ("sent", "sentence"),
    [
        ({"phone": "call me"}, "Write the telephone number in digits, for example 555 555-0100."),
        ({"opens_TU": "08:00"}, "Give both hours of the day, or none."),
        ({"opens_TU": "99:00", "closes_TU": "12:00"}, "Write the hour as hours:minutes, for example 13:30."),
        (
            {"to": "https://example.org/nothing"},
            "No service or organization of the directory has this name or address.",
        ),
        ({"review_on": "2020-13-40"}, "Write the date as year-month-day."),
        ({"review_on": "2020-01-01"}, "Choose a day to come."),
        ({"delay_days": "-1"}, "Write a number of days between 0 and 365, or nothing."),
        ({"signed_until": "2020-01-01", "starts_on": "2021-01-01"}, "The last day comes before the first."),
        (
            {"population_en": "", "population_fr": ""},
            "For whom: write it in one of the two languages",
        ),
        ({"procedure_en": "x" * 4001}, "Steps is too long: 4,001 characters, at most 4,000."),
        ({"send_en": "SIN 046 454 286"}, "what looks like a number that belongs to one person"),
    ],
)
def test_a_form_says_which_field_is_wrong_and_keeps_what_was_typed(coordinator, sent, sentence):
    answer = coordinator.post("/en/directory/corridors/new", data=make.form("corridor", **sent))
    assert answer.status_code == 422
    assert sentence in answer.text
    assert "Liaison nurse" in answer.text


def test_two_who_change_the_same_terms_at_once_lose_nothing(coordinator):
    """The second gets back what was typed, beside what stands there by now; names stand for ids."""
    place = coordinator.post("/en/directory/corridors/new", data=make.form("corridor")).location
    first = make.form("corridor", version="1", population_en="Everybody", delay_days="3")
    assert coordinator.post(f"{place}/edit", data=first).status_code == 303
    typed = {"version": "1", "send_en": "The age group alone", "delay_days": ""}
    second = make.form("corridor", **typed, to="Lantern House (made up)")
    late = coordinator.post(f"{place}/edit", data=second)
    assert late.status_code == 409
    assert "Somebody changed this while you were writing." in late.text
    for there, mine in (
        ("Everybody", "Pregnant people"),
        ("Age group and substance", "The age group alone"),
        ("Clinic of the Two Lanterns", ""),
        ("3", ""),
    ):
        assert f"<td>{there}</td><td>{mine}</td>" in late.text
    assert "The age group alone</textarea>" in late.text
    again = {**second, "version": re.findall(r'name="version"[^>]*value="(\d+)"', late.text)[0]}
    assert coordinator.post(f"{place}/edit", data=again).status_code == 303
    assert "The age group alone" in page(coordinator, place)


def test_a_contact_without_a_number_is_named_and_steps_in_the_other_language_say_so(coordinator):
    named = make.form("liaison", phone="", name="Nobody Real", public="y")
    place = coordinator.post("/en/directory/liaison-contacts/new", data=named).location
    assert "Nobody Real" in page(coordinator, place)
    french = make.form("corridor", procedure_en="")
    place = coordinator.post("/en/directory/corridors/new", data=french).location
    assert page(coordinator, place).count("(not written in English yet)") == 1
    assert "(pas encore écrit en" not in page(coordinator, place.replace("/en/", "/fr/"))


def test_markup_stays_words(coordinator):
    hostile = "<img src=x onerror=alert(1)> | <b>now</b> | [a](javascript:alert(1))"
    data = make.form("corridor", procedure_en=hostile, procedure_fr=hostile)
    answer = coordinator.post("/en/directory/corridors/new", data=data)
    text = page(coordinator, answer.location)
    assert "<img src=x" not in text
    assert "&lt;img src=x" in text


def test_a_contact_is_for_professionals_and_a_corridors_number_too(app, coordinator):
    corridor, contact = make.arranged("corridor").key, make.arranged("liaison").key
    other = app.test_client()
    page(other, f"/en/directory/liaison-contacts/{contact}", 404)
    text = page(other, f"/en/directory/corridors/{corridor}")
    assert "555-0142" not in text
    assert "Shown to verified professionals." in text
    assert "555-0142" not in page(other, f"/en/directory/corridors/{corridor}/history")
    assert "Liaison worker" not in page(other, f"/en{SERVICE}")
    with transaction():
        nurse = people.persona("Nadia", groups=["nurse"])
        people.title(nurse, "nurse")
    nurse.signs_in(other)
    assert "555-0142" in page(other, f"/en/directory/corridors/{corridor}")
    assert "Liaison worker" in page(other, f"/en{SERVICE}")


def test_a_number_from_before_it_was_given_to_everybody_stays_out_of_the_history(app, coordinator):
    row = make.arranged("liaison")
    with transaction():
        terms = make.terms("liaison", phone="555 555-0177", public=True)
        services.change(OPERATOR, row, row.version, terms)
    address = f"/en/directory/liaison-contacts/{row.key}"
    text = page(app.test_client(), f"{address}/history")
    assert "555-0142" not in text
    assert "555-0177" in text
    assert "555-0142" in page(coordinator, f"{address}/history")


def test_what_was_written_before_both_sides_agreed_stays_their_own(app, coordinator):
    row = make.arranged("corridor", agreed=False)
    with transaction():
        services.change(OPERATOR, row, row.version, replace(make.terms("corridor"), delay_days=97))
    for side in ("from", "to"):
        with transaction():
            services.agree(OPERATOR, row, side, services.mark(row))
    address = f"/en/directory/corridors/{row.key}/history"
    assert "<ins>97</ins>" in page(coordinator, address)
    assert "<ins>97</ins>" not in page(app.test_client(), address)


def listed_in_montreal(app):
    """The clinic stands in the list of Montréal, and a corridor leads there."""
    here = directory.service(
        make.HERE, offered=["oat-methadone", "access-corridor"], assured_date=directory.LATELY
    )
    other = directory.service(
        "Clinic of no Lantern", offered=["oat-methadone"], assured_date=directory.LATELY
    )
    for one in (here, other):
        one["service_at_locations"][0]["location"]["addresses"][0]["postal_code"] = "H2X 0A0"
    directory.keep(here, other)
    with transaction():
        listing.write([here["id"], other["id"]])


def test_whom_to_refer_to_shows_the_corridor_what_to_send_and_who_answers_now(app, coordinator):
    listed_in_montreal(app)
    make.arranged("corridor", ages=("adult",))
    make.arranged("liaison", public=True)
    text = page(app.test_client(), "/en/directory/refer?where=qc-06&need=offers-oat&age=adult")
    first = text.split('class="sheet place"')[1]
    assert "Clinic of the Two Lanterns" in first
    assert "a corridor in force leads there" in first
    assert "a corridor of House of the Long Pier" in first
    assert "within 2 days" in first
    assert "Age group and substance" in first
    assert "Open day and night" in first
    french = page(app.test_client(), "/fr/directory/refer?where=qc-06&need=offers-oat&age=adult")
    assert "Corridor à emprunter" in french
    youth = page(app.test_client(), "/en/directory/refer?where=qc-06&need=offers-oat&age=youth")
    assert "a corridor of" not in youth


def test_where_no_service_fits_the_single_window_of_the_region_is_shown(app, coordinator):
    make.arranged("mechanism", ages=("youth",))
    text = page(app.test_client(), "/en/directory/refer?where=qc-06&need=offers-managed-alcohol&age=youth")
    assert "Single windows of this region" in text
    assert "Youth window" in text


def test_what_is_many_in_a_region_hides_nothing_of_another_kind(coordinator):
    window, _old, new = [make.arranged(kind) for kind in ("mechanism", "corridor", "corridor")]
    found = queries.of_region(people.VISITOR, "qc-06", "en", 1)
    assert [one.key for one in found] == [new.key, window.key]
    assert [one.key for one in ways.windows(people.VISITOR, Situation(), "qc-06", "en")] == [window.key]


def test_an_arrangement_tells_all_of_its_history_page_by_page(app, coordinator, monkeypatch):
    row = make.arranged("liaison", public=True)
    for _again in range(2):
        with transaction():
            services.confirm(OPERATOR, row, services.mark(row))
    monkeypatch.setattr(queries, "CHANGES", 2)
    where = f"/en/directory/liaison-contacts/{row.key}/history"
    first, rest = (page(app.test_client(), f"{where}?page={number}") for number in (1, 2))
    assert (first.count("Confirmed: all of it is still right"), "Written down" in first) == (2, False)
    assert (f'{where}?page=2"' in first, "Written down" in rest, "page=3" in rest) == (True, True, False)


def test_more_than_an_organization_shows_is_one_press_away(app, coordinator, monkeypatch):
    window, contact = make.arranged("mechanism"), make.arranged("liaison", public=True)
    pier, lanterns = directory.uuid("other organization"), directory.uuid("organization")
    monkeypatch.setattr(arrangement_panels, "OF_ONE", 1)
    text = page(app.test_client(), f"/fr/directory/organizations/{lanterns}")
    assert (contact.key in text, window.key in text) == (True, False)
    where = f"/fr/directory/access-mechanisms?organization={lanterns}"
    assert where in text
    listed = page(app.test_client(), where)
    assert window.key in listed and f'/fr/directory/liaison-contacts?organization={lanterns}"' in listed  # noqa: PT018
    assert window.key not in page(app.test_client(), f"/fr/directory/access-mechanisms?organization={pier}")


def test_what_is_due_stands_on_the_page_of_the_region_and_of_those_who_keep(app, coordinator):
    make.arranged("mechanism")
    row = make.arranged("corridor")
    with transaction():
        row.review_on = clock.today() - timedelta(days=3)
    for address in ("/en/directory/reviews", "/en/directory/reviews?region=qc-06", "/en/regions/qc-06"):
        assert "House of the Long Pier to Clinic of the Two Lanterns" in page(coordinator, address)
    text = page(coordinator, "/en/regions/qc-06")
    assert "Youth window" in text
    assert '/en/directory/service-plan"' in text
    assert "Nothing is due" in page(coordinator, "/en/directory/reviews?region=on")
    page(app.test_client(), "/en/directory/reviews", 404)


def test_a_list_costs_as_much_with_many_as_with_few(app, coordinator, statements):
    def cost(more):
        for _ in range(more):
            make.arranged("mechanism")
        page(coordinator, "/en/directory/access-mechanisms")
        with statements.recorded():
            page(coordinator, "/en/directory/access-mechanisms")
        return len(statements)

    assert cost(2) == cost(8)


def test_ways_to_many_services_cost_as_much_as_to_few(app, coordinator, statements):
    def cost(first, last):
        services = [directory.service(f"Clinic {n}", offered=["oat-methadone"]) for n in range(first, last)]
        for one in services:
            one["service_at_locations"][0]["location"]["addresses"][0]["postal_code"] = "H2X 0A0"
        directory.keep(*services)
        with transaction():
            listing.write([one["id"] for one in services])
        for one in services:
            make.arranged("corridor", service_id=one["id"])
            make.arranged("liaison", service_id=one["id"], public=True)
        page(coordinator, "/en/directory/refer?where=qc-06&need=offers-oat")
        with statements.recorded():
            text = page(coordinator, "/en/directory/refer?where=qc-06&need=offers-oat")
        assert text.count("Corridor to take") == last
        return len(statements)

    assert cost(0, 2) == cost(2, 8)


def test_parties_are_chosen_by_their_names(coordinator):
    """A name that several bear brings the form back with them to choose from, and nothing typed is lost."""
    directory.keep(directory.service(f"{make.HERE} of the north"))
    sent = make.form("corridor", to=make.HERE.upper(), origin="pier")
    answer = coordinator.post("/en/directory/corridors/new", data=sent)
    assert answer.status_code == 422
    assert said(answer) == ["Several are called so: choose one below, or write more of the name."]
    for name, id in (("the organization", "other organization"), (make.BEYOND, make.BEYOND)):
        assert re.search(f'name="origin_is"[^>]*value="{directory.uuid(id)}"', answer.text)
        assert name in answer.text
    sent["origin_is"] = directory.uuid(make.BEYOND)
    answer = coordinator.post("/en/directory/corridors/new", data=sent)
    assert answer.status_code == 303, said(answer)
    shown = page(coordinator, f"{answer.location}/edit")
    assert f'value="{make.BEYOND}"' in shown
    assert f'name="origin_is" value="{directory.uuid(make.BEYOND)}"' in shown
    answer = coordinator.post("/fr/directory/corridors/new", data=make.form("corridor", to="Atlantis"))
    assert said(answer) == ["Aucun service ni organisme du répertoire n’a ce nom ou cette adresse."]


@pytest.mark.parametrize(("state", "own"), [("verified", True), ("claimed", False), ("lapsed", False)])
def test_where_one_works_is_known_by_a_verified_affiliation(app, state, own):
    """Who keeps no records still sees that the corridor begins at the own door."""
    make.two_services()
    with transaction():
        someone = people.persona("Robin Tallgrass")
        held = people.title(someone, "organization", state=state)
        held.organization = "Pier Trust (made up)"
    assert (directory.uuid("other organization") in works_at(someone.viewer)) == own
