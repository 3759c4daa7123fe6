"""An address that nobody may learn: every door is tried, none gives it."""

from __future__ import annotations

import csv
import io
import json
import runpy
import zipfile

import pytest
import sqlalchemy as sa
from sqlalchemy import select

from community.accounts.viewer import OPERATOR, VISITOR
from community.core.db import db, transaction
from community.directory.hsds.rows import Report
from community.directory.hsds.shapes import rows_of
from community.directory.models import Document, Record
from community.directory.queries import documents
from community.directory.services import bringing
from community.directory.services.runs import Import
from ground.console import ROOT
from tests.make.directory import CODE, STREET, keep, location, service, shown, uuid, write_up

NAME = "House by no river"
PLACE = f"{NAME} place"
# As they were given, and as somebody might write them.
SECRETS = (
    STREET,
    "imaginaire",
    CODE,
    CODE.replace(" ", ""),
    "45.51234",
    "73.54321",
    "behind the mill",
    "H0H",
)


def shelter(**more):
    hidden = {
        "address_withheld": True,
        "front_door": "Call first; somebody meets you.",
        "transportation": "Bus 9, behind the mill.",
        "description": "The red door behind the mill.",
        "external_identifier": "behind the mill",
        "alternate_name": "Behind the mill",
        "postal_hint": CODE,
        **more,
    }
    made = service(
        NAME,
        description=f"We are at {STREET.upper()}, {CODE}. Call us.",
        service_areas=[{"id": uuid("area"), "name": f"Around {CODE.replace(' ', '')}", "extent": "45.51234"}],
        translations={"fr": {"description": {"text": f"Au {STREET}."}}},
    )
    made["service_at_locations"][0] |= {
        "description": f"Ring at {STREET}",
        "location": location(PLACE, **hidden),
    }
    return made


def leaks(text):
    folded = text.casefold()
    return [secret for secret in SECRETS if secret.casefold() in folded]


@pytest.fixture
def kept(app):
    keep(shelter(), service("A clinic that hides nothing"))
    return app.test_client()


ADDRESSES = (
    "/hsds/services",
    "/hsds/services?full=true",
    "/hsds/services?format=ndjson",
    "/hsds/services?format=ndjson&full=true",
    "/hsds/services?minimal=true",
    f"/hsds/services/{uuid(NAME)}",
    "/hsds/service_at_locations",
    "/hsds/service_at_locations?full=true",
    "/hsds/service_at_locations?format=ndjson",
    f"/hsds/service_at_locations/{uuid(f'{NAME} at')}",
    "/hsds/organizations",
    "/hsds/organizations?full=true&full_service=true",
    f"/hsds/organizations/{uuid('organization')}?full_service=true",
)


@pytest.mark.parametrize("address", ADDRESSES)
def test_the_interface_gives_no_withheld_address(kept, address):
    answer = kept.get(address)
    text = answer.get_data(as_text=True)
    assert answer.status_code == 200
    others = service("A clinic that hides nothing")["service_at_locations"][0]["location"]
    assert NAME in text or "Lantern House" in text
    assert not leaks(json.dumps(_without(text, others), ensure_ascii=False))


def _without(text, location):
    """What was answered, without what belongs to the clinic that hides nothing."""
    lines = text.splitlines() if not text.startswith('{"total') else [text]

    def cut(value):
        if isinstance(value, dict):
            return (
                None if value.get("id") == location["id"] else {name: cut(one) for name, one in value.items()}
            )
        return [cut(one) for one in value] if isinstance(value, list) else value

    return [cut(json.loads(line)) for line in lines]


def test_it_is_not_found_by_its_postal_code_or_its_words(kept):
    near = kept.get("/hsds/service_at_locations?postcode=H0H").get_json()
    assert [one["service"]["name"] for one in near["contents"]] == ["A clinic that hides nothing"]
    for words in ("imaginaire", "H0H", "behind the mill", "45.51234"):
        found = kept.get("/hsds/services", query_string={"search": words}).get_json()["contents"]
        assert NAME not in [one["name"] for one in found]


def test_nothing_that_is_stored_for_readers_holds_it(kept):
    rows = db.session.scalars(select(Document).where(Document.service_id == uuid(NAME))).all()
    assert len(rows) == 2
    for row in rows:
        assert not leaks(row.words + row.listed + documents.unpacked(row.whole))
        assert (row.latitude, row.longitude, row.postal_code) == (None, None, None)


def test_it_keeps_its_public_front_door_and_its_phone(kept):
    (place,) = (one["location"] for one in shown(NAME)["service_at_locations"])
    assert place["front_door"] == "Call first; somebody meets you."
    assert place["address_withheld"] is True
    assert shown(NAME)["phones"]


@pytest.mark.parametrize("shape", ["json", "ndjson", "csv", "zip"])
def test_an_export_for_others_does_not_hold_it_and_one_for_keepers_does(app, tmp_path, shape):
    keep(shelter())
    texts = {}
    for flags in ((), ("--everything",)):
        out = tmp_path / f"out{len(flags)}"
        words = ["directory", "export", "--format", shape, "--output", str(out), *flags]
        assert app.test_cli_runner().invoke(args=words).exit_code == 0
        texts[flags] = _all_of(out)
    assert not leaks(texts[()])
    assert leaks(texts[("--everything",)])


