"""A region's page: its services by need first, then what others put there, then its topics."""

from __future__ import annotations

from community.core.db import transaction
from community.directory.services import listing
from tests.make import directory as make


def brought(*some):
    make.keep(*some)
    with transaction():
        listing.write([one["id"] for one in some])


def naloxone(name, code="H2X 0A0", **more):
    given = make.service(name, offered=["offers-naloxone", "access-self"], **more)
    given["service_at_locations"][0]["location"]["addresses"][0]["postal_code"] = code
    return given


def test_services_are_counted_by_need_here_and_for_a_wider_area(client, app):
    line = make.service("A line for all", offered=["offers-crisis-line"], service_at_locations=[])
    brought(naloxone("One"), naloxone("Two"), naloxone("Elsewhere", "M5V 0A0"), line)
    page = client.get("/en/regions/qc-06").text
    assert "2 services have a place in the region;" in page
    assert "1 serves all of the province or of Canada." in page
    assert "where=qc-06&amp;need=offers-naloxone" in page


def test_a_region_without_services_says_what_to_do(client, app):
    brought(naloxone("Elsewhere", "M5V 0A0"))
    page = client.get("/fr/regions/qc-10").text
    assert "Aucun service de cette région n’est encore répertorié." in page


def test_who_narrows_the_topics_gets_the_topics_alone(client, app):
    brought(naloxone("One"))
    assert 'id="services"' in client.get("/en/regions/qc-06").text
    assert 'id="services"' not in client.get("/en/regions/qc-06?view=unanswered").text


def test_more_services_cost_no_more_statements(client, app, statements):
    asked = []
    for some in (["One"], ["Two"], [f"Number {number}" for number in range(8)]):  # the first warms up
        brought(*map(naloxone, some))
        with statements.recorded():
            client.get("/en/regions/qc-06")
        asked.append(len(statements.words))
    assert asked[2] == asked[1]
