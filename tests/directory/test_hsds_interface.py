"""The HSDS interface as a program meets it: from its root, by its own description, and when it errs."""

from __future__ import annotations

import json
from pathlib import Path
from urllib.parse import urlencode, urlsplit

import pytest
from werkzeug.test import create_environ, run_wsgi_app

from community.directory.hsds import asking
from community.directory.hsds.conformance import Schemas
from community.directory.queries import exchange
from community.directory.views import hsds
from tests.make.directory import keep, location, service, uuid

MANY = 7
NAMES = [f"Clinic {number}" for number in range(MANY)]


@pytest.fixture
def kept(app):
    terms = [_attribute(name) for name in NAMES[:2]]
    keep(*(service(name, attributes=terms[at : at + 1]) for at, name in enumerate(NAMES)))
    keep(service("In preparation"), state="draft")
    return app.test_client()


def _attribute(name):
    taxonomy = {"id": uuid("taxonomy"), "name": "Words", "description": "Some."}
    term = {"id": uuid("term"), "name": "Word", "description": "One.", "taxonomy_detail": taxonomy}
    return {"id": uuid(f"{name} attribute"), "taxonomy_term": term}


def asked(client, address, status=200):
    answer = client.get(address)
    assert answer.status_code == status, answer.get_data(as_text=True)
    return answer.get_json()


def test_a_client_finds_its_way_by_the_published_description_alone(kept):
    root = asked(kept, "/hsds/")
    assert root["version"] == "3.0"
    described = asked(kept, urlsplit(root["openapi_url"]).path)
    base = urlsplit(described["servers"][0]["url"]).path
    page = asked(kept, f"{base}/services")
    assert page["total_items"] == MANY
    one = asked(kept, f"{base}/services/{page['contents'][0]['id']}")
    assert one["service_at_locations"][0]["location"]["addresses"]
    assert asked(kept, urlsplit(root["profile"]).path)["terms"]


def test_every_address_that_is_described_answers(kept):
    described = asked(kept, "/hsds/openapi.json")
    ids = {"services": uuid(NAMES[0]), "service_at_locations": uuid(f"{NAMES[0]} at")}
    ids |= {
        "organizations": uuid("organization"),
        "taxonomies": uuid("taxonomy"),
        "taxonomy_terms": uuid("term"),
    }
    assert len(described["paths"]) == 11
    for path in described["paths"]:
        assert asked(kept, "/hsds" + path.replace("{id}", ids.get(path.split("/")[1], "")))


def test_every_parameter_that_is_described_is_taken(kept):
    values = {"uuid": uuid("term"), "whole": "1", "truth": "true", "moment": "2026-01-01", "text": "clinic"}
    values |= {"format": "json", "postcode": "H0H 9Z9", "metres": "100"}
    for many, filters in asking.FILTERS.items():
        if many == "organization":
            continue
        for one in filters:
            with_it = "&postcode=H0H" if one.name == "proximity" else ""
            asked(kept, f"/hsds/{many}?{one.name}={values[one.form]}{with_it}")


def test_pages_follow_one_another_to_the_end(kept):
    found, number = [], 1
    while True:
        page = asked(kept, f"/hsds/services?per_page=3&page={number}")
        found += [one["id"] for one in page["contents"]]
        assert (page["page_number"], page["size"], page["total_pages"]) == (number, len(page["contents"]), 3)
        assert page["first_page"] is (number == 1)
        if page["last_page"]:
            break
        number += 1
    assert sorted(found) == sorted(uuid(name) for name in NAMES)
    assert asked(kept, "/hsds/services?page=9")["empty"]


def test_filters_are_cumulative(kept):
    def names(query):
        return [one["name"] for one in asked(kept, f"/hsds/services?{query}")["contents"]]

    term, taxonomy = uuid("term"), uuid("taxonomy")
    assert sorted(names(f"taxonomy_term_id={term}")) == NAMES[:2]
    assert sorted(names(f"taxonomy_id={taxonomy}")) == NAMES[:2]
    assert names(f"taxonomy_id={taxonomy}&search=clinic 1") == ["Clinic 1"]
    assert names(f"taxonomy_term_id={uuid('nothing')}") == []
    assert len(names(f"organization_id={uuid('organization')}")) == MANY
    assert names("modified_after=2199-01-01") == []
    assert names("search=100%25") == []


