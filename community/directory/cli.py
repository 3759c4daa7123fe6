"""The directory's commands for operators: results on standard output, progress on standard error."""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from pathlib import Path

import click
from flask.cli import AppGroup

from community.accounts.viewer import OPERATOR
from community.core.db import db, transaction
from community.directory.hsds import reading
from community.directory.hsds.rows import Broken, Report, Row
from community.directory.services import documents, records
from community.directory.services.runs import Import

TOGETHER = 2_000  # rows of one transaction: what a killed run does again, and what a reply may wait for
BREATH = 0.05  # seconds between two portions, so that whoever waits to write has a turn

directory_group = AppGroup("directory", help="The resource directory.")
Read = Callable[[Path, Report], Iterable[Row]]


class _Undone(Exception):
    """A dry run takes back what it did."""


@directory_group.command("import")
@click.argument("path", type=click.Path(exists=True, readable=True, path_type=Path))
@click.option("--dry-run", is_flag=True, help="Write nothing; report what would be done.")
@click.option("--draft", is_flag=True, help="Nobody but coordinators sees what is new.")
@click.option("--source", default="", help="What the source is called in the history; the name of the file.")
@click.option("--json", "as_json", is_flag=True, help="Report as one JSON object.")
def import_records(path: Path, dry_run: bool, draft: bool, source: str, as_json: bool) -> None:
    """Bring in services from PATH.

    PATH is HSDS 3.0: JSON (a page, a list, one object, lines) or CSV tables (a folder, a zip archive, one
    file). A second run changes nothing; one that was stopped goes on when it is run again.
    """
    run = Import((source or path.stem)[:80], Report(), "draft" if draft else "public")
    try:
        bring(reading.rows(path, run.report), run, dry_run=dry_run)
    except Broken as problem:
        run.report.warnings.append(f"Not read to its end: {problem}.")
    if not dry_run:
        write_all_up()
    _say(run.report, dry_run, as_json)
    if run.report.warnings:
        sys.exit(1)


def bring(rows: Iterable[Row], run: Import, *, dry_run: bool) -> None:
    """Keep rows, a portion to a transaction. :raises Broken: the file cannot be read on."""
    started, done = time.monotonic(), 0
    for portion in _portions(rows):
        if done and not dry_run:
            time.sleep(BREATH)
        _keep(portion, run, dry_run=dry_run)
        done += len(portion)
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


def _keep(portion: list[Row], run: Import, *, dry_run: bool) -> None:
    try:
        with transaction():
            records.keep(OPERATOR, portion, run)
            if dry_run:
                raise _Undone
    except _Undone:
        db.session.rollback()


def write_all_up() -> None:
    """Write up every document that is not up to date."""
    done = 0
    while True:
        with transaction():
            seen = documents.write_up()
        if not seen:
            return
        done += seen
        click.echo(f"{done} records written up", err=True)


def _say(report: Report, dry_run: bool, as_json: bool) -> None:
    if as_json:
        click.echo(json.dumps(report.as_values(), ensure_ascii=False))
        return
    first = ["Nothing was written: this is what would be done."] if dry_run else []
    click.echo("\n".join([*first, *report.as_lines()]))
