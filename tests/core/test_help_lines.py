"""Help lines: what each place shows, and that no record stands without a source."""

import re
from datetime import date

import pytest

from community.core.help_lines import KINDS, HelpLine, first_lines, lines_for
from community.core.regions import REGIONS, provinces

BEFORE_WIDE_MARKS = re.compile(r"(?<!\u00a0)[:»%]|«(?!\u00a0)|(?<!\u202f)[;!?]")


def ids(region: str) -> list[str]:
    return [line.id for line in lines_for(region)]


@pytest.mark.parametrize("line", first_lines(), ids=lambda line: line.id)
def test_a_record_says_where_it_was_read_and_that_nobody_called(line: HelpLine) -> None:
    assert len(line.source) > 10
    assert line.checked == date(2026, 11, 21)
    assert line.status == "from source, not called"
    assert line.source_date is None or line.source_date < line.checked
    assert line.kind in KINDS
    assert line.regions - {"*"} <= set(REGIONS)
    assert line.but <= set(REGIONS)


@pytest.mark.parametrize("line", first_lines(), ids=lambda line: line.id)
def test_the_number_shown_is_the_number_dialled(line: HelpLine) -> None:
    assert re.fullmatch(r"|\d{3}|\+1\d{10}", line.tel)
    for shown in (line.shown_en, line.shown_fr):
        assert re.sub(r"\D", "", shown) == line.tel.removeprefix("+")


@pytest.mark.parametrize("line", first_lines(), ids=lambda line: line.id)
def test_both_languages_are_written_with_their_typography(line: HelpLine) -> None:
    assert all((line.name_en, line.name_fr, line.says_en, line.says_fr))
    french = line.name_fr + " " + line.says_fr
    assert "'" not in french
    assert not BEFORE_WIDE_MARKS.search(french), french


def test_no_id_is_used_twice() -> None:
    found = [line.id for line in first_lines()]
    assert len(found) == len(set(found))


@pytest.mark.parametrize("place", [*(p.code for p in provinces()), "qc-06", ""])
def test_emergencies_and_thoughts_of_suicide_have_a_line_everywhere(place: str) -> None:
    kinds = [line.kind for line in lines_for(place)]
    assert kinds[0] == "emergency"
    assert "suicide" in kinds


def test_nunavut_is_told_that_it_has_no_911() -> None:
    assert "911" not in ids("nu")
    (line,) = [line for line in lines_for("nu") if line.kind == "emergency"]
    assert line.tel == ""
    assert "911" in line.says_en


def test_a_quebec_region_shows_the_lines_of_quebec() -> None:
    assert {"811-qc", "drugs-qc", "poison-qc"} <= set(ids("qc-06"))
    assert "poison-ca" not in ids("qc-06")
    assert "811-on" not in ids("qc-06")


def test_nunavik_has_the_line_in_inuktitut_besides_those_of_quebec() -> None:
    assert {"crisis-nu", "811-qc"} <= set(ids("qc-17"))
    assert "crisis-nu" not in ids("qc-06")


@pytest.mark.parametrize("place", ["", "xx", "on'; --", "\x00"])
def test_an_unknown_place_shows_what_answers_everywhere(place: str) -> None:
    assert ids(place) == ["911", "nors", "988", "poison-ca", "hope", "youth"]
