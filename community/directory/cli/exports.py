"""``flask directory export``: the directory as files that others read."""

from __future__ import annotations

import csv
import io
import json
import sys
import zipfile
from collections.abc import Iterator
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from typing import IO, Any

import click

from community.accounts.viewer import OPERATOR
from community.core.spreadsheets import harmless
from community.core.store import settings
from community.directory.cli.imports import directory_group
from community.directory.hsds.conformance import Schemas
from community.directory.hsds.fields import tables
from community.directory.hsds.rows import Broken
from community.directory.hsds.tables import cell_of
from community.directory.queries import exporting

_NOT_RUN = "The conformance check was not run: HSDS_SCHEMAS names no folder of the official schemas."
_MOST_SHOWN = 20


class _Check:
    """Looks at each object before it is written, where the official schemas are at hand."""

    def __init__(self) -> None:
        folder = settings().hsds_schemas
        self._schemas = Schemas(Path(folder)) if folder else None
        self._seen = self._wrong = 0

    def look(self, kind: str, given: dict[str, Any]) -> None:
        """Look at one object; what is wrong goes to standard error."""
        if self._schemas is None:
            return
        self._seen += 1
        for problem in self._schemas.problems(kind, given):
            self._wrong += 1
            if self._wrong <= _MOST_SHOWN:
                click.echo(f"{kind} {given.get('id')}: {problem}", err=True)

    def end(self) -> None:
        """Say how it went; the command fails when something was wrong."""
        said = f"{self._seen} objects checked against the official schemas, {self._wrong} faults."
        click.echo(_NOT_RUN if self._schemas is None else said, err=True)
        if self._wrong:
            sys.exit(1)


@directory_group.command("export")
@click.option("--format", "shape", type=click.Choice(["json", "ndjson", "csv", "zip"]), default="json")
@click.option("--kind", type=click.Choice(sorted(tables())), default="service", help="Of json and ndjson.")
@click.option("--output", type=click.Path(path_type=Path), help="A file; a folder for csv. Standard output.")
@click.option("--everything", is_flag=True, help="Also what is withheld or not public: for keepers only.")
def export_records(shape: str, kind: str, output: Path | None, everything: bool) -> None:
    """Write the directory as HSDS 3.0.

    json and ndjson hold one kind of object with what is nested in it; csv and zip hold every table. What is
    withheld is not in them unless --everything is given.
    """
    try:
        check = _Check()
        if shape in {"json", "ndjson"}:
            with _opened(output) as file:
                _write_nested(file, kind, check, lines=shape == "ndjson", everything=everything)
        elif output is None:
            raise Broken(f"--format {shape} needs --output")
        else:
            _write_tables(output, check, packed=shape == "zip", everything=everything)
    except Broken as problem:
        click.echo(str(problem), err=True)
        sys.exit(2)
    check.end()


def _opened(output: Path | None) -> AbstractContextManager[IO[str]]:
    return output.open("w", encoding="utf-8") if output else nullcontext(sys.stdout)


def _write_nested(file: IO[str], kind: str, check: _Check, *, lines: bool, everything: bool) -> None:
    """One object a line, or a page that holds them all."""
    written = 0
    if not lines:
        file.write('{"contents": [')
    for one in exporting.nested(OPERATOR, kind, everything=everything):
        check.look(kind, one)
        file.write(("" if lines or not written else ",\n") + json.dumps(one, ensure_ascii=False))
        file.write("\n" if lines else "")
        written += 1
    if not lines:
        pages = {"total_items": written, "total_pages": 1, "page_number": 1, "size": written}
        ends = {"first_page": True, "last_page": True, "empty": not written}
        file.write(f"], {json.dumps({**pages, **ends})[1:]}\n")
    file.flush()
    click.echo(f"{written} written", err=True)


def _write_tables(output: Path, check: _Check, *, packed: bool, everything: bool) -> None:
    if packed:
        with zipfile.ZipFile(output, "w", zipfile.ZIP_DEFLATED) as archive:
            for kind, stem in _stems():
                with (
                    archive.open(f"{stem}.csv", "w") as raw,
                    io.TextIOWrapper(raw, "utf-8", newline="") as file,
                ):
                    _write_table(file, kind, check, everything=everything)
        return
    output.mkdir(parents=True, exist_ok=True)
    for kind, stem in _stems():
        with (output / f"{stem}.csv").open("w", encoding="utf-8", newline="") as file:
            _write_table(file, kind, check, everything=everything)


def _stems() -> Iterator[tuple[str, str]]:
    for kind, table in tables().items():
        yield kind, table.stem


def _write_table(file: IO[str], kind: str, check: _Check, *, everything: bool) -> None:
    columns = exporting.columns(kind)
    lines = csv.writer(file, lineterminator="\r\n")
    lines.writerow([harmless(name) for name in columns])
    for row in exporting.table(OPERATOR, kind, everything=everything):
        check.look(kind, row)
        lines.writerow([cell_of(kind, name, row.get(name)) for name in columns])
