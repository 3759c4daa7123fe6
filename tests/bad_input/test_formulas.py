"""No cell that the site writes is worked out by a program that opens it, and each comes back as it was."""

from __future__ import annotations

import csv
import io

from community.core import spreadsheets
from tests.bad_input import lists

STARTS = tuple("=+-@\t\r\n\uff1d\uff0b\uff0d\uff20\ufe62\ufe66\u207c")
# What spreadsheets pass over before they look whether a cell is to be worked out.
PASSED_OVER = "\"' \u00a0\u2003\u200b\u200e\ufeff\u2060\0\x01\x0b"


def test_every_cell_of_the_list_is_text_and_comes_back():
    said = [words for name in ("formulas", "markup", "injection", "file_names") for words in lists.read(name)]
    rows = [{"words": words, "number": -place, "=name": place} for place, words in enumerate(said)]
    made = spreadsheets.written(rows)
    assert made.startswith(b"\xef\xbb\xbf")
    cells = list(csv.reader(io.StringIO(made.decode("utf-8-sig"), newline="")))
    assert len(cells) == len(said) + 1
    for words, number, _ in cells[1:]:
        assert words.startswith("'") or not words.strip(PASSED_OVER).startswith(STARTS), words
        assert number == "0" or number.startswith("-"), "numbers stay numbers"
    assert [row["words"] for row in spreadsheets.read(made)] == said
    assert list(spreadsheets.read(made)[0]) == ["words", "number", "=name"]
