"""Any file of HSDS 3.0, one row at a time, whatever its shape. Pure."""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any

from community.directory.hsds import checks, fields, newer, older, streams, tables
from community.directory.hsds.fields import kind_of_stem
from community.directory.hsds.rows import Broken, Report, Row
from community.directory.hsds.shapes import kind_of, rows_of

JSON = frozenset({".json", ".jsonl", ".ndjson"})


def rows(path: Path, report: Report, source: str = "") -> Iterator[Row]:
    """The rows of a JSON file, a folder or archive of CSV tables (of HSDS 1.1 too), or one table.

    :param source: what the source is called; ids that are no UUIDs are made of it.

    :raises Broken: it cannot be read (on); what was given before may be kept.
    """
    number = 0
    for number, row in enumerate(_rows(path, report, source), 1):  # noqa: B007 - the last one tells
        yield row
    if not (number or report.refused or report.warnings):
        report.fact(path.stem, "there is no record in it", path.name)


def _rows(path: Path, report: Report, source: str) -> Iterator[Row]:
    if path.suffix.lower() in JSON:
        with path.open(encoding="utf-8-sig", errors="strict") as file:
            try:
                yield from _objects(path, file, report)
            except UnicodeDecodeError:
                raise Broken(f"{path.name} is not UTF-8, as JSON must be") from None
        return
    with tables.sheets(path) as sheets:
        if not sheets:
            raise Broken(f"there is no CSV table in {path.name}")
        if older.is_older(sheets):
            yield from older.Set(source or path.stem, report).rows(sheets)
            return
        added = newer.Additions.of(sheets, report)
        for sheet in sheets:
            if not newer.is_newer(sheet):
                yield from _table(sheet, added, report)
        yield from added.rest()


def _table(sheet: tables.Sheet, added: newer.Additions, report: Report) -> Iterator[Row]:
    try:
        for row in tables.rows(sheet, report):
            yield added.put_into(row)
    except Broken as problem:  # the other tables of the set are read all the same
        report.warnings.append(f"{sheet.name}: {problem}")


def _objects(path: Path, file: IO[str], report: Report) -> Iterator[Row]:
    if path.suffix.lower() != ".json":
        yield from _lines(path, file, report)
        return
    text = streams.Text(file)
    first = text.peek()
    if not first:
        raise Broken(f"{path.name} is empty")
    if first == "[":
        yield from _list(streams.items(text), path.stem, "", report)
    elif first == "{":
        yield from _members(text, path.stem, report)
    else:
        raise Broken(f"{path.name} is neither a list nor an object")
    if text.peek():
        raise Broken(f"{path.name} goes on after its end")


def _lines(path: Path, file: IO[str], report: Report) -> Iterator[Row]:
    number = 0
    for number, line in streams.lines(file):
        yield from _line(path, number, line, report)
    if not number:
        raise Broken(f"{path.name} is empty")


def _line(path: Path, number: int, line: str | streams.Unheld, report: Report) -> Iterator[Row]:
    try:
        if isinstance(line, streams.Unheld):
            raise line
        given = streams.parsed(line)
    except Broken as problem:
        report.refuse(path.stem, f"{path.name}:{number}", "", str(problem))
        return
    yield from _one(given, path.stem, f"/{number - 1}", report)


def _list(given: Iterator[Any], named: str, where: str, report: Report) -> Iterator[Row]:
    for number, one in enumerate(given):
        if isinstance(one, streams.Unheld):
            report.refuse(named, f"{where}/{number}", "", str(one))
        else:
            yield from _one(one, named, f"{where}/{number}", report)


def _one(given: Any, named: str, where: str, report: Report) -> Iterator[Row]:
    kind = kind_of(given, named) if isinstance(given, dict) else None
    if kind is None:
        report.refuse(named, where, "", "is no object of HSDS")
        return
    yield from rows_of(kind, given, where, report)


def _members(text: streams.Text, named: str, report: Report) -> Iterator[Row]:
    """An object: a page with ``contents``, the tables of a tabular set, or one record."""
    text.skip("{")
    record: dict[str, Any] = {}
    named_here: set[str] = set()
    shown = False
    while text.peek() == '"':
        name = text.value()
        if name in named_here:
            raise Broken(f"{name[:80]!r} stands twice in one object")
        named_here.add(name)
        text.skip(":")
        stem = kind_of_stem().get(str(name).removesuffix(".csv")) if str(name).endswith(".csv") else None
        if name == "contents" and text.peek() == "[":
            shown = True
            yield from _list(streams.items(text), named, "/contents", report)
        elif stem is not None and text.peek() == "[":
            shown = True
            for number, one in enumerate(streams.items(text)):
                if isinstance(one, streams.Unheld):
                    report.refuse(fields.tables()[stem].stem, f"/{name}/{number}", "", str(one))
                else:
                    yield from rows_of(stem, _as_cells(stem, one), f"/{name}/{number}", report)
        else:
            record[name] = text.value()
        if text.peek() == ",":
            text.skip(",")
    text.skip("}")
    if not shown and "id" in record:
        yield from _one(record, named, "", report)
    elif not shown:
        report.warnings.append(f"{named}: there is no record in it")


def _as_cells(kind: str, given: Any) -> Any:
    """A row of a table that was written as JSON: a number in a place of text is text, as in a cell."""
    if not isinstance(given, dict):
        return given
    texts = {name for name, one in fields.tables()[kind].fields.items() if one.form != "number"}
    return {
        name: str(value) if name in texts and checks.is_number(value) else value
        for name, value in given.items()
    }


def rows_of_text(text: str, named: str, report: Report) -> Iterator[Row]:
    """The rows of a short JSON text, as if it were a file of this name."""
    yield from _objects(Path(f"{named}.json"), io.StringIO(text), report)
