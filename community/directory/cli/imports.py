"""The directory's commands for operators: results on standard output, progress on standard error."""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from itertools import count, islice
from pathlib import Path

import click
from flask.cli import AppGroup

from community.accounts.viewer import OPERATOR
from community.core.db import db, transaction
from community.core.jobs import enqueue_one
from community.core.planner import count_anew
from community.directory.cli import growing
from community.directory.hsds import mapping as mappings
from community.directory.hsds import reading
from community.directory.hsds.fields import tables
from community.directory.hsds.rows import Broken, Report, Row
from community.directory.hsds.shapes import rows_of
from community.directory.models import Document, DocumentTerm, FileValue, Link, Record, Stale
from community.directory.queries.dangling import Absent, Named, named_but_absent
from community.directory.services import bringing, documents
from community.directory.services.runs import Import

TOGETHER = 2_000  # rows of one transaction: what a killed run does again, and what a reply may wait for
# Seconds between two portions on SQLite, so that whoever waits to write has a turn.
BREATH = 0.05

WRITTEN = (Record, Link, Stale, FileValue, Document, DocumentTerm)  # tables that an import fills

directory_group = AppGroup("directory", help="The resource directory.")
Read = Callable[[Path, Report], Iterable[Row]]


class _Undone(Exception):
    """A dry run takes back what it did."""


@directory_group.command("import")
@click.argument("path", type=click.Path(exists=True, readable=True, path_type=Path))
@click.option("--dry-run", is_flag=True, help="Write nothing; report what would be done.")
@click.option("--draft", is_flag=True, help="Nobody but coordinators sees what is new.")
@click.option("--source", default="", help="What the source is called in the history; the name of the file.")
@click.option("--mapping", default="", help="JSON of another shape: the file (.toml) that explains it.")
@click.option("--json", "as_json", is_flag=True, help="Report as one JSON object.")
def import_records(path: Path, dry_run: bool, draft: bool, source: str, mapping: str, as_json: bool) -> None:
    """Bring in services from PATH.

    PATH is HSDS 3.0: JSON (a page, a list, one object, lines) or CSV tables (a folder, a zip archive, one
    file); or the tables of HSDS 1.1. A second run changes nothing; one that was stopped goes on when it is
    run again.
    """
    run = Import((source or path.stem)[:80], Report(), "draft" if draft else "public", dry=dry_run)
    named = Named()
    try:
        bring(_rows(path, mapping, run), run, named)
    except Broken as problem:
        run.report.warnings.append(f"Not read to its end: {problem}.")
    if not dry_run:
        write_all_up()
    _name_absent(run, named.absent() if dry_run else named_but_absent(run.source))
    _say(run.report, dry_run, as_json)
    if run.report.warnings:
        sys.exit(1)


def _rows(path: Path, mapping: str, run: Import) -> Iterator[Row]:
    if mapping:
        yield from mappings.rows(path, mappings.load(mapping), run.source, run.report)
    else:
        yield from reading.rows(path, run.report, run.source)


def _name_absent(run: Import, absent: Absent) -> None:
    """Report what the source names and does not hold; it was kept all the same."""
    for kind, named, number in absent:
        run.report.facts[(tables()[kind].stem, f"names what is not there ({named})")] += number


@directory_group.command("grow")
@click.argument("number", type=click.IntRange(1, 1_000_000))
@click.option("--output", type=click.Path(path_type=Path), help="Write them into this file instead.")
def grow(number: int, output: Path | None) -> None:
    """Add NUMBER services that visibly do not exist, to measure with.

    With --output they are written into a file for `directory import`, one a line, and nothing else changes.
    """
    if output is not None:
        with output.open("w", encoding="utf-8") as file:
            file.writelines(json.dumps(one, ensure_ascii=False) + "\n" for one in growing.services(number))
        return
    run = Import("grown", Report())
    nested = (
        rows_of("service", one, f"/{at}", run.report) for at, one in enumerate(growing.services(number))
    )
    bring((row for some in nested for row in some), run)
    write_all_up()
    _say(run.report, dry_run=False, as_json=False)


def bring(rows: Iterable[Row], run: Import, named: Named | None = None) -> None:
    """Keep rows, a portion to a transaction. :raises Broken: the file cannot be read on.

    :param named: is shown the rows of a dry run.
    """
    started, done, counted = time.monotonic(), 0, 0
    breath = BREATH if db.engine.dialect.name == "sqlite" else 0.0
    for portion in _portions(rows):
        if done and not run.dry:
            time.sleep(breath)
        if run.dry and named is not None:
            named.see(portion)
        _keep(portion, run)
        done += len(portion)
        if done > 2 * counted and not run.dry:
            counted = done
            count_anew(WRITTEN)
        speed = round(done / max(time.monotonic() - started, 0.001))
        click.echo(f"{done} rows read, {speed} a second", err=True)


def _portions(rows: Iterable[Row]) -> Iterator[list[Row]]:
    """Portions of rows; those before the place where a file breaks are given first."""
    waiting = iter(rows)
    while True:
        portion: list[Row] = []
        try:
            for row in islice(waiting, TOGETHER):
                portion.append(row)
        except Broken:
            if portion:
                yield portion
            raise
        if not portion:
            return
        yield portion


def _keep(portion: list[Row], run: Import) -> None:
    try:
        with transaction():
            bringing.bring(OPERATOR, portion, run)
            if run.dry:
                raise _Undone
    except _Undone:
        db.session.rollback()


def write_all_up() -> None:
    """Write up every document that is not up to date."""
    done = 0
    count_anew(WRITTEN)
    for turn in count(1):
        with transaction():
            seen = documents.write_up()
        if not seen:
            break
        done += seen
        if turn & (turn - 1) == 0:  # the first, second, fourth …: what is written grows from nothing
            count_anew(WRITTEN)
        click.echo(f"{done} records written up", err=True)
    if done:
        count_anew(WRITTEN)
        with transaction():  # once more when lists were made of them: after what was just announced
            enqueue_one("core.count_rows")


def _say(report: Report, dry_run: bool, as_json: bool) -> None:
    if as_json:
        click.echo(json.dumps(report.as_values(), ensure_ascii=False))
        return
    first = ["Nothing was written: this is what would be done."] if dry_run else []
    click.echo("\n".join([*first, *report.as_lines()]))
