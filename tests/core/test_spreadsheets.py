"""Cells that a spreadsheet would compute, and the way back."""

from __future__ import annotations

import csv
import io

import pytest

from community.core import spreadsheets

COMPUTED = (
    *("=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", " =1", '"=1', "'=1", "\u200b=1", "\ufeff=1"),
    *("\u00a0=1", "＝1", "＋1", "－1", "＠A1", "﹦1", "\x00=1", "\x7f@x", "“=1", "\u202e=1", "«\u00a0=1"),
    *("\u22121+1", "\u0338=1"),
    *('=HYPERLINK("http://example.org","x")', "=cmd|' /C calc'!A0", "-2+3+cmd|' /C calc'!A0"),
)
PLAIN = ("", "a=b", "1-2", "someone@example.org", "Élodie", "“quoted”", "3,5", 'say "yes"', "a\r\nb", "5 > 4")


@pytest.mark.parametrize("text", COMPUTED)
def test_a_text_that_would_be_computed_is_given_an_apostrophe(text):
    assert spreadsheets.harmless(text) == "'" + text


@pytest.mark.parametrize("text", PLAIN)
def test_any_other_text_stays_as_it_was(text):
    assert spreadsheets.harmless(text) == text


def test_numbers_stay_numbers_and_nothing_stays_empty():
    assert [spreadsheets.harmless(value) for value in (-3, 2.5, None, True)] == ["-3", "2.5", "", "true"]


def test_what_was_written_comes_back_as_it_was():
    texts = [*COMPUTED, *PLAIN, "'", "''=1", "it's"]
    rows = [{"=name": text, "other": str(place)} for place, text in enumerate(texts)]
    assert spreadsheets.read(spreadsheets.written(rows)) == rows


def test_the_file_has_a_byte_order_mark_and_lines_as_the_standard_says():
    content = spreadsheets.written([{"a": 'x,"y"', "b": "two\nlines"}, {"b": "z"}])
    assert content == b'\xef\xbb\xbfa,b\r\n"x,""y""","two\nlines"\r\n,z\r\n'
    cells = [cell for row in csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")) for cell in row]
    assert not any(cell.lstrip()[:1] in set("=+-@") for cell in cells if cell)


def test_no_rows_give_an_empty_table():
    assert spreadsheets.read(spreadsheets.written([])) == []