@pytest.fixture
def terms(app):
    """A term that nests its taxonomy, and one that names it in capital letters and says things in French."""
    keep({"id": uuid("taxonomy"), "name": "Words", "description": "Some."}, kind="taxonomy")
    nested = {"id": uuid("taxonomy"), "name": "Words", "description": "Some."}
    said = {"fr": {"name": {"text": "Dépistage des drogues", "as_of": "2026-11-01"}}}
    keep(
        {"id": uuid("one"), "name": "Shelter", "description": "A bed.", "taxonomy_detail": nested},
        {
            "id": uuid("two"),
            "name": "Drug checking",
            "code": "CHECK-2",
            "description": "Known.",
            "taxonomy_id": uuid("taxonomy").upper(),
            "translations": said,
        },
        kind="taxonomy_term",
    )
    return app.test_client()


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("shelter", ["one"]),
        ("BED shel", ["one"]),
        ("depistage", ["two"]),
        ("DÉPISTAGE drogues", ["two"]),
        ("check-2", ["two"]),
        ("bed drug", []),
        ("name", []),
        ("taxonomy_id", []),
        ("as_of", []),
        ("2026-11", []),
        ('"', []),
        ("", ["one", "two"]),
    ],
)
def test_terms_are_searched_by_what_they_say_and_not_by_how_they_are_kept(terms, words, found):
    address = f"/hsds/taxonomy_terms?{urlencode({'search': words, 'taxonomy_id': uuid('taxonomy')})}"
    page = asked(terms, address)
    assert {one["id"] for one in page["contents"]} == {uuid(name) for name in found}
    assert page["total_items"] == len(found)
    lines = terms.get(f"{address}&format=ndjson").get_data(as_text=True).splitlines()
    assert [json.loads(line) for line in lines] == page["contents"]


@pytest.mark.parametrize("many", list(exchange.KINDS))
def test_a_character_that_no_database_takes_stands_for_a_blank(kept, many):
    everything = asked(kept, f"/hsds/{many}?search=%00")
    assert everything["contents"] == asked(kept, f"/hsds/{many}")["contents"]
    assert asked(kept, "/hsds/services?search=6%00clinic")["total_items"] == 1
    assert kept.get(f"/hsds/{many}?format=ndjson&search=%5E%00").get_data() == b""


def test_lines_pass_over_what_does_not_fit_and_go_on(terms, monkeypatch):
    monkeypatch.setattr(exchange, "_STREAMED", 1)
    for words, name in (("shelter", "one"), ("check-2", "two")):
        lines = terms.get(f"/hsds/taxonomy_terms?search={words}&format=ndjson").get_data(as_text=True)
        assert [json.loads(line)["id"] for line in lines.splitlines()] == [uuid(name)]


