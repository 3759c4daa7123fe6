"""Reads ``table.txt``: who gets what at each address, as a person wrote it down."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from tests import cast

TABLE = Path(__file__).with_name("table.txt")
# "done": it was taken, with an answer or a way back into the site. "sign-in": asked to sign in first.
WORDS = frozenset({"done", "sign-in", "again"})


@dataclass(frozen=True)
class Row:
    """One line: what is asked of which thing, and the answer for each of the cast."""

    line: int
    method: str
    endpoint: str
    thing: str
    answers: dict[str, str]

    def __str__(self) -> str:
        return f"{self.method} {self.endpoint} {self.thing}".strip()


def read(text: str | None = None) -> list[Row]:
    """Every line of the table. :raises ValueError: a line cannot be read, or is there twice."""
    named: dict[str, str] = {}
    found: list[Row] = []
    for number, line in enumerate((text or TABLE.read_text("utf-8")).splitlines(), 1):
        if not line.strip() or line.startswith("#"):
            continue
        parts = [part.strip() for part in line.split("|")]
        if line.startswith("="):
            named[parts[0].removeprefix("=").strip()] = parts[1]
        elif len(parts) == 3:
            found.append(_row(number, parts, named))
        else:
            raise ValueError(f"line {number} has {len(parts)} parts: {line}")
    _refuse_twice(found)
    return found


def _row(number: int, parts: list[str], named: dict[str, str]) -> Row:
    method, endpoint = parts[0].split()
    return Row(number, method, endpoint, parts[1], _answers(number, named.get(parts[2], parts[2])))


def _answers(number: int, written: str) -> dict[str, str]:
    answers = written.split()
    if len(answers) != len(cast.NAMES):
        raise ValueError(f"line {number} has {len(answers)} answers for {len(cast.NAMES)} people: {written}")
    if wrong := [word for word in answers if not word.isdigit() and word not in WORDS]:
        raise ValueError(f"line {number}: {wrong[0]} is no answer")
    return dict(zip(cast.NAMES, answers, strict=True))


def _refuse_twice(rows: list[Row]) -> None:
    seen: dict[str, int] = {}
    for row in rows:
        if str(row) in seen:
            raise ValueError(f"lines {seen[str(row)]} and {row.line} are about the same: {row}")
        seen[str(row)] = row.line