def _all_of(path):
    if path.is_dir():
        return "".join(file.read_text("utf-8") for file in path.iterdir())
    if zipfile.is_zipfile(path):
        with zipfile.ZipFile(path) as archive:
            return "".join(archive.read(name).decode() for name in archive.namelist())
    return path.read_text("utf-8")


@pytest.mark.parametrize("kind", ["location", "organization", "service_at_location", "address", "metadata"])
def test_no_kind_of_export_holds_it(app, kind):
    keep(shelter())
    keep(location(PLACE, address_withheld=True, description="Moved behind the mill."), kind="location")
    answer = app.test_cli_runner().invoke(args=["directory", "export", "--kind", kind])
    assert not leaks(answer.stdout)


def test_once_it_is_withheld_it_is_gone_before_any_job_runs(app):
    open_door = shelter()
    for name in ("address_withheld", "front_door"):
        del open_door["service_at_locations"][0]["location"][name]
    keep(open_door)
    assert leaks(json.dumps(shown(NAME), ensure_ascii=False))
    _keep_without_writing_up(location(PLACE, address_withheld=True))
    assert documents.service(VISITOR, uuid(NAME)) is None
    client = app.test_client()
    assert client.get(f"/hsds/services/{uuid(NAME)}").status_code == 404
    write_up()
    assert not leaks(json.dumps(shown(NAME), ensure_ascii=False))


def test_an_answer_kept_from_before_is_not_given_again(app):
    open_door = shelter()
    del open_door["service_at_locations"][0]["location"]["address_withheld"]
    keep(open_door)
    client = app.test_client()
    lists = ("/hsds/services?full=true", f"/hsds/services/{uuid(NAME)}", "/hsds/service_at_locations")
    tags = [client.get(address).headers["ETag"] for address in lists]
    _keep_without_writing_up(location(PLACE, address_withheld=True))
    for address, tag in zip(lists, tags, strict=True):
        answer = client.get(address, headers={"If-None-Match": tag})
        assert answer.status_code != 304
        assert not leaks(answer.get_data(as_text=True))


def _keep_without_writing_up(given):
    with transaction():
        bringing.bring(OPERATOR, list(rows_of("location", given, "", Report())), Import("test", Report()))


def test_a_new_address_of_a_withheld_place_is_withheld_too(app):
    keep(shelter())
    address = {**location("elsewhere")["addresses"][0], "id": uuid("new"), "location_id": uuid(PLACE)}
    keep(address, kind="address")
    assert not leaks(json.dumps(shown(NAME), ensure_ascii=False))
    assert db.session.scalar(select(Record.data).where(Record.id == uuid("new")))


def test_a_table_says_that_it_is_withheld(app, tmp_path):
    keep(shelter())
    words = ["directory", "export", "--format", "csv", "--output", str(tmp_path)]
    app.test_cli_runner().invoke(args=words)
    rows = list(csv.DictReader(io.StringIO((tmp_path / "locations.csv").read_text("utf-8"))))
    assert [(row["address_withheld"], row["latitude"]) for row in rows] == [("true", "")]
    assert (tmp_path / "addresses.csv").read_text("utf-8").count("\n") == 1


@pytest.mark.parametrize("named", [uuid(PLACE), uuid("somebody else")])
def test_of_the_history_of_a_withheld_place_only_that_it_was_withheld_is_told(app, named):
    """A file may call anything so: only a plain yes or no is told."""
    base = {"resource_type": "location", "last_action_date": "2026-11-01", "last_action_type": "update"}
    base |= {"updated_by": "keeper", "resource_id": named}
    said = {"previous_value": "", "replacement_value": "true"}
    line = {**base, "field_name": "address_withheld", **said, "id": uuid("plain")}
    worse = {**line, "replacement_value": "behind the mill", "id": uuid("worse")}
    other = {**line, "field_name": "transportation", "id": uuid("other")}
    keep(shelter(metadata=[{**line, "note": "behind the mill"}, worse, other]))
    told = json.dumps(shown(NAME), ensure_ascii=False)
    assert not leaks(told)
    assert (uuid("plain") in told) == (named == uuid(PLACE))
    assert uuid("worse") not in told
    assert uuid("other") not in told


@pytest.mark.usefixtures("app")
def test_what_was_cut_by_the_rule_of_before_is_written_up_anew_after_an_upgrade():
    keep(shelter())
    write_up()
    with transaction() as session:  # as the program of before left it
        for document in session.scalars(select(Document)):
            document.words, document.digest = f"{document.words} {STREET}", ""
        step = runpy.run_path(str(ROOT / "migrations" / "versions" / "2026_11_25_withheld.py"))
        session.execute(sa.text(step["MARK"]))
        session.execute(sa.text(step["MARK"]))  # beside what waits already
    write_up()
    found = db.session.scalars(select(Document.words).where(Document.kind == "service")).all()
    assert found
    assert not [words for words in found if leaks(words)]
