"""Bringing services in and giving them back: nothing is lost, nothing is brought in twice."""

from __future__ import annotations

import json

import pytest
from sqlalchemy import delete, func, select, text

from community.accounts.viewer import OPERATOR, VISITOR
from community.core import planner
from community.core.db import db, transaction
from community.directory.cli import growing
from community.directory.cli import imports as commands
from community.directory.hsds import profile
from community.directory.models import Document, DocumentTerm, Link, Record, Stale
from community.directory.permissions import (
    documents_seen_by,
    may_see_document,
    may_see_record,
    records_seen_by,
)
from community.directory.queries import documents, exporting
from community.directory.services import bringing, edges, withdrawing
from community.directory.services.beginning import load_terms
from tests import cast as people
from tests.make.directory import keep, location, service, shown, uuid, write_up


@pytest.fixture(autouse=True)
def _at_once(monkeypatch):
    monkeypatch.setattr(commands, "BREATH", 0)


@pytest.fixture
def run(app):
    """A command of an operator, which must not fail by surprise."""

    def ran(*words):
        answer = app.test_cli_runner().invoke(args=["directory", *map(str, words)])
        if answer.exception is not None and not isinstance(answer.exception, SystemExit):
            raise answer.exception
        return answer

    return ran


def count(kind):
    return db.session.scalar(select(func.count()).select_from(Record).where(Record.kind == kind))


def given_back(kind="service"):
    return list(exporting.nested(OPERATOR, kind))


def test_a_nested_service_comes_back_as_it_came(app):
    given = service(moon="full", languages=[{"id": uuid("fr"), "name": "French"}], funding=[])
    keep(given)
    assert given_back() == [given]
    assert documents.service(VISITOR, given["id"]) == given


def test_the_second_time_changes_nothing(app):
    keep(service())
    before = {row.id: row.changed_at for row in db.session.scalars(select(Record))}
    report = keep(service())
    assert report.total("new") == report.total("changed") == 0
    assert report.total("same") == len(before)
    assert {row.id: row.changed_at for row in db.session.scalars(select(Record))} == before
    assert db.session.scalar(select(func.count()).select_from(Stale)) == 0


def test_what_changed_is_kept_as_history(app):
    keep(service())
    report = keep(service(status="temporarily closed"))
    assert report.counts["services"]["changed"] == 1
    (history,) = shown()["metadata"]
    told = {name: history[name] for name in ("field_name", "previous_value", "replacement_value")}
    assert told == {
        "field_name": "status",
        "previous_value": "active",
        "replacement_value": "temporarily closed",
    }


def test_a_phone_that_is_no_longer_listed_goes_and_what_is_not_named_stays(app):
    keep(service(phones=[{"id": uuid("a"), "number": "555-0100"}, {"id": uuid("b"), "number": "555-0101"}]))
    changed = service(phones=[{"id": uuid("b"), "number": "555-0101"}])
    del changed["description"]
    keep(changed)
    assert [phone["id"] for phone in shown()["phones"]] == [uuid("b")]
    assert shown()["description"] == service()["description"]


def test_a_list_that_is_given_empty_is_emptied(app):
    keep(service(phones=[{"id": uuid("a"), "number": "555-0100"}], x_note=None))
    report = keep(service(phones=[], x_note=None))
    assert shown()["phones"] == []
    assert shown()["x_note"] is None
    assert not [said for _, said in report.facts if "phones" in said]
    assert keep(service(phones=[], x_note=None)).total("changed") == 0


def test_a_phone_that_is_refused_takes_none_away(app):
    keep(service(phones=[{"id": uuid("a"), "number": "555-0100"}]))
    assert keep(service(phones=[{"id": uuid("a"), "number": 7}])).refused
    assert [phone["id"] for phone in shown()["phones"]] == [uuid("a")]


def test_a_list_in_another_order_comes_back_in_that_order(app):
    phones = [{"id": uuid(name), "number": f"555-010{at}"} for at, name in enumerate("cab")]
    keep(service(phones=phones))
    assert shown()["phones"] == phones
    keep(service(phones=phones[::-1]))
    assert shown()["phones"] == phones[::-1]


