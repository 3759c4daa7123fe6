"""The help lines a new site starts with: no record without a source, and one for each danger and place."""

import re
import tomllib
from datetime import date
from importlib import resources
from typing import Any

import pytest

from community.core.help import EVERYWHERE
from community.core.regions import REGIONS, provinces, with_ancestors

LINES: list[dict[str, Any]] = tomllib.loads(
    resources.files("community.core").joinpath("data/help_lines.toml").read_text("utf-8")
)["line"]
KINDS = {"emergency", "overdose", "suicide", "health", "drugs", "treatment", "poison", "crisis"}
WRONG_FRENCH = re.compile(r"'|(?<!\u00a0)[:»%]|«(?!\u00a0)|(?<!\u202f)[;!?]")

each_line = pytest.mark.parametrize("line", LINES, ids=[line["id"] for line in LINES])


def ids(region: str) -> set[str]:
    places = {*with_ancestors(region), EVERYWHERE}
    return {
        line["id"]
        for line in LINES
        if places & set(line["regions"]) and not places & set(line.get("but", ()))
    }


@each_line
def test_a_record_says_where_it_was_read_and_that_nobody_called(line: dict[str, Any]) -> None:
    assert len(line["source"]) > 10
    assert line["checked"] == date(2026, 11, 21)
    assert line["status"] == "from source, not called"
    assert line.get("source_date", date.min) < line["checked"]


@each_line
def test_a_record_names_a_known_kind_and_known_places(line: dict[str, Any]) -> None:
    assert line["kind"] in KINDS
    assert set(line["regions"]) - {EVERYWHERE} <= set(REGIONS)
    assert set(line.get("but", ())) <= set(REGIONS)


@each_line
def test_the_number_shown_is_the_number_dialled(line: dict[str, Any]) -> None:
    assert re.fullmatch(r"|\d{3}|\+1\d{10}", line["tel"])
    for shown in (line["shown_en"], line["shown_fr"]):
        assert re.sub(r"\D", "", shown) == line["tel"].removeprefix("+")


@each_line
def test_both_languages_are_there_with_their_typography(line: dict[str, Any]) -> None:
    assert all(line[field] for field in ("name_en", "name_fr", "says_en", "says_fr"))
    assert not WRONG_FRENCH.search(line["name_fr"] + " " + line["says_fr"])


def test_no_id_is_used_twice() -> None:
    assert len({line["id"] for line in LINES}) == len(LINES)


@pytest.mark.parametrize("where", [*(place.code for place in provinces()), "qc-06", "", "xx"])
def test_emergencies_and_thoughts_of_suicide_have_a_line_everywhere(where: str) -> None:
    kinds = {line["kind"] for line in LINES if line["id"] in ids(where)}
    assert {"emergency", "suicide"} <= kinds


def test_nunavut_is_told_that_it_has_no_911() -> None:
    assert "911" not in ids("nu")
    (line,) = [line for line in LINES if line["id"] == "emergency-nu"]
    assert line["tel"] == ""
    assert "911" in line["says_en"]


def test_a_quebec_region_shows_the_lines_of_quebec() -> None:
    assert {"811-qc", "drugs-qc", "poison-qc"} <= ids("qc-06")
    assert not {"poison-ca", "811-on"} & ids("qc-06")


def test_nunavik_has_the_line_in_inuktitut_besides_those_of_quebec() -> None:
    assert {"crisis-nu", "811-qc"} <= ids("qc-17")
    assert "crisis-nu" not in ids("qc-06")
