"""What a file of the directory may hold: every fault is found and named, none stops the reading."""

from __future__ import annotations

import csv
import io
import json
import zipfile

import pytest

from community.directory.hsds import checks, profile, reading, streams, tables
from community.directory.hsds.fields import SLOTS
from community.directory.hsds.older.cells import clock_of
from community.directory.hsds.rows import Broken, Report
from community.directory.hsds.shapes import kind_of, rows_of
from community.directory.withholding import Curtain, is_withheld

ID = "ac148810-d857-441c-9679-408f346de14b"
OTHER = "d9d5e0f5-d3ce-4f73-9a2f-4dd0ecc6c610"
SERVICE = {"id": ID, "name": "Made up", "status": "active"}


def refused(kind, given):
    report = Report()
    rows = list(rows_of(kind, given, "", report))
    return rows, [(one.where, one.reason) for one in report.refused]


# What the official schemas refuse, then what they let through.
BAD = {
    "/id": {**SERVICE, "id": "not-a-uuid"},
    "/status": {**SERVICE, "status": "open"},
    "/name": {"id": ID, "status": "active"},
    "/email": {**SERVICE, "email": "nobody at nowhere"},
    "/minimum_age": {**SERVICE, "minimum_age": "twelve"},
    "/last_modified": {**SERVICE, "last_modified": "last week"},
    "/url": {**SERVICE, "url": "not a uri"},
    "/assured_date": {**SERVICE, "assured_date": "2020-13-40"},
}


@pytest.mark.parametrize("pointer", BAD)
def test_each_bad_input_is_refused_with_a_pointer_to_it(pointer):
    rows, said = refused("service", BAD[pointer])
    assert rows == []
    assert [where for where, _ in said] == [pointer]


def test_a_minimum_age_above_the_maximum_is_refused():
    rows, said = refused("service", {**SERVICE, "minimum_age": 90, "maximum_age": 12})
    assert rows == []
    assert said == [("/minimum_age", "is above maximum_age")]


def test_what_nobody_knows_is_kept_and_reported():
    report = Report()
    row = next(rows_of("service", {**SERVICE, "moon": {"phase": ["full"]}}, "/0", report))
    assert row.data["moon"] == {"phase": ["full"]}
    assert ("services", "unknown field moon, kept") in report.facts


def test_a_bad_phone_is_left_out_and_its_service_stays():
    rows, said = refused("service", {**SERVICE, "phones": [{"id": OTHER}, {"id": ID, "number": "555-0100"}]})
    assert [row.kind for row in rows] == ["service", "phone"]
    assert said == [("/phones/0/number", "is missing")]
    assert [edge.child_id for edge in rows[0].edges] == [ID]


@pytest.mark.parametrize("wrong", [7, "x", [], None, True, {"id": {}}, {"id": []}, {"id": ID, "name": 3}])
def test_what_is_no_object_of_its_kind_is_refused(wrong):
    rows, said = refused("service", wrong)
    assert rows == []
    assert said


@pytest.mark.parametrize("value", ["a\x00b", "\ud800", "x" * 100_001])
def test_text_that_no_database_may_hold_is_refused(value):
    assert refused("service", {**SERVICE, "name": value})[0] == []
    assert refused("service", {**SERVICE, "strange": value})[0] == []


def test_a_million_languages_on_one_record_are_bounded():
    many = [{"id": OTHER}] * 1_000_000
    rows, said = refused("service", {**SERVICE, "languages": many})
    assert [row.kind for row in rows] == ["service"]
    assert "more than" in said[0][1]


def test_objects_in_objects_end_somewhere():
    contact: dict[str, object] = {"id": ID}
    for _ in range(20):
        contact = {"id": ID, "attributes": [{"id": OTHER, "metadata": [contact]}]}
    assert refused("contact", contact)[1]


def test_values_in_values_that_nobody_knows_end_somewhere():
    deep: list[object] = []
    for _ in range(40):
        deep = [deep]
    assert refused("service", {**SERVICE, "strange": deep})[1] == [("/strange", "is nested too deep")]
    assert refused("service", {**SERVICE, "strange": {"a": [{"b\x00": 1}]}})[1]
    assert refused("service", {**SERVICE, "strange": [10**400]})[1]