def test_lines_hold_everything_without_pages(kept):
    answer = kept.get("/hsds/services?format=ndjson")
    assert answer.mimetype == "application/x-ndjson"
    found = [json.loads(line) for line in answer.get_data(as_text=True).splitlines()]
    assert sorted(one["name"] for one in found) == NAMES
    again = kept.get("/hsds/services?format=ndjson", headers={"If-None-Match": answer.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")


@pytest.mark.parametrize("many", exchange.KINDS)
def test_lines_are_given_to_the_web_server_as_bytes(kept, many):
    environ = create_environ(f"/hsds/{many}?format=ndjson")
    given, status, _ = run_wsgi_app(kept.application, environ, buffered=False)
    pieces = list(given)
    assert status.startswith("200")
    assert pieces
    assert {type(piece) for piece in pieces} == {bytes}


WRONG = {
    "foo=1": "foo",
    "page=0": "page",
    "page=-1": "page",
    "page=1.5": "page",
    "page=٣": "page",
    "per_page=100000": "per_page",
    "per_page=0": "per_page",
    "per_page=1e2": "per_page",
    "modified_after=yesterday": "modified_after",
    "modified_after=2026-02-30": "modified_after",
    "modified_after=0001-01-01T00:00:00%2B14:00": "modified_after",
    "modified_after=9999-12-31T23:59:59-12:00": "modified_after",
    "full=perhaps": "full",
    "format=xml": "format",
    "taxonomy_term_id=7": "taxonomy_term_id",
    "page=1&page=2": "page",
    f"search={'x' * 201}": "search",
    "postcode=H0H": "postcode",
}


@pytest.mark.parametrize("query", WRONG)
def test_what_cannot_be_asked_is_named_in_both_languages(kept, query):
    said = asked(kept, f"/hsds/services?{query}", 400)
    assert said["parameter"] == WRONG[query]
    assert said["error"] != said["erreur"]
    assert said["status"] == 400


@pytest.mark.parametrize("query", ["postcode=7", "proximity=0", "postcode=H0H&proximity=0", "proximity=x"])
def test_a_place_that_is_none_is_named_too(kept, query):
    asked(kept, f"/hsds/service_at_locations?{query}", 400)


@pytest.mark.parametrize("many", ["services", "organizations", "service_at_locations", "taxonomies"])
@pytest.mark.parametrize("id", ["7", uuid("nothing"), uuid("In preparation"), "x" * 3000])
def test_what_is_not_there_is_not_there(kept, many, id):
    assert asked(kept, f"/hsds/{many}/{id}", 404)["erreur"]


def test_places_are_found_near_the_middle_of_a_postal_area(app):
    for number, (north, east) in enumerate(((45.5117, -73.5683), (45.75, -73.6), (46.8, -71.2))):
        where = location(f"place {number}", latitude=north, longitude=east)
        keep(service(f"S{number}", service_at_locations=[{"id": uuid(f"at {number}"), "location": where}]))
    client = app.test_client()

    def found(metres):
        page = asked(client, f"/hsds/service_at_locations?postcode=H2X 1Y4&proximity={metres}")
        return sorted(one["service"]["name"] for one in page["contents"])

    assert found(2_000) == ["S0"]
    assert found(40_000) == ["S0", "S1"]
    assert found(400_000) == ["S0", "S1", "S2"]
    assert asked(client, "/hsds/service_at_locations?postcode=X9X&proximity=1000")["empty"]
    assert asked(client, "/hsds/service_at_locations?proximity=1000")["empty"]


def test_an_address_that_is_none_says_so_to_programs(kept):
    answer = kept.get("/hsds/nothing")
    assert answer.status_code == 404
    assert answer.mimetype == "application/json"


def test_an_answer_that_did_not_change_is_not_sent_again(kept):
    first = kept.get("/hsds/services")
    again = kept.get("/hsds/services", headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.get_data()) == (304, b"")
    keep(service("One more"))
    changed = kept.get("/hsds/services", headers={"If-None-Match": first.headers["ETag"]})
    assert changed.get_json()["total_items"] == MANY + 1


@pytest.mark.parametrize("written", ["{}", "W/{}", '"other", {}', '"other", W/{}', "*"])
@pytest.mark.parametrize("address", ["/hsds/services", "/hsds/services?format=ndjson"])
def test_whoever_has_an_answer_is_told_so_however_a_proxy_wrote_its_tag(kept, address, written):
    tag = kept.get(address).headers["ETag"]
    again = kept.get(address, headers={"If-None-Match": written.format(tag)})
    assert (again.status_code, again.get_data()) == (304, b"")


def test_a_date_of_change_moves_only_with_what_readers_are_given(kept):
    def day():
        (one,) = asked(kept, "/hsds/services?minimal=true&search=clinic 3")["contents"]
        return one["modified_date"]

    before = day()
    keep(service("Clinic 3"))
    assert day() == before
    keep(service("Clinic 3", status="inactive"))
    assert day() > before


@pytest.mark.parametrize("address", ["/hsds/", "/hsds/services", "/hsds/services?foo=1", "/hsds/nothing"])
def test_pages_of_other_sites_may_read_it_without_a_key_or_a_cookie(kept, address):
    answer = kept.get(address, headers={"Origin": "https://elsewhere.example"})
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert "Set-Cookie" not in answer.headers
    assert "Access-Control-Allow-Credentials" not in answer.headers


def test_other_pages_are_not_open_to_other_sites(kept):
    assert "Access-Control-Allow-Origin" not in kept.get("/en/").headers


@pytest.mark.parametrize("method", ["post", "put", "delete", "patch"])
def test_it_is_for_reading_only(kept, method):
    assert getattr(kept, method)("/hsds/services").status_code in {400, 405}


def test_whoever_asks_too_often_is_told_when_to_come_back(kept, monkeypatch, app):
    monkeypatch.setitem(app.config, "RATELIMIT_ENABLED", True)
    monkeypatch.setattr(hsds, "OFTEN", hsds.parse("2/minute"))
    statuses = [kept.get("/hsds/taxonomies").status_code for _ in range(4)]
    assert statuses[-1] == 429
    assert kept.get("/hsds/taxonomies").headers["Retry-After"] == "60"


def test_every_answer_is_as_the_official_schemas_ask(kept, reference_data: Path):
    schemas = Schemas(reference_data / "hsds" / "schema-3.0")
    singles = {"services": "service", "organizations": "organization", "taxonomies": "taxonomy"}
    singles |= {"service_at_locations": "service_at_location", "taxonomy_terms": "taxonomy_term"}
    for many, kind in singles.items():
        for query in ("", "?full=true" if kind in {"service", "organization"} else ""):
            for one in asked(kept, f"/hsds/{many}{query}")["contents"]:
                assert schemas.problems(kind, one) == []
                assert schemas.problems(kind, asked(kept, f"/hsds/{many}/{one['id']}")) == []


def test_the_services_of_an_organization_come_with_their_other_language(app):
    keep(service(translations={"fr": {"name": {"text": "Clinique des Deux Lanternes"}}}))
    answer = app.test_client().get(f"/hsds/organizations/{uuid('organization')}").get_json()
    (one,) = answer["services"]
    assert one["translations"]["fr"]["name"]["text"] == "Clinique des Deux Lanternes"
