"""What the tables of security name is there: every test by its name, every requirement by its number."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

import pytest

from ground.console import ROOT

FOLDER = ROOT / "docs" / "security"
CASES, ASVS = FOLDER / "cases.md", FOLDER / "asvs.md"
# The requirements of levels 1 and 2 of ASVS 5.0.0 that can be tested from outside.
IDS = """
1.1.1-2 1.2.1-5 1.2.9 1.3.1 1.3.3-7 1.3.10-11 1.5.1-2 2.2.1-3 2.3.1-4 2.4.1
3.2.1-2 3.3.1-4 3.4.1-6 3.5.1-3 3.7.2 4.1.1-3 4.2.1 4.4.1-4 5.2.1-3 5.3.1-2 5.4.1-2
6.2.1-12 6.3.1-4 6.4.1-3 6.5.1 6.5.4-5 6.6.2-3 6.8.1-2 6.8.4
7.2.1-4 7.3.1-2 7.4.1-5 7.5.1-2 7.6.1-2 8.2.1-3 8.3.1 8.4.1 9.1.1-3 9.2.1-4
10.1.2 10.2.1-2 10.5.1-5 11.4.2 11.5.1 12.2.1 13.2.4-5 13.4.1-5 14.2.1 14.2.3 14.3.1-3
15.1.2 15.2.1-2 15.3.1-5 15.3.7 16.2.1-2 16.2.5 16.3.1-4 16.4.1 16.5.1-3
"""
# The cases of the threat model that the product has an answer to by now.
NUMBERS = frozenset({*range(1, 7), 8, *range(10, 24), 24, 25, 26, 27, 28, 29, 30})
_ROW = re.compile(r"^\| ([\w.]+) \| (.+?) \| (.+) \|$", re.MULTILINE)
_NAMED = re.compile(r"^(?P<place>[\w/]+): (?P<names>[\w, ]+)$")


def rows(table: Path) -> list[tuple[str, str, str]]:
    """The rows of a table: number, what must hold, and what shows it."""
    found = _ROW.findall(table.read_text("utf-8"))
    return [row for row in found if row[0] not in {"case", "id"}]


def named(cell: str) -> list[tuple[str, str]]:
    """The tests that a cell names: where, and the name without "test_"; words and addresses are neither."""
    found = []
    for part in cell.split("; "):
        held = _NAMED.match(part)
        if held and (held["place"].startswith("tests/") or "/" in held["place"] or "test_" in held["place"]):
            found += [(held["place"], name) for name in held["names"].split(", ")]
    return found


@cache
def names_in(place: str) -> frozenset[str]:
    """The names of the tests of a file or a folder; of one of accounts where no folder stands before it."""
    path = ROOT / (place if place.startswith("tests/") else f"tests/accounts/{place}")
    files = path.rglob("test_*.py") if path.is_dir() else [path.with_suffix(".py")]
    words = "\n".join(file.read_text("utf-8") for file in files)
    return frozenset(re.findall(r"def test_(\w+)\(", words))


def ids() -> list[str]:
    """Every number, ranges written out."""
    found = []
    for word in IDS.split():
        start, _, last = word.partition("-")
        family, first = start.rsplit(".", 1)
        found += [f"{family}.{number}" for number in range(int(first), int(last or first) + 1)]
    return found


@pytest.mark.parametrize("table", [CASES, ASVS], ids=["cases", "asvs"])
def test_every_test_that_is_named_is_there(table):
    missing = []
    for number, _, cell in rows(table):
        for place, name in named(cell):
            there = names_in(place)
            if name != "all" and name not in there:
                missing.append(f"{number}: {place}: {name}")
            if not there:
                missing.append(f"{number}: {place} holds no test")
    assert not missing


def test_every_requirement_has_its_row_once():
    listed = [number for number, _, _ in rows(ASVS)]
    assert len(ids()) == 154
    assert listed == ids()


def test_every_requirement_has_a_test_or_a_reason():
    for number, _, cell in rows(ASVS):
        assert named(cell) or cell.startswith(("Not met: ", "Does not apply: ", "By hand: ")), number


def test_every_case_has_a_row():
    numbers = {int(found[0]) for case, _, _ in rows(CASES) if (found := re.match(r"\d+", case))}
    assert not NUMBERS - numbers