def test_a_number_is_finite_and_true_is_none():
    assert not any(map(checks.is_number, (float("inf"), float("nan"), True, "7", 10**400, None)))
    assert checks.is_number(0)


@pytest.mark.parametrize(
    "text", ["https://example.org/a?b", "mailto:a@example.org", "tel:+15550100", "urn:a:b"]
)
def test_addresses_are_taken(text):
    assert checks.is_address(text)


@pytest.mark.parametrize(
    "text", ["", "www.example.org", "http://", "https://a b", "javascript", "http://[", "//x"]
)
def test_what_is_no_address_is_not(text):
    assert not checks.is_address(text)


@pytest.mark.parametrize("text", ["javascript:alert(1)", "JavaScript:a", "data:text/html,a", "vbscript:a"])
def test_what_runs_where_somebody_follows_it_is_no_address(text):
    assert refused("service", {**SERVICE, "url": text})[1] == [
        ("/url", "is not an address such as https://example.org")
    ]


def test_every_place_for_others_leads_to_a_kind_that_there_is():
    assert {slot.kind for slots in SLOTS.values() for slot in slots.values()} <= SLOTS.keys()


# JSON, a piece at a time


def rows_in(text, named="services"):
    report = Report()
    return list(reading.rows_of_text(text, named, report)), report


@pytest.mark.parametrize("shape", ['{{"total_items": 1, "contents": [{0}]}}', "[{0}]", "{0}"])
def test_a_page_a_list_and_one_object_are_read_alike(shape):
    rows, _ = rows_in(shape.format(json.dumps(SERVICE)))
    assert [row.data for row in rows] == [SERVICE]


@pytest.mark.parametrize(
    "text",
    ["", "7", "[", "[1,", '{"contents": [{"id"', "[{}] x", '{"a": NaN}', "[" * 100_000, '{"a" 1}', "nul"],
)
def test_what_is_no_json_says_so(text):
    with pytest.raises(Broken):
        rows_in(text)


TWICE = f'{{"id": "{OTHER}", "name": "One", "status": "active", "name": "Two"}}'
WITHIN = f'{{"id": "{OTHER}", "name": "One", "status": "active", "phones": [{{"id": "a", "id": "b"}}]}}'


@pytest.mark.parametrize("shape", ['{{"contents": [{0}, {1}]}}', "[{0}, {1}]"])
@pytest.mark.parametrize(("text", "named"), [(TWICE, "name"), (WITHIN, "id")])
def test_what_says_one_thing_twice_is_refused_and_the_next_is_read(shape, text, named):
    rows, report = rows_in(shape.format(text, json.dumps(SERVICE)))
    assert [row.id for row in rows] == [ID]
    (said,) = report.refused
    assert said.where.endswith("/0")
    assert repr(named) in said.reason


def test_a_line_that_says_one_thing_twice_is_refused_and_the_next_is_read(tmp_path):
    report, file = Report(), tmp_path / "services.ndjson"
    file.write_text(f"{TWICE}\n{json.dumps(SERVICE)}\n")
    assert [row.id for row in reading.rows(file, report)] == [ID]
    assert [one.where for one in report.refused] == ["services.ndjson:1"]


@pytest.mark.parametrize("text", [TWICE, WITHIN, '{"contents": [], "contents": []}'])
def test_one_object_that_says_one_thing_twice_is_not_read(text):
    with pytest.raises(Broken, match="twice"):
        rows_in(text)


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("services.json", "[]"),
        ("services.json", '{"contents": [], "total_items": 0}'),
        ("service.csv", "id,name,status\n"),
    ],
)
def test_a_file_without_a_record_says_so(tmp_path, name, text):
    report, file = Report(), tmp_path / name
    file.write_text(text)
    assert [*reading.rows(file, report)] == []
    assert [fact for _, fact in report.facts] == ["there is no record in it"]


@pytest.mark.parametrize("name", ["services.json", "services.ndjson", "service.csv"])
@pytest.mark.parametrize("text", ["", "\n", "\ufeff"])
def test_an_empty_file_is_no_success(tmp_path, name, text):
    report, file = Report(), tmp_path / name
    file.write_text(text)
    try:
        assert [*reading.rows(file, report)] == []
        said = report.warnings
    except Broken as problem:
        said = [str(problem)]
    assert said == [f"{name} is empty"] or said == [f"{name}: {name} is empty"]


