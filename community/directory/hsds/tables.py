"""CSV files of HSDS: a folder or a zip archive, one file a table. Pure.

What a spreadsheet does to such a file is told and seen to: a byte order mark, semicolons, another encoding.
"""

from __future__ import annotations

import codecs
import csv
import io
import json
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path, PurePosixPath
from typing import IO, Any

from community.core.spreadsheets import harmless
from community.directory.hsds import checks
from community.directory.hsds.fields import kind_of_stem, tables
from community.directory.hsds.rows import Broken, Report, Row
from community.directory.hsds.shapes import edges_of

MOST_FILES = 200
MOST_UNPACKED = 4 << 30  # bytes of all files of an archive
MOST_TIMES = 120  # as large as packed; text of a directory comes to about 20
LONGEST_LINE = 1 << 22  # characters
_SMALL = 1 << 24
_DELIMITERS = ",;\t|"
_MARKS = {
    "utf-32": (codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE),
    "utf-16": (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE),
}
_CALLED = {
    "cp1252": "Latin-1 (Windows)",
    "latin-1": "Latin-1 (Windows)",
    "utf-16": "UTF-16",
    "utf-32": "UTF-32",
}

csv.field_size_limit(1 << 20)


@dataclass(frozen=True)
class Sheet:
    """One CSV file of a set: its name, and how to read it from the beginning."""

    stem: str
    name: str
    open: Callable[[], IO[bytes]]


@contextmanager
def sheets(path: Path) -> Iterator[list[Sheet]]:
    """The CSV files of a folder or an archive. :raises Broken: it is no such thing, or a trap."""
    if path.is_dir():
        found = sorted(path.glob("*.csv"))
        yield [Sheet(file.stem.lower(), file.name, lambda file=file: file.open("rb")) for file in found]  # type: ignore[misc]
        return
    if path.suffix.lower() == ".csv":
        yield [Sheet(path.stem.lower(), path.name, lambda: path.open("rb"))]
        return
    try:
        archive = zipfile.ZipFile(path)
    except (zipfile.BadZipFile, OSError) as problem:
        raise Broken(f"{path.name} is no archive that can be read: {problem}") from None
    with archive:
        yield [_in_archive(archive, entry) for entry in _entries(archive)]


def _entries(archive: zipfile.ZipFile) -> list[zipfile.ZipInfo]:
    """The CSV files of an archive, by what it says of itself; what is read is measured again."""
    entries = [one for one in archive.infolist() if one.filename.lower().endswith(".csv")]
    unpacked = sum(one.file_size for one in entries)
    packed = max(sum(one.compress_size for one in entries), 1)
    if len(archive.infolist()) > MOST_FILES:
        raise Broken(f"the archive holds more than {MOST_FILES} files")
    if unpacked > MOST_UNPACKED or (unpacked > _SMALL and unpacked > packed * MOST_TIMES):
        raise Broken(f"the archive would unpack to {unpacked} bytes: it is refused")
    if any(one.flag_bits & 1 for one in entries):
        raise Broken("the archive asks for a password")
    return entries


