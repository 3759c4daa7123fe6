"""Lines of JSON, one row each, read so that a bad one costs nothing but itself. Pure but for the file."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from community.core import clock
from community.forum.importing.escaping import has_unwanted, tidy
from community.forum.importing.report import Report

LONGEST_LINE = 4_000_000  # bytes
_EARLIEST = datetime(1985, 1, 1, tzinfo=UTC)  # before that nobody wrote on a forum


class BadRow(ValueError):
    """A row that cannot be kept; ``args[0]`` says why, for the operator."""


@dataclass(frozen=True)
class Row:
    """One object of a file, and where it stands."""

    file: str
    line: int
    values: dict[str, Any]

    def text(self, name: str, *, needed: bool = True) -> str:
        """The text under that name, fit to be stored. :raises BadRow: absent, empty or no text."""
        value = self.values.get(name)
        if not self.has(name):
            if needed:
                raise BadRow(f"{name} is missing")
            return ""
        if not isinstance(value, str):
            raise BadRow(f"{name} is not a text")
        found = tidy(value)
        if needed and not found.strip():
            raise BadRow(f"{name} is empty")
        return found

    def unwanted(self) -> list[str]:
        """The names of texts that hold characters no database takes (NUL, halves of pairs)."""
        return [name for name, value in self.values.items() if isinstance(value, str) and has_unwanted(value)]

    def key(self, name: str, *, needed: bool = True) -> str:
        """A number or a short text that names a row. :raises BadRow: absent or neither."""
        value = self.values.get(name)
        if not self.has(name):
            if needed:
                raise BadRow(f"{name} is missing")
            return ""
        if isinstance(value, bool) or not isinstance(value, int | str):
            raise BadRow(f"{name} is neither a number nor a text")
        found = tidy(str(value)).strip()
        if not found or len(found) > 200:
            raise BadRow(f"{name} is empty or longer than 200 characters")
        return found

    def has(self, name: str) -> bool:
        """Whether something stands under that name."""
        return self.values.get(name) not in (None, "")

    def moment(self, name: str) -> datetime:
        """A date with its time; without a zone it is UTC. :raises BadRow: absent or absurd."""
        if not self.has(name):
            raise BadRow(f"{name} is missing")
        value = self.values[name]
        try:
            read = datetime.fromisoformat(value)
            found = read.replace(tzinfo=UTC) if read.tzinfo is None else read.astimezone(UTC)
        except (TypeError, ValueError, OverflowError):
            raise BadRow(f"{name} is not a date: {_short(value)}") from None
        if not _EARLIEST <= found <= clock.now() + timedelta(days=1):
            raise BadRow(f"{name} cannot be right: {_short(value)}")
        return found


def _short(value: object) -> str:
    return tidy(str(value))[:40]


def read_rows(path: Path, report: Report) -> Iterator[Row]:
    """The rows of a file in order; lines that are none are reported and passed over."""
    if not path.exists():
        report.notice(path.name, 0, "is not there")
        return
    with path.open("rb") as lines:
        number = 0
        while line := lines.readline(LONGEST_LINE + 1):
            number += 1
            if len(line) > LONGEST_LINE:
                report.refuse(path.name, number, f"longer than {LONGEST_LINE:,} bytes")
                _skip_line(lines, line)
            elif line.strip(b" \t\r\n\xef\xbb\xbf"):
                try:
                    row = Row(path.name, number, _object(line))
                except BadRow as bad:
                    report.refuse(path.name, number, str(bad))
                    continue
                for name in row.unwanted():
                    report.notice(path.name, number, f"{name}: characters that cannot be stored left out")
                yield row


def _skip_line(lines: Any, line: bytes) -> None:
    while line and not line.endswith(b"\n"):
        line = lines.readline(LONGEST_LINE)


def _object(line: bytes) -> dict[str, Any]:
    try:
        found = json.loads(line.decode("utf-8-sig"))
    except UnicodeDecodeError:
        raise BadRow("not UTF-8") from None
    except json.JSONDecodeError as problem:
        raise BadRow(f"not JSON: {problem.msg} at character {problem.colno}") from None
    except (ValueError, RecursionError):
        raise BadRow("not JSON that can be read") from None
    if not isinstance(found, dict):
        raise BadRow("not an object")
    return found