def test_what_stands_before_the_break_is_given():
    report = Report()
    rows = reading.rows_of_text(f"[{json.dumps(SERVICE)}, {{", "services", report)
    assert next(rows).id == ID
    with pytest.raises(Broken):
        next(rows)


def test_a_file_larger_than_a_piece_is_read_to_its_end():
    many = [
        {**SERVICE, "id": f"{n:08x}-0000-4000-8000-000000000000", "description": "é" * 900}
        for n in range(900)
    ]
    rows, _ = rows_in(json.dumps(many))
    assert len(rows) == 900


TOO_MUCH = {
    "long": json.dumps({**SERVICE, "description": 'x"]}\\' * 1000, "languages": [{}]}),
    "deep": '{"id": ' + "[" * 100_000 + "]" * 100_000 + "}",
}


@pytest.mark.parametrize(
    "shape", ['{{"contents": [{0}, {1}]}}', "[{0}, {1}]", '{{"services.csv": [{0}, {1}]}}']
)
@pytest.mark.parametrize("named", TOO_MUCH)
def test_what_no_memory_holds_is_refused_and_the_next_is_read(monkeypatch, shape, named):
    monkeypatch.setattr(streams, "LARGEST", 1000)
    monkeypatch.setattr(streams, "PIECE", 100)
    rows, report = rows_in(shape.format(TOO_MUCH[named], json.dumps(SERVICE)))
    assert [row.id for row in rows] == [ID]
    (said,) = report.refused
    assert said.where.endswith("/0")


def test_a_line_that_no_memory_holds_is_refused_and_the_next_is_read(monkeypatch, tmp_path):
    monkeypatch.setattr(streams, "LARGEST", 1000)
    monkeypatch.setattr(streams, "PIECE", 100)
    report, file = Report(), tmp_path / "services.ndjson"
    file.write_text(f"{TOO_MUCH['long']}\n{json.dumps(SERVICE)}\n")
    assert [row.id for row in reading.rows(file, report)] == [ID]
    assert [one.where for one in report.refused] == ["services.ndjson:1"]


def test_a_number_that_nothing_holds_is_refused_and_the_next_is_read():
    rows, report = rows_in(f'[{{"id": "{OTHER}", "x": {"9" * 6000}}}, {json.dumps(SERVICE)}]')
    assert [row.id for row in rows] == [ID]
    assert [one.column for one in report.refused if one.where.startswith("/0")]


def test_the_kind_is_told_by_the_fields_where_the_file_has_no_name():
    assert kind_of({"id": ID, "location_type": "virtual"}) == "location"
    assert kind_of({"id": ID, "name": "a", "status": "active"}) == "service"
    assert kind_of({"id": ID, "service": {}, "location": {}}) == "service_at_location"
    assert kind_of({"id": ID, "name": "a", "description": "b", "version": "1"}) == "taxonomy"
    assert kind_of({"id": ID, "name": "a", "description": "b"}) == "organization"
    assert kind_of({"total": 1}) is None


# Tables


def sheet(text, stem="services", encoding="utf-8"):
    content = text if isinstance(text, bytes) else text.encode(encoding)
    return tables.Sheet(stem, f"{stem}.csv", lambda: io.BytesIO(content))


def read(text, stem="services", encoding="utf-8"):
    report = Report()
    return list(tables.rows(sheet(text, stem, encoding), report)), report


LINE = f"{ID},Santé,active"


def test_a_byte_order_mark_is_no_part_of_the_first_column():
    rows, _ = read(f"\ufeffid,name,status\r\n{LINE}\r\n")
    assert rows[0].data == {"id": ID, "name": "Santé", "status": "active"}


def test_semicolons_are_read_and_reported():
    rows, report = read(f"id;name;status\n{LINE.replace(',', ';')}\n")
    assert rows[0].data["name"] == "Santé"
    assert any("columns apart" in fact for _, fact in report.facts)


def test_latin_1_is_read_and_reported():
    rows, report = read(f"id,name,status\n{LINE}\n", encoding="latin-1")
    assert rows[0].data["name"] == "Santé"
    assert any("not UTF-8" in fact for _, fact in report.facts)


