"""Real and official sets: counts are equal, faults are named, what went in comes out again."""

from __future__ import annotations

import json
import tracemalloc
from collections import Counter
from dataclasses import replace

import pytest
from sqlalchemy import func, select, text

from community.core.db import db
from community.directory.cli import imports as commands
from community.directory.hsds import streams, tables
from community.directory.hsds.conformance import Schemas
from community.directory.models import Record

EXAMPLES = (
    *("service_full", "organization_full", "service_at_location_full", "location", "taxonomy"),
    *("taxonomy_term", "service_list", "organization_list", "service_at_location_list", "taxonomy_list"),
    "taxonomy_term_list",
)
KINDS = sorted(
    ("service_at_location", "service", "organization", "location", "taxonomy_term", "taxonomy"), key=len
)


@pytest.fixture
def run(app, monkeypatch, reference_data):
    """A command that reports in JSON, with the official schemas at hand."""
    monkeypatch.setattr(commands, "BREATH", 0)
    schemas = str(reference_data / "hsds" / "schema-3.0")
    monkeypatch.setitem(app.extensions, "settings", replace(app.extensions["settings"], hsds_schemas=schemas))

    def ran(*words):
        if db.engine.dialect.name == "postgresql":
            # An operator's command connects without the patience of a page (``db.postgres_options``); here it
            # is given the connection of a test.
            db.session.execute(text("SET LOCAL statement_timeout = 0"))
        answer = app.test_cli_runner().invoke(args=["directory", *map(str, words)])
        if answer.exception is not None and not isinstance(answer.exception, SystemExit):
            raise answer.exception
        return answer

    return ran


def report_of(run, path, *more):
    return json.loads(run("import", path, "--json", *more).stdout)


def kept():
    rows = select(Record.kind, func.count()).group_by(Record.kind)
    return Counter({row.kind: row[1] for row in db.session.execute(rows)})


@pytest.mark.parametrize("version", ["3.0", "3.1"])
@pytest.mark.parametrize("name", EXAMPLES)
def test_an_official_example_comes_back_equal(run, reference_data, tmp_path, version, name):
    path = reference_data / "hsds" / f"examples-{version}" / f"{name}.json"
    kind = next(
        one for one in reversed(KINDS) if name.startswith(one) or name == "taxonomy_list" == f"{one}_list"
    )
    assert report_of(run, path)["refused"] == []
    answer = run("export", "--kind", kind, "--output", tmp_path / "out.json")
    assert "0 faults" in answer.stderr
    given = json.loads(path.read_text("utf-8"))
    assert json.loads((tmp_path / "out.json").read_text())["contents"] == given.get("contents", [given])


def test_the_official_tables_come_back_equal(run, reference_data, tmp_path):
    folder = reference_data / "hsds" / "examples-3.0" / "csv"
    assert report_of(run, folder)["refused"] == []
    assert kept().total() == 21
    run("export", "--format", "csv", "--output", tmp_path)
    again = report_of(run, tmp_path)
    assert not [one for one in again["tables"].values() if "new" in one or "changed" in one]
    assert "0 faults" in run("export", "--format", "zip", "--output", tmp_path / "all.zip").stderr


def test_the_tables_of_3_1_come_to_the_same_as_its_json(run, reference_data, tmp_path):
    """The official ones name a service, a unit and an owner that are not there: told, not refused."""
    source = reference_data / "hsds" / "examples-3.1" / "csv"
    report = report_of(run, source)
    assert report["refused"] == []
    assert {
        ("services", "names what is not there (service), kept until it comes", "service_capacity.csv:2"),
        ("url", "names no service and no organization: nothing shows it", "url.csv:2"),
    } <= {(one["table"], one["fact"], *one["such_as"]) for one in report["facts"]}
    assert report_of(run, source)["tables"] == {
        **report["tables"],
        **{
            table: {"same" if what == "new" else what: count for what, count in counted.items()}
            for table, counted in report["tables"].items()
        },
    }
    for file in source.glob("*.csv"):
        (tmp_path / file.name).write_text(file.read_text("utf-8"), "utf-8")
    id = (source / "services.csv").read_text("utf-8").splitlines()[1].partition(",")[0]
    unit = (source / "units.csv").read_text("utf-8").splitlines()[1].partition(",")[0]
    capacity = (source / "service_capacity.csv").read_text("utf-8").splitlines()
    cells = capacity[1].split(",")
    (tmp_path / "service_capacity.csv").write_text(
        "\n".join([capacity[0], ",".join([cells[0], id, unit, *cells[3:]])])
    )
    (tmp_path / "url.csv").write_text(
        f"id,label,url,service_id\n{cells[0]},Website,https://example.org,{id}\n"
    )
    assert report_of(run, tmp_path)["refused"] == []
    run("export", "--kind", "service", "--output", tmp_path / "out.json")
    (made,) = json.loads((tmp_path / "out.json").read_text())["contents"]
    full = json.loads((reference_data / "hsds" / "examples-3.1" / "service_full.json").read_text("utf-8"))
    assert made["capacities"] == full["capacities"]
    assert made["additional_urls"][0]["url"] == full["additional_urls"][0]["url"]
    again = report_of(run, tmp_path)
    assert not [one for one in again["tables"].values() if "new" in one or "changed" in one]