def test_the_list_of_a_table_is_bounded_too(run, tmp_path, monkeypatch):
    monkeypatch.setattr(edges, "MOST_IN_A_LIST", 3)
    monkeypatch.setattr(edges, "SUSPICIOUS", 0)
    monkeypatch.setattr(commands, "TOGETHER", 4)
    (tmp_path / "services.csv").write_text(f"id,name,status\n{uuid('s')},A,active\n")
    languages = "".join(f"{uuid(f'language {at}')},{uuid('s')},fr\n" for at in range(9))
    (tmp_path / "languages.csv").write_text(f"id,service_id,name\n{languages}")
    first = json.loads(run("import", tmp_path, "--json").stdout)
    assert first["tables"]["languages"] == {"read": 9, "new": 3, "refused": 6}
    assert len(shown("s")["languages"]) == 3
    again = json.loads(run("import", tmp_path, "--json").stdout)
    assert again["tables"]["languages"] == {"read": 9, "same": 3, "refused": 6}


def test_a_change_far_below_reaches_the_service(app):
    keep(service())
    keep(location("Clinic of the Two Lanterns place", name="The other door"), kind="location")
    (place,) = shown()["service_at_locations"]
    assert place["location"]["name"] == "The other door"


def test_what_has_an_id_that_another_row_has_is_refused(app):
    report = keep(service(), service(description="Something else."))
    assert [(one.table, one.column) for one in report.refused] == [("services", "description")]
    assert shown()["description"] == service()["description"]


def test_what_would_be_part_of_itself_is_refused(app):
    def organization(name, parent):
        ids = {"id": uuid(name), "parent_organization_id": uuid(parent)}
        return {**ids, "name": name, "description": ""}

    assert not keep(organization("a", "b"), organization("b", "c"), kind="organization").refused
    report = keep(organization("c", "a"), organization("d", "d"), kind="organization")
    assert [one.column for one in report.refused] == ["parent_organization_id"] * 2
    assert count("organization") == 2


def test_a_row_that_names_what_is_not_there_stays_and_is_reported(app, run, tmp_path):
    (tmp_path / "services.csv").write_text(
        f"id,organization_id,name,status\n{uuid('s')},{uuid('nobody')},A,active\n"
    )
    answer = run("import", tmp_path)
    assert "services: 1 × names what is not there (organization)" in answer.output
    assert "organization" not in shown("s")


def test_a_dry_run_writes_nothing(run, tmp_path):
    (tmp_path / "services.json").write_text(json.dumps([service()]))
    answer = run("import", tmp_path / "services.json", "--dry-run", "--json")
    assert json.loads(answer.stdout)["tables"]["services"] == {"read": 1, "new": 1}
    assert count("service") == 0


def test_a_dry_run_tells_what_the_run_will_tell(run, tmp_path, monkeypatch):
    """What one portion brought and another repeats, and what is named and nowhere."""
    monkeypatch.setattr(commands, "TOGETHER", 5)
    file = tmp_path / "services.ndjson"
    lines = [service(f"Clinic {number}", program_id=uuid("nowhere")) for number in range(4)]
    file.write_text("\n".join(map(json.dumps, lines)))
    dry = json.loads(run("import", file, "--dry-run", "--json").stdout)
    assert dry == json.loads(run("import", file, "--json").stdout)
    assert [one["rows"] for one in dry["facts"] if one["fact"] == "names what is not there (program)"] == [4]


def test_a_run_that_was_stopped_goes_on(run, tmp_path, monkeypatch):
    """Stopped after a portion and before anything is written up, as by a kill."""
    monkeypatch.setattr(commands, "TOGETHER", 5)
    names = [f"Clinic {number}" for number in range(6)]
    file = tmp_path / "services.ndjson"
    file.write_text("\n".join(json.dumps(service(name)) for name in names))
    kept, calls = bringing.bring, []

    def stopping(*given):
        calls.append(1)
        if len(calls) == 4:
            raise KeyboardInterrupt
        kept(*given)

    monkeypatch.setattr(bringing, "bring", stopping)
    answer = run("import", file)
    assert answer.exit_code == 1
    assert 0 < count("service") < 6
    monkeypatch.setattr(bringing, "bring", kept)
    assert run("import", file).exit_code == 0
    assert {found["name"] for found in given_back()} == set(names)
    assert len(documents.service_ids(VISITOR)) == 6