@pytest.mark.parametrize("encoding", ["utf-16", "utf-32"])
def test_what_a_spreadsheet_calls_unicode_is_read_and_reported(encoding):
    rows, report = read(f"id\tname\tstatus\r\n{LINE.replace(',', chr(9))}\r\n", encoding=encoding)
    assert rows[0].data == {"id": ID, "name": "Santé", "status": "active"}
    assert any("not UTF-8" in fact for _, fact in report.facts)


@pytest.mark.parametrize(
    "text",
    [
        f"id,name,status\n{LINE}\n".encode("utf-16-le"),  # nothing says which it is
        f"id,name,status\n{LINE}\n".encode("utf-16")[:-1],  # half a character
    ],
)
def test_text_of_which_half_is_missing_says_so_by_its_name(text):
    with pytest.raises(Broken, match=r"services\.csv .*UTF-8"):
        read(text)


@pytest.mark.parametrize("text", ["", "\n\n", " \r\n", "\ufeff"])
def test_a_table_without_a_line_says_so(text):
    with pytest.raises(Broken, match=r"services\.csv .*empty"):
        read(text)


def test_a_missing_column_is_named_once():
    rows, report = read(f"id,name\n{ID},a\n{OTHER},b\n")
    assert rows == []
    assert [(one.column, one.where) for one in report.refused] == [("status", "services.csv")]


def test_a_line_with_too_few_cells_is_refused_and_the_next_is_read():
    rows, report = read(f"id,name,status\n{ID},a\n{OTHER},b,active\n")
    assert [row.id for row in rows] == [OTHER]
    assert report.refused[0].where == "services.csv:2"


def test_what_must_be_there_and_says_nothing_is_kept_empty_and_reported():
    address = "id,address_1,city,state_province,postal_code,country,address_type"
    rows, report = read(f"{address}\n{ID},1 made-up street,,ON,K7L 1G5,,physical\n", "addresses")
    assert (rows[0].data["city"], rows[0].data["country"]) == ("", "")
    assert {fact for _, fact in report.facts} >= {"no city: left empty", "no country: left empty"}
    rows, report = read(f"id,name,status\n{ID}, ,active\n{OTHER},b,active\n")
    assert [(one.where, one.column) for one in report.refused] == [("services.csv:2", "name")]
    assert [row.id for row in rows] == [OTHER]


def test_a_formula_stays_text_and_comes_back_as_it_was():
    rows, report = read(f"id,name,status\n{ID},=1+1,active\n")
    assert rows[0].data["name"] == "=1+1"
    assert any("spreadsheet" in fact for _, fact in report.facts)
    assert tables.plain("'=1+1") == "=1+1"
    assert tables.plain("'tis") == "'tis"


def test_numbers_are_numbers_and_unknown_objects_stay_objects():
    rows, _ = read(f'id,name,status,minimum_age,x\n{ID},a,active,12,"{{""b"": [1]}}"\n')
    assert rows[0].data["minimum_age"] == 12
    assert rows[0].data["x"] == {"b": [1]}


ODD = (
    '1.0|-0.0|1000.0|1e-07|12|100000000000000000|true|false|""|" "|"12"|"1e3"|"0012"|"true"|"null"|"[1,2]"',
    r'''"\""|"\"a\""|"'"|"'=1"|"=1+1"|"-5"|{"a": "", "b": [1, null]}|[]|"{"|"NaN"|"Infinity"|"é\u2028"''',
)


@pytest.mark.parametrize("written", "|".join(ODD).split("|"))
def test_a_cell_gives_back_what_was_put_into_it(written):
    value = json.loads(written)
    found = tables.value_of("service", "nobody_knows", tables.cell_of("service", "nobody_knows", value))
    assert (type(found), repr(found)) == (type(value), repr(value))


@pytest.mark.parametrize(
    "cell", ["0012", "1.50", "1e3", "1_000", "NaN", "12345678901234567890.5", '"a', "True"]
)
def test_a_cell_that_no_program_wrote_stays_as_it_is(cell):
    assert tables.value_of("service", "nobody_knows", cell) == cell


def test_a_cell_without_an_end_stops_its_table_only():
    _, report = read(b"id,name,status\n" + ID.encode() + b',"' + b"x" * 2_000_000)
    assert report.refused