@pytest.mark.parametrize("name", ["services.csv", "services.json", "services.ndjson", "services.zip"])
def test_a_file_larger_than_memory_is_read_in_pieces_or_refused(run, monkeypatch, tmp_path, name):
    """A gigabyte of nothing: here a smaller one, under smaller bounds."""
    monkeypatch.setattr(tables, "LONGEST_LINE", 1 << 12)
    monkeypatch.setattr(streams, "LARGEST", 1 << 12)
    with (tmp_path / name).open("wb") as file:
        file.truncate(1 << 24)
    tracemalloc.start()
    report = report_of(run, tmp_path / name)
    most = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert len(report["warnings"]) + len(report["refused"]) == 1
    assert most < 1 << 23


def test_the_tables_as_one_json_file_are_read(run, reference_data):
    report = report_of(run, reference_data / "hsds" / "examples-3.0" / "tabular.json")
    assert report["refused"] == []
    assert kept().total() == 21


def facts(report, table):
    return {one["fact"]: one["rows"] for one in report["facts"] if one["table"] == table}


def test_a_real_export_of_hsds_1_1_comes_in_whole_with_its_faults_named(run, reference_data, tmp_path):
    folder = reference_data / "hsds" / "miami-211-substance-use-sample"
    report = report_of(run, folder)
    assert report["refused"] == []
    assert kept() == Counter(
        organization=56,
        service=418,
        location=418,
        service_at_location=418,
        address=418,
        phone=418,
        language=1001,
        schedule=1026,
        accessibility=418,
        attribute=3462,
        taxonomy_term=513,
        taxonomy=1,
    )
    assert facts(report, "services")["names what is not there (organization)"] == 38
    assert facts(report, "locations")["no coordinates"] == 158
    assert facts(report, "regular_schedules")["no id: given one of its own"] == 1026
    assert facts(report, "locations")["a backslash and an n instead of a new line, put right"] == 245
    assert facts(report, "physical_addresses")["blanks before or after a text, taken away"] == 417
    again = report_of(run, folder)
    assert not [one for one in again["tables"].values() if "new" in one or "changed" in one]
    assert (
        "418 objects checked against the official schemas, 0 faults"
        in run("export", "--format", "ndjson", "--output", tmp_path / "out").stderr
    )


def test_tables_of_ohana_come_in_whole(run, reference_data):
    report = report_of(run, reference_data / "hsds" / "ohana-sample-csv")
    assert report["refused"] == []
    found = kept()
    wanted = {"organization": 8, "service": 23, "location": 22, "phone": 54, "contact": 31, "program": 1}
    assert {kind: found[kind] for kind in wanted} == wanted
    assert found["address"] == 42
    assert found["taxonomy_term"] == 290
    assert found["schedule"] == 15


def test_a_list_of_another_shape_comes_in_by_its_mapping(run, reference_data, tmp_path):
    path = reference_data / "hsds" / "canada-bilingual-services.json"
    report = report_of(run, path, "--mapping", "bilingual-list")
    assert report["refused"] == []
    given = json.loads(path.read_text("utf-8"))
    assert kept()["service"] == len(given) == 98
    assert kept()["phone"] == sum(1 for one in given if one.get("phone"))
    tags = {tag["tag"].strip() for one in given for tag in one.get("identity_tags") or ()}
    assert kept()["taxonomy_term"] == len(tags | {one["intent_category"] + " (category)" for one in given})
    again = report_of(run, path, "--mapping", "bilingual-list")
    assert not [one for one in again["tables"].values() if "new" in one or "changed" in one]
    answer = run("export", "--format", "ndjson", "--output", tmp_path / "out")
    assert "98 objects checked against the official schemas, 0 faults" in answer.stderr
    made = [json.loads(line) for line in (tmp_path / "out").read_text("utf-8").splitlines()]
    words = {one["given_id"]: one["translations"]["fr"] for one in made if "translations" in one}
    assert {one["id"] for one in given if one.get("name_fr")} == words.keys()


def test_the_schemas_find_what_is_wrong(reference_data):
    schemas = Schemas(reference_data / "hsds" / "schema-3.0")
    given = {"id": "7", "status": "open", "phones": [{"id": "8"}], "languages": {}}
    found = " ".join(schemas.problems("service", given))
    for fault in (
        "/id must be a UUID",
        "/name is missing",
        "/status",
        "/phones/0/number",
        "/languages is no",
    ):
        assert fault in found