@pytest.mark.parametrize("shape", ["csv", "zip"])
def test_tables_keep_order_types_and_ties(run, tmp_path, shape):
    phones = [{"id": uuid(name), "number": "555-0100"} for name in "dbca"]
    value = {"id": uuid("value"), "link_entity": "something", "value": "1"}
    keep(service(phones=phones, attributes=[value], x_number=1.0, x_text="[1,2]", x_truth=True))
    before = shown()
    run("export", "--format", shape, "--output", tmp_path / f"all.{shape}")
    for table in (Link, Record):
        db.session.execute(delete(table))
    db.session.commit()
    assert run("import", tmp_path / f"all.{shape}").exit_code == 0
    after = shown()
    assert [phone["id"] for phone in after["phones"]] == [phone["id"] for phone in before["phones"]]
    assert [one["id"] for one in after["attributes"]] == [uuid("value")]
    assert {name: after[name] for name in before if name.startswith("x_")} == {
        "x_number": 1.0,
        "x_text": "[1,2]",
        "x_truth": True,
    }


def test_tables_come_back_with_the_ids_that_tie_them(run, tmp_path):
    keep(service())
    assert run("export", "--format", "zip", "--output", tmp_path / "all.zip").exit_code == 0
    before = count("phone"), db.session.scalar(select(func.count()).select_from(Link))
    report = json.loads(run("import", tmp_path / "all.zip", "--json").stdout)
    assert not [one for one in report["tables"].values() if "new" in one]
    assert (count("phone"), db.session.scalar(select(func.count()).select_from(Link))) == before
    assert report["refused"] == []


def test_a_file_that_breaks_off_says_so_and_keeps_what_came_before(run, tmp_path):
    (tmp_path / "services.json").write_text(f"[{json.dumps(service())}, {{")
    answer = run("import", tmp_path / "services.json")
    assert answer.exit_code == 1
    assert "Not read to its end" in answer.output
    assert count("service") == 1


def test_an_export_without_the_schemas_says_that_it_was_not_checked(run, tmp_path):
    answer = run("export", "--output", tmp_path / "out.json")
    assert "was not run" in answer.stderr
    assert json.loads((tmp_path / "out.json").read_text())["empty"]


def test_grown_services_are_visibly_made_up(run):
    run("grow", 3)
    shown = documents.services(VISITOR, documents.service_ids(VISITOR)).values()
    assert [one["name"].startswith("Imaginary") for one in shown] == [True] * 3
    assert all(profile.text(one, "name", "fr").lang == "fr" for one in shown)


def test_what_comes_in_is_found_by_its_index_where_tables_were_counted_empty(run):
    planner.count_anew(commands.WRITTEN)
    run("grow", 200)
    engine = db.engine.dialect.name
    counts = {
        "sqlite": "SELECT max(CAST(stat AS INTEGER)) FROM sqlite_stat1 WHERE tbl = 'directory_record'",
        "postgresql": "SELECT reltuples FROM pg_class WHERE relname = 'directory_record'",
    }
    assert db.session.scalar(text(counts[engine])) > 1_000
    if engine == "sqlite":
        # A twentieth of the rows: of a fifth, reading them all is rightly thought the shorter way.
        asked = select(Record.data).where(Record.id.in_([uuid(str(one)) for one in range(100)]))
        said = str(asked.compile(db.engine, compile_kwargs={"literal_binds": True}))
        plan = [row[3] for row in db.session.execute(text(f"EXPLAIN QUERY PLAN {said}"))]
        assert not [step for step in plan if step.startswith("SCAN")]


def test_grown_services_come_in_from_a_file_as_they_are_grown(run, tmp_path):
    file = tmp_path / "grown.ndjson"
    run("grow", 3, "--output", file)
    assert count("service") == 0
    run("grow", 3)
    grown = given_back()
    assert run("import", file).exit_code == 0
    assert given_back() == grown
    assert [json.loads(line) for line in file.read_text("utf-8").splitlines()] == list(growing.services(3))