def _in_archive(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> Sheet:
    name = PurePosixPath(entry.filename.replace("\\", "/")).name
    return Sheet(name.lower().removesuffix(".csv"), name, lambda: archive.open(entry))


@dataclass(frozen=True)
class Line:
    """One line of a sheet: its number, and its cells by column."""

    number: int
    cells: dict[str, str]


def lines_of(sheet: Sheet, report: Report) -> Iterator[Line]:
    """The lines of a sheet. :raises Broken: it is no table."""
    encoding = _encoding(sheet)
    if encoding != "utf-8-sig":
        report.fact(sheet.stem, f"not UTF-8: read as {_CALLED[encoding]}", sheet.name)
    with io.TextIOWrapper(sheet.open(), encoding=encoding, newline="") as file:
        header = _bounded(file.readline(LONGEST_LINE + 1))
        if not header.strip():
            raise Broken(f"{sheet.name} is empty")
        delimiter = max(_DELIMITERS, key=header.count)
        if delimiter != ",":
            report.fact(sheet.stem, f"columns apart by {delimiter!r} instead of a comma", sheet.name)
        columns = _columns(header, delimiter)
        yield from _cells(sheet, csv.reader(_lines(file), delimiter=delimiter), columns, report)


def _lines(file: IO[str]) -> Iterator[str]:
    while line := file.readline(LONGEST_LINE + 1):
        yield _bounded(line)


def _bounded(line: str) -> str:
    """A line that fits in memory: a file without line ends is no table."""
    if len(line) > LONGEST_LINE:
        raise Broken(f"a line is longer than {LONGEST_LINE} characters")
    return line


def _columns(header: str, delimiter: str) -> list[str]:
    columns = [name.strip().removeprefix("'") for name in next(csv.reader([header], delimiter=delimiter), [])]
    if len(set(columns)) < len(columns):
        raise Broken("two columns have one name")
    return columns


def _cells(sheet: Sheet, reader: Any, columns: list[str], report: Report) -> Iterator[Line]:
    try:
        for cells in reader:
            number = reader.line_num + 1
            if not any(cells):
                continue
            report.count(sheet.stem, "read")
            if len(cells) != len(columns):
                said = f"has {len(cells)} cells instead of {len(columns)}"
                report.refuse(sheet.stem, f"{sheet.name}:{number}", "", said)
                continue
            yield Line(number, dict(zip(columns, cells, strict=True)))
    except csv.Error as problem:
        report.refuse(
            sheet.stem, f"{sheet.name}:{reader.line_num + 1}", "", f"{problem}: nothing after it is read"
        )


def _encoding(sheet: Sheet) -> str:
    """How its text is written: as its first bytes say, or UTF-8, else an older one."""
    with sheet.open() as file:
        start = file.read(4)
    marked = next((name for name, marks in _MARKS.items() if start.startswith(marks)), "")
    if (marked and not _is(sheet, marked)) or (not marked and b"\0" in start):
        raise Broken(f"{sheet.name} cannot be read as text: save it as UTF-8")
    if marked:
        return marked
    return "utf-8-sig" if _is(sheet, "utf-8") else "cp1252" if _is_windows(sheet) else "latin-1"


def _is(sheet: Sheet, encoding: str) -> bool:
    """Whether all of it can be read so. :raises Broken: it is too large, or packed wrongly."""
    decoder = codecs.getincrementaldecoder(encoding)()
    read = 0
    with sheet.open() as file:
        try:
            while piece := file.read(1 << 20):
                read += len(piece)
                if read > MOST_UNPACKED:
                    raise Broken(f"{sheet.name} is larger than {MOST_UNPACKED} bytes")
                decoder.decode(piece)
            decoder.decode(b"", final=True)
        except UnicodeDecodeError:
            return False
        except (zipfile.BadZipFile, EOFError) as problem:
            raise Broken(f"{sheet.name} cannot be unpacked: {problem}") from None
    return True


def _is_windows(sheet: Sheet) -> bool:
    with sheet.open() as file:
        return not any(byte in {0x81, 0x8D, 0x8F, 0x90, 0x9D} for byte in file.read(1 << 20))


def rows(sheet: Sheet, report: Report) -> Iterator[Row]:
    """The rows of one table of HSDS 3.0. Tables that are not of HSDS are named in the report."""
    kind = kind_of_stem().get(sheet.stem)
    if kind is None:
        report.warnings.append(f"{sheet.name}: no table of HSDS 3.0, not read")
        return
    lines = lines_of(sheet, report)
    stem = tables()[kind].stem
    for line in lines:
        if missing := [name for name in tables()[kind].required if name not in line.cells]:
            report.refuse(
                stem, sheet.name, missing[0], "there is no such column: nothing of the table is read"
            )
            return
        row = _row(kind, line, f"{sheet.name}:{line.number}", report)
        if row is not None:
            yield row


def _row(kind: str, line: Line, where: str, report: Report) -> Row | None:
    stem = tables()[kind].stem
    data = {
        name: value for name, cell in line.cells.items() if (value := value_of(kind, name, cell)) is not None
    }
    unsaid = [name for name in may_be_empty(kind) if name not in data and name in line.cells]
    data |= dict.fromkeys(unsaid, "")
    found = [*checks.faults(kind, data)]
    for column, reason in found[:1]:
        report.refuse(stem, where, column, reason)
    if found:
        return None
    for said in [f"no {name}: left empty" for name in unsaid] + _said(kind, data):
        report.fact(stem, said, where)
    data["id"] = data["id"].lower()
    row = Row(kind, data["id"], data, where)
    row.edges = edges_of(row, line.number)
    return row


@cache
def may_be_empty(kind: str) -> tuple[str, ...]:
    """The fields of a kind that must be there and may say nothing: a cell has no other way to write "",
    as HSDS has it of a country nobody wrote down. Nothing is without a name."""
    table = tables()[kind]
    texts = [name for name in table.required if table.fields[name].form == "text"]
    return tuple(name for name in texts if name != "name" and not table.fields[name].choices)


def _said(kind: str, data: dict[str, Any]) -> list[str]:
    said = checks.oddities(kind, data)
    if any(isinstance(value, str) and value != value.strip() for value in data.values()):
        said.append("blanks before or after a text")
    if any(isinstance(value, str) and value.startswith(("=", "@")) for value in data.values()):
        said.append("a text that a spreadsheet would compute, kept as text")
    return said


def value_of(kind: str, name: str, cell: str) -> Any:
    """The value of a cell; None when it is empty. What is no number where one belongs stays text."""
    text = plain(cell)
    if not text.strip():
        return None
    known = tables()[kind].fields.get(name)
    if known is None:
        return _strange(text)
    if known.form == "text":
        return text
    return number_of(text.strip()) if known.form == "number" else text.strip()


def plain(cell: str) -> str:
    """A cell as it was before it was made harmless for spreadsheets."""
    return cell[1:] if cell.startswith("'") and harmless(cell[1:]) == cell else cell


def number_of(text: str) -> Any:
    """The number that a text is, or the text."""
    try:
        return int(text) if len(text) < 300 else text
    except ValueError:
        pass
    try:
        return float(text)
    except ValueError:
        return text


def cell_of(kind: str, name: str, value: Any) -> str:
    """A value as the text of a cell, from which :func:`value_of` makes it again: a text that would be taken
    for something else stands in quotation marks, as in JSON."""
    cell = harmless(value)
    if isinstance(value, str) and name not in tables()[kind].fields and value_of(kind, name, cell) != value:
        return harmless(json.dumps(value, ensure_ascii=False))
    return cell


def _strange(text: str) -> Any:
    """The value of a field that HSDS does not know: what is written as JSON writes it, else the text."""
    if text[0] in "[{":
        return _json(text)
    if not (text[0] in '-"0123456789' or text in {"true", "false"}):
        return text
    value = _json(text)
    return value if json.dumps(value, ensure_ascii=False) == text and not _is_endless(value) else text


def _is_endless(value: Any) -> bool:
    return isinstance(value, float) and not checks.is_number(value)


def _json(text: str) -> Any:
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return text