def test_a_zip_bomb_is_refused(tmp_path):
    with zipfile.ZipFile(tmp_path / "bomb.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("services.csv", b"0" * (tables._SMALL + 1))
    with pytest.raises(Broken, match="refused"):
        list(reading.rows(tmp_path / "bomb.zip", Report()))


def test_what_is_no_archive_is_refused(tmp_path):
    (tmp_path / "a.zip").write_bytes(b"PK nothing")
    with pytest.raises(Broken):
        list(reading.rows(tmp_path / "a.zip", Report()))


def test_a_name_that_leads_out_of_the_archive_leads_nowhere(tmp_path):
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        archive.writestr("../../services.csv", f"id,name,status\n{LINE}\n")
    assert [row.id for row in reading.rows(tmp_path / "a.zip", Report())] == [ID]


# Sets from before HSDS 2


@pytest.mark.parametrize(
    ("said", "wanted"),
    [("8:30am", "08:30"), ("12:00pm (dispensing)", "12:00"), ("12:15 am", "00:15"), ("5 p.m.", "17:00")]
    + [("17:05", "17:05"), ("8", None), ("noon", None), ("25:00", None), ("", None)],
)
def test_hours_of_older_sets(said, wanted):
    assert clock_of(said) == wanted


def older_set(tmp_path, **files):
    for stem, lines in files.items():
        with (tmp_path / f"{stem}.csv").open("w", newline="") as file:
            csv.writer(file).writerows(lines)
    report = Report()
    return list(reading.rows(tmp_path, report, "old")), report


def test_an_older_set_gets_ids_that_stay_the_same(tmp_path):
    files = {
        "services": [["id", "organization_id", "name", "status"], ["7", "3", "A", ""]],
        "regular_schedules": [["id", "service_id", "weekday", "opens_at"], ["", "7", "Monday", "8:30am"]] * 1,
        "languages": [["id", "service_id", "language"], ["1", "7", "French"], ["1", "7", "English"]],
    }
    rows, report = older_set(tmp_path, **files)
    again, _ = older_set(tmp_path, **files)
    assert [row.id for row in rows] == [row.id for row in again]
    assert len({row.id for row in rows}) == 4
    assert next(row for row in rows if row.kind == "schedule").data["byday"] == "MO"
    assert any("no status" in fact for _, fact in report.facts)


def test_a_backslash_and_an_n_become_a_new_line_in_older_sets(tmp_path):
    rows, report = older_set(tmp_path, taxonomy=[["id", "name"], ["X-1", "one\\ntwo"]])
    assert next(row for row in rows if row.kind == "taxonomy_term").data["name"] == "one\ntwo"
    assert any("backslash" in fact for _, fact in report.facts)


# The profile


def test_the_profile_is_read_from_attributes_and_from_its_own_words():
    term = profile.TERMS["oat"]["methadone"]
    document = {"offered": ["offers-naloxone", "line-1", "start-drop-in"], "wait_days": 3}
    document["attributes"] = [{"id": ID, "taxonomy_term": {"id": term.id}}]
    facts = profile.read(document)
    assert facts.oat == {"methadone"}
    assert facts.offers == {"naloxone"}
    assert facts.lines == {"1"}
    assert facts.drop_in
    assert not facts.same_day
    assert facts.wait_days == 3


@pytest.mark.parametrize("odd", [None, 7, "x", [], [7, None], {"a": 1}])
def test_odd_words_of_the_profile_break_nothing(odd):
    facts = profile.read({"offered": odd, "capacity": odd, "attributes": [], "wait_days": odd})
    assert facts.offers == frozenset()
    assert profile.text({"name": odd, "translations": odd}, "name", "fr").lang in {"fr", "en"}


def test_a_missing_language_comes_in_the_other_one_and_says_so():
    record = {"name": "Halte", "texts_in": "fr", "translations": {"en": {"name": {"text": "Drop-in"}}}}
    assert profile.text(record, "name", "en").text == "Drop-in"
    assert profile.text({"name": "Halte", "texts_in": "fr"}, "name", "en") == profile.Text(
        "Halte", "fr", None
    )


def test_every_term_has_both_languages_and_is_a_valid_record():
    for kind, given in profile.as_records():
        assert refused(kind, given)[1] == []
    assert all(term.name_fr and term.name_en for group in profile.TERMS.values() for term in group.values())


# What is withheld


@pytest.mark.parametrize("said", [True, "true", "oui", "yes", 1, "peut-être", [1], "False "])
def test_any_word_but_a_plain_no_withholds(said):
    assert is_withheld({"address_withheld": said}) is (str(said).strip().lower() != "false")


def test_a_repeated_address_is_cut_from_texts_however_it_is_written():
    curtain = Curtain()
    curtain.hide_location({"id": ID, "latitude": 45.51234, "longitude": -73.5})
    curtain.hide_address({"id": OTHER, "address_1": "17 Rue Imaginaire-Secrète", "postal_code": "H0H 9Z9"})
    given = {"id": ID, "name": "a", "notes": ["at 17, rue imaginaire secrète", "H0H9Z9", {"p": "45.51234"}]}
    shown = json.dumps(curtain.public("service", given), ensure_ascii=False).lower()
    assert not [secret for secret in ("imaginaire", "h0h", "45.51") if secret in shown]


HIDDEN = {"id": OTHER, "address_1": "4417, chemin du Vieux-Moulin-Secret", "address_2": "Appartement 903"}


@pytest.mark.parametrize(
    "words",
    [
        *(
            "4417 ch. du Vieux-Moulin-Secret",
            "4417 CHEMIN DU VIEUX MOULIN SECRET",
            "4417 de la Vieux Moulin Secret",
        ),
        *(
            "4417, vieux-moulin-se\u0301cret",
            "4417 Chemin Vieux Moulin Sécret",
            "app. 903",
            "Apt 903",
            "Unité 903",
        ),
    ],
)
def test_an_address_that_is_shortened_is_cut_too(words):
    curtain = Curtain()
    curtain.hide_location({"id": ID})
    curtain.hide_address(HIDDEN)
    given = {"id": ID, "notes": f"Ring at {words}."}
    assert curtain.public("service", given) == {"id": ID, "notes": "Ring at […]."}


@pytest.mark.parametrize(
    ("street", "words"),
    [
        ("4417, chemin du Vieux-Moulin-Secret", "le chemin du Vieux-Moulin-Secret"),
        ("4417, chemin du Vieux-Moulin-Secret", "le ch. du vieux moulin secret"),
        ("4417, chemin du Vieux-Moulin-Secret", "le Vieux Moulin Secret Road"),
        ("12 Church Street", "le Church St"),
        ("12 Church Street", "le rue Church"),
        ("12B rue d’Iberville Est", "le boulevard d'Iberville"),
        ("Rue de l'Étang-Noir 12", "le rue de l’etang noir"),
        ("Rue de l'Étang-Noir 12", "le 12, rue de l'Étang-Noir"),
        ("12 5th Avenue", "le 5th ave"),
    ],
)
def test_the_street_of_a_withheld_place_is_cut_where_a_text_calls_it_a_street(street, words):
    curtain = Curtain()
    curtain.hide_location({"id": ID})
    curtain.hide_address({"id": OTHER, "address_1": street})
    assert curtain.public("service", {"id": ID, "notes": f"C'est {words}, au fond."}) == {
        "id": ID,
        "notes": "C'est le […], au fond.",
    }


@pytest.mark.parametrize(
    ("street", "words"),
    [
        ("12 Church Street", "Meals in the church on Sunday; St. Church's day"),
        ("12 Hope Road", "There is hope. Road works until May"),
        ("12 A Street", "A street team, a road map"),
        ("12, rue Principale", "La porte principale; on marche dans la rue"),
    ],
)
def test_ordinary_words_that_a_street_is_called_by_stay(street, words):
    curtain = Curtain()
    curtain.hide_location({"id": ID})
    curtain.hide_address({"id": OTHER, "address_1": street})
    assert curtain.public("service", {"id": ID, "notes": words}) == {"id": ID, "notes": words}


def test_what_lies_in_a_withheld_place_does_not_name_the_street():
    curtain = Curtain()
    curtain.hide_location({"id": ID})
    curtain.hide_address(HIDDEN)
    said = {"id": OTHER, "description": "A ramp on Vieux-Moulin-Secret, with 4417 and 903 other words"}
    ramp = curtain.public("accessibility", {**said, "location_id": ID})
    assert ramp
    assert ramp["description"] == "A ramp on […], with 4417 and 903 other words"
    assert curtain.public("service", said) == said