def test_the_words_of_the_profile_are_loaded_once_and_find_services(app):
    assert load_terms() > 30
    assert load_terms() == 0
    keep(service(offered=["offers-naloxone"]))
    term = profile.TERMS["offers"]["naloxone"]
    found = select(DocumentTerm.taxonomy_id).where(DocumentTerm.term_id == term.id)
    assert db.session.scalars(found).all() == [profile.TAXONOMY_ID]


def test_upper_domains_are_told_which_services_were_written(app, monkeypatch):
    told = []
    monkeypatch.setattr(
        "community.directory.services.documents.announce",
        lambda _signal, service_ids: told.append(service_ids),
    )
    keep(service())
    assert told == [[service()["id"]]]


def test_a_service_in_preparation_is_seen_by_coordinators_alone(app):
    keep(service(), state="draft")
    cast = people.assemble()
    for name, someone in cast.items():
        shown = documents.service(someone.viewer, service()["id"]) is not None
        assert shown == (name == "coordinator"), name
        _agree(someone.viewer)
    with transaction():
        withdrawing.set_state(OPERATOR, "service", service()["id"], "public")
    write_up()
    assert documents.service(VISITOR, service()["id"])


def _agree(viewer):
    written = db.session.scalars(select(Document)).all()
    seen = {(row.kind, row.id) for row in db.session.scalars(documents_seen_by(viewer))}
    assert written
    assert seen == {(row.kind, row.id) for row in written if may_see_document(viewer, row)}
    brought = db.session.scalars(select(Record)).all()
    seen = {(row.kind, row.id) for row in db.session.scalars(records_seen_by(viewer))}
    assert seen == {(row.kind, row.id) for row in brought if may_see_record(viewer, row)}


def test_what_is_taken_back_is_gone_before_any_job_runs(app):
    keep(service())
    with transaction():
        withdrawing.set_state(OPERATOR, "location", uuid("Clinic of the Two Lanterns place"), "hidden")
    assert documents.service(VISITOR, service()["id"]) is None


def test_a_place_that_a_file_puts_into_two_services_stops_nothing(app):
    """In one go and in two: what readers are given of it is written once."""
    places = [{"id": uuid("shared"), "location": location("shared place")}]
    keep(*(service(name, service_at_locations=places) for name in ("Bell", "Rope")))
    keep(service("Wheel", service_at_locations=places))
    at = select(func.count()).select_from(Document).where(Document.kind == "service_at_location")
    assert db.session.scalar(at) == 1
    assert [shown(name)["service_at_locations"][0]["id"] for name in ("Bell", "Rope", "Wheel")] == [
        uuid("shared")
    ] * 3
    assert not db.session.scalar(select(func.count()).select_from(Stale))


def test_places_free_wait_for_their_service_and_are_added_to_one_that_is_there(run, tmp_path):
    """Before it and after it, by a table that comes alone; a second time nothing changes."""

    def told(path):
        return json.loads(run("import", path, "--json").stdout)

    id = uuid("Bell")
    head = "id,service_id,unit_id,available,maximum,description,updated"
    (tmp_path / "places").mkdir()
    (tmp_path / "places" / "service_capacity.csv").write_text(
        f"{head}\n{uuid('places')},{id},,4,8,Beds,2026-11-20T08:00:00Z\n", "utf-8"
    )
    for _ in range(2):
        report = told(tmp_path / "places")
        assert report["refused"] == []
        assert [one["rows"] for one in report["facts"] if "kept until it comes" in one["fact"]] == [1]
    given = tmp_path / "services.json"
    given.write_text(json.dumps([service("Bell")]), "utf-8")
    told(given)
    assert [one["available"] for one in shown("Bell")["capacities"]] == [4]
    assert not [one for one in told(given)["tables"].values() if "new" in one or "changed" in one]
    table = tmp_path / "places" / "service_capacity.csv"
    table.write_text(table.read_text("utf-8").replace(",4,8,", ",5,8,"), "utf-8")
    assert told(tmp_path / "places")["tables"]["services"] == {"changed": 1}
    assert [one["available"] for one in shown("Bell")["capacities"]] == [5]
    assert told(tmp_path / "places")["tables"]["services"] == {"same": 1}
